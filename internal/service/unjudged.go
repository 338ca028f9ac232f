package service

import "strings"

// redisEnterprise is the ARM type of Azure Managed Redis and of the Enterprise
// tiers of Azure Cache for Redis.
const redisEnterprise = "Microsoft.Cache/redisEnterprise"

// UnjudgedTypes are the ARM types of Redis that no document covers.
var UnjudgedTypes = []string{redisEnterprise, redisEnterprise + "/databases"}

// UnjudgedAzurerm are the resource types of azurerm that make them, with the ARM
// type of what each makes.
var UnjudgedAzurerm = map[string]string{
	"azurerm_managed_redis":             redisEnterprise,
	"azurerm_redis_enterprise_cluster":  redisEnterprise,
	"azurerm_redis_enterprise_database": redisEnterprise + "/databases",
}

// Unjudged returns an ARM type of Redis that no document covers, without its
// api-version and in its canonical spelling, and whether it is one.
func Unjudged(armType string) (string, bool) {
	name, _, _ := strings.Cut(armType, "@")
	for _, t := range UnjudgedTypes {
		if strings.EqualFold(name, t) {
			return t, true
		}
	}
	return "", false
}
