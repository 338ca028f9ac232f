package azurecache

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// configurationKeys are the keys of redisConfiguration that may be sent. ARM
// takes any key without a word, so that a misspelt one would be lost in silence.
var configurationKeys = []string{
	"aad-enabled", "authnotrequired",
	"maxmemory-reserved", "maxmemory-delta", "maxfragmentationmemory-reserved",
	"maxmemory-policy", "notify-keyspace-events",
	"rdb-backup-enabled", "rdb-backup-frequency", "rdb-backup-max-snapshot-count", "rdb-storage-connection-string",
	"aof-backup-enabled", "aof-storage-connection-string-0", "aof-storage-connection-string-1",
	"preferred-data-persistence-auth-method", "storage-subscription-id", "databases",
}

// createBody is the body of the PUT: all that is wished, but what the tier has
// not. Nothing that ARM gave is ever in it.
func createBody(d Desired) object {
	body := patchBody(atTier(d.Settings, d.tier()), d.Secrets)
	properties := body["properties"].(object) //nolint:forcetypeassert // patchBody made it
	body["location"] = d.Location
	if len(d.Zones) > 0 {
		body["zones"] = d.Zones
	}
	for name, value := range map[string]*string{"subnetId": d.SubnetID, "staticIP": d.StaticIP} {
		if value != nil && *value != "" {
			properties[name] = *value
		}
	}
	return body
}

// atFirst is what is wished of a new cache. With firewall rules it begins without
// public network access, because the rules come after it. In a virtual network
// the access has no effect.
func (d Desired) atFirst() Desired {
	if d.opens() && len(d.FirewallRules) > 0 && (d.SubnetID == nil || *d.SubnetID == "") {
		begin := disabled
		d.PublicNetworkAccess = &begin
	}
	return d
}

func (d Desired) tier() string {
	if d.SKU == nil {
		return ""
	}
	return d.SKU.Name
}

// atTier leaves out what a tier does not have and what says no more than that.
// What the tier does not have and is wished all the same stays: ARM refuses it.
func atTier(s Settings, tier string) Settings {
	if tier != premium {
		if isZero(s.ShardCount) {
			s.ShardCount = nil
		}
		if s.ReplicasPerPrimary != nil && *s.ReplicasPerPrimary <= 1 {
			s.ReplicasPerPrimary = nil
		}
		if !isTrue(s.RDBBackupEnabled) && !isTrue(s.AOFBackupEnabled) {
			s.Configuration = withoutPersistence(s.Configuration)
		}
	}
	if tier == basic {
		s.MaxmemoryReserved, s.MaxmemoryDelta, s.MaxfragmentationmemoryReserved = nil, nil, nil
	}
	if !isTrue(s.AuthNotRequired) && (s.SubnetID == nil || *s.SubnetID == "") {
		s.AuthNotRequired = nil // it exists inside a virtual network only
	}
	return s
}

func withoutPersistence(c Configuration) Configuration {
	c.RDBBackupEnabled, c.RDBBackupFrequency, c.RDBBackupMaxSnapshotCount = nil, nil, nil
	c.AOFBackupEnabled, c.PersistenceAuthMethod, c.StorageSubscriptionID = nil, nil, nil
	return c
}

// patchBody is what an update may carry of the settings that are set.
func patchBody(s Settings, secrets Secrets) object {
	body, properties := object{}, object{}
	if s.SKU != nil {
		properties["sku"] = object{"name": s.SKU.Name, "family": s.SKU.Family(), "capacity": s.SKU.Capacity}
	}
	put(properties, "shardCount", s.ShardCount)
	put(properties, "replicasPerPrimary", s.ReplicasPerPrimary)
	put(properties, "redisVersion", s.RedisVersion)
	put(properties, "enableNonSslPort", s.EnableNonSSLPort)
	put(properties, "minimumTlsVersion", s.MinimumTLSVersion)
	put(properties, "publicNetworkAccess", s.PublicNetworkAccess)
	put(properties, "disableAccessKeyAuthentication", s.DisableAccessKeyAuthentication)
	put(properties, "updateChannel", s.UpdateChannel)
	put(properties, "zonalAllocationPolicy", s.ZonalAllocationPolicy)
	if s.TenantSettings != nil {
		properties["tenantSettings"] = s.TenantSettings
	}
	if c := configuration(s.Configuration, secrets); len(c) > 0 {
		properties["redisConfiguration"] = c
	}
	if s.Identity != nil {
		body["identity"] = identityBody(*s.Identity)
	}
	if s.Tags != nil {
		body["tags"] = s.Tags
	}
	body["properties"] = properties
	return body
}

func put[T any](m object, name string, value *T) {
	if value != nil {
		m[name] = *value
	}
}

// configuration writes every value as text: ARM takes nothing else there.
func configuration(c Configuration, secrets Secrets) map[string]string {
	m := map[string]string{}
	flag := func(name string, v *bool) {
		if v != nil {
			m[name] = strconv.FormatBool(*v)
		}
	}
	number := func(name string, v *int) {
		if v != nil {
			m[name] = strconv.Itoa(*v)
		}
	}
	text := func(name string, v *string) {
		if v != nil {
			m[name] = *v
		}
	}
	secret := func(name string, v Secret) {
		if v != "" {
			m[name] = string(v)
		}
	}
	flag("aad-enabled", c.AADEnabled)
	flag("authnotrequired", c.AuthNotRequired)
	number("maxmemory-reserved", c.MaxmemoryReserved)
	number("maxmemory-delta", c.MaxmemoryDelta)
	number("maxfragmentationmemory-reserved", c.MaxfragmentationmemoryReserved)
	text("maxmemory-policy", c.MaxmemoryPolicy)
	text("notify-keyspace-events", c.NotifyKeyspaceEvents)
	flag("rdb-backup-enabled", c.RDBBackupEnabled)
	number("rdb-backup-frequency", c.RDBBackupFrequency)
	number("rdb-backup-max-snapshot-count", c.RDBBackupMaxSnapshotCount)
	flag("aof-backup-enabled", c.AOFBackupEnabled)
	text("preferred-data-persistence-auth-method", c.PersistenceAuthMethod)
	text("storage-subscription-id", c.StorageSubscriptionID)
	number("databases", c.Databases)
	secret("rdb-storage-connection-string", secrets.RDBStorageConnectionString)
	secret("aof-storage-connection-string-0", secrets.AOFStorageConnectionString0)
	secret("aof-storage-connection-string-1", secrets.AOFStorageConnectionString1)
	for name := range m {
		if !slices.Contains(configurationKeys, name) {
			panic(fmt.Sprintf("redisConfiguration has no key %s to write", name))
		}
	}
	return m
}

func identityBody(i Identity) object {
	var kinds []string
	if i.SystemAssigned {
		kinds = append(kinds, "SystemAssigned")
	}
	if len(i.UserAssigned) > 0 {
		kinds = append(kinds, "UserAssigned")
	}
	if len(kinds) == 0 {
		return object{"type": "None"}
	}
	body := object{"type": strings.Join(kinds, ", ")}
	if len(i.UserAssigned) > 0 {
		users := object{}
		for _, id := range i.UserAssigned {
			users[id] = object{}
		}
		body["userAssignedIdentities"] = users
	}
	return body
}
