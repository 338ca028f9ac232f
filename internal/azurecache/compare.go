package azurecache

import (
	"maps"
	"slices"
	"strings"
)

const (
	basic, standard, premium = "Basic", "Standard", "Premium"
	enabled, disabled        = "Enabled", "Disabled"
	sas                      = "SAS"
)

// Unchangeable lists the ARM paths of what differs and no update can change:
// location, properties.subnetId, properties.staticIP, zones, the number of
// databases where ARM says it, and properties.sku where the way is closed.
func Unchangeable(prior Observed, desired Desired) []string {
	var paths []string
	if desired.Location != "" && ShortLocation(desired.Location) != prior.Location {
		paths = append(paths, "location")
	}
	if prior.SKU != nil && desired.SKU != nil {
		if _, err := ScalePath(*prior.SKU, *desired.SKU); err != nil {
			paths = append(paths, "properties.sku")
		}
	}
	if desired.SubnetID != nil && !sameText(desired.SubnetID, prior.SubnetID, "") {
		paths = append(paths, "properties.subnetId")
	}
	if desired.StaticIP != nil && !sameText(desired.StaticIP, prior.StaticIP, "") {
		paths = append(paths, "properties.staticIP")
	}
	if desired.Zones != nil && !slices.Equal(slices.Sorted(slices.Values(desired.Zones)), prior.Zones) {
		paths = append(paths, "zones")
	}
	if desired.Databases != nil && prior.Databases != nil && *desired.Databases != *prior.Databases {
		paths = append(paths, inConfiguration+"databases")
	}
	return paths
}

// settingPaths lists the ARM paths of the settings in want that differ. Where
// ARM says nothing, its documented default stands.
func settingPaths(have, want Settings) []string {
	var paths []string
	check := func(same bool, path string) {
		if !same {
			paths = append(paths, path)
		}
	}
	check(want.Identity == nil || have.Identity != nil && sameIdentity(*have.Identity, *want.Identity), "identity")
	check(want.SKU == nil || have.SKU != nil && sameSKU(*have.SKU, *want.SKU), "properties.sku")
	check(same(have.ShardCount, want.ShardCount, 0), "properties.shardCount")
	check(same(have.ReplicasPerPrimary, want.ReplicasPerPrimary, 1), "properties.replicasPerPrimary")
	check(want.RedisVersion == nil || have.RedisVersion != nil && sameVersion(*have.RedisVersion, *want.RedisVersion),
		"properties.redisVersion")
	check(same(have.EnableNonSSLPort, want.EnableNonSSLPort, false), "properties.enableNonSslPort")
	check(sameText(want.MinimumTLSVersion, have.MinimumTLSVersion, ""), "properties.minimumTlsVersion")
	check(sameText(want.PublicNetworkAccess, have.PublicNetworkAccess, enabled), "properties.publicNetworkAccess")
	check(same(have.DisableAccessKeyAuthentication, want.DisableAccessKeyAuthentication, false), "properties.disableAccessKeyAuthentication")
	check(sameText(want.UpdateChannel, have.UpdateChannel, "Stable"), "properties.updateChannel")
	check(sameText(want.ZonalAllocationPolicy, have.ZonalAllocationPolicy, ""), "properties.zonalAllocationPolicy")
	check(want.Tags == nil || maps.Equal(have.Tags, want.Tags), "tags")
	check(want.TenantSettings == nil || maps.Equal(have.TenantSettings, want.TenantSettings), "properties.tenantSettings")

	const at = "properties.redisConfiguration."
	check(same(have.AADEnabled, want.AADEnabled, false), at+"aad-enabled")
	check(same(have.AuthNotRequired, want.AuthNotRequired, false), at+"authnotrequired")
	check(sameKnown(have.MaxmemoryReserved, want.MaxmemoryReserved), at+"maxmemory-reserved")
	check(sameKnown(have.MaxmemoryDelta, want.MaxmemoryDelta), at+"maxmemory-delta")
	check(sameKnown(have.MaxfragmentationmemoryReserved, want.MaxfragmentationmemoryReserved), at+"maxfragmentationmemory-reserved")
	check(sameText(want.MaxmemoryPolicy, have.MaxmemoryPolicy, "volatile-lru"), at+"maxmemory-policy")
	check(same(have.NotifyKeyspaceEvents, want.NotifyKeyspaceEvents, ""), at+"notify-keyspace-events")
	check(same(have.RDBBackupEnabled, want.RDBBackupEnabled, false), at+"rdb-backup-enabled")
	check(same(have.AOFBackupEnabled, want.AOFBackupEnabled, false), at+"aof-backup-enabled")
	// While nothing is persisted ARM may keep silent about how it would be.
	rdb, aof := isTrue(want.RDBBackupEnabled), isTrue(want.AOFBackupEnabled)
	if rdb {
		check(sameKnown(have.RDBBackupFrequency, want.RDBBackupFrequency), at+"rdb-backup-frequency")
		check(same(have.RDBBackupMaxSnapshotCount, want.RDBBackupMaxSnapshotCount, 1), at+"rdb-backup-max-snapshot-count")
	}
	if rdb || aof || have.PersistenceAuthMethod != nil {
		check(sameText(want.PersistenceAuthMethod, have.PersistenceAuthMethod, sas), at+"preferred-data-persistence-auth-method")
	}
	if rdb || aof {
		check(sameText(want.StorageSubscriptionID, have.StorageSubscriptionID, ""), at+"storage-subscription-id")
	}
	return paths
}

// same: nil is not wished, or what ARM does not say.
func same[T comparable](have, want *T, fallback T) bool {
	if want == nil {
		return true
	}
	if have == nil {
		return *want == fallback
	}
	return *have == *want
}

func sameKnown[T comparable](have, want *T) bool { return want == nil || have != nil && *have == *want }

func sameText(want, have *string, fallback string) bool {
	if want == nil {
		return true
	}
	if have == nil {
		return strings.EqualFold(*want, fallback)
	}
	return strings.EqualFold(*want, *have)
}

func sameSKU(a, b SKU) bool { return strings.EqualFold(a.Name, b.Name) && a.Capacity == b.Capacity }

// sameVersion: "6" is any 6.x, and "latest" whatever there is.
func sameVersion(have, want string) bool {
	return have == want || strings.HasPrefix(have, want+".") || strings.EqualFold(want, "latest")
}

func sameIdentity(a, b Identity) bool {
	return a.SystemAssigned == b.SystemAssigned && slices.Equal(lowered(a.UserAssigned), lowered(b.UserAssigned))
}

// lowered compares ids and names as ARM does: without case and order.
func lowered(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, strings.ToLower(s))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func isTrue(v *bool) bool { return v != nil && *v }

func isZero(v *int) bool { return v != nil && *v == 0 }
