package posture

import "strings"

// Unjudged is a Redis resource that a source has seen and that is not judged:
// no document covers its type, or what it sets cannot be seen.
type Unjudged struct {
	Address string // Terraform address, or ARM id
	Type    string // ARM resource type
	// Why says in a few words why it is not judged; empty where no document
	// covers its type.
	Why string
}

// typeRedisEnterprise is the ARM resource type of Azure Managed Redis and of
// the Enterprise tiers of Azure Cache for Redis.
const typeRedisEnterprise = "Microsoft.Cache/redisEnterprise"

// UnjudgedType returns the ARM type of a Redis resource that is not judged,
// without its api-version and in its canonical spelling, and whether it is one.
func UnjudgedType(armType string) (string, bool) {
	name, _, _ := strings.Cut(armType, "@")
	for _, t := range []string{typeRedisEnterprise, typeRedisEnterprise + "/databases"} {
		if strings.EqualFold(name, t) {
			return t, true
		}
	}
	return "", false
}

// Note is the remark of a report about the resource.
func (u Unjudged) Note() string {
	if u.Why != "" {
		return u.Address + " (" + u.Type + ") is not judged: " + u.Why
	}
	return u.Address + " (" + u.Type + ") is not judged: no document here covers Azure Managed Redis and the Enterprise tiers"
}
