package conformance

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

var advisoryTable = []situation{
	{name: "entra_off", facts: facts{Entra: false, AccessKeys: true}, rule: "advisory/entra-authentication", want: no(entra)},
	{name: "entra_on", facts: facts{Entra: true}, rule: "advisory/entra-authentication", want: yes(entra)},
	{name: "entra_later", facts: facts{Entra: later}, rule: "advisory/entra-authentication", want: afterApply(entra)},

	{name: "keys_on", facts: facts{AccessKeys: true}, rule: "advisory/access-keys-disabled", want: no(accessKeys)},
	{name: "keys_off", facts: facts{AccessKeys: false}, rule: "advisory/access-keys-disabled", want: yes(accessKeys)},
	{
		name: "keys_unset", facts: facts{},
		rule: "advisory/access-keys-disabled", want: no(accessKeys), but: map[door]verdict{own: yes(accessKeys)},
	},

	{
		name: "grant_owner", facts: facts{Entra: true, Grants: []grant{{"Data Owner", ""}}},
		rule: "advisory/least-privilege-access-policy", want: no(onGrant),
	},
	{
		name: "grant_reader", facts: facts{Entra: true, Grants: []grant{{"Data Reader", ""}}},
		rule: "advisory/least-privilege-access-policy", want: yes(onGrant),
	},
	{
		name: "grant_custom_of_all", facts: facts{Entra: true, Grants: []grant{{"ours", "+@all ~*"}}},
		rule: "advisory/least-privilege-access-policy", want: no(onGrant),
		but: map[door]verdict{functions: unseen(onGrant)},
	},
	{
		name: "grant_custom_of_some", facts: facts{Entra: true, Grants: []grant{{"ours", "+@read ~app:*"}}},
		rule: "advisory/least-privilege-access-policy", want: yes(onGrant),
		but: map[door]verdict{functions: unseen(onGrant)},
	},

	{
		name: "firewall_none", facts: facts{PublicAccess: true},
		rule: "advisory/firewall-rules", want: no(onFirewall), but: map[door]verdict{functions: unseen(onFirewall)},
	},
	{
		name: "firewall_wide", facts: facts{PublicAccess: true, Firewall: []firewallRule{{"203.0.113.0", "203.0.113.15"}}},
		rule: "advisory/firewall-rules", want: no(onFirewall),
	},
	{
		name: "firewall_azure", facts: facts{PublicAccess: true, Firewall: []firewallRule{{"0.0.0.0", "0.0.0.0"}}},
		rule: "advisory/firewall-rules", want: no(onFirewall),
	},
	{
		name: "firewall_narrow", facts: facts{PublicAccess: true, Firewall: []firewallRule{{"203.0.113.7", "203.0.113.7"}}},
		rule: "advisory/firewall-rules", want: yes(onFirewall),
	},
	{
		name: "firewall_private_ranges", facts: facts{PublicAccess: true, Firewall: []firewallRule{{"10.0.0.0", "10.255.255.255"}}},
		rule: "advisory/firewall-rules",
		want: yes(onFirewall),
	},
	{
		name: "firewall_without_public_access", facts: facts{PublicAccess: false, Firewall: []firewallRule{{"0.0.0.0", "255.255.255.255"}}},
		rule: "advisory/firewall-rules", want: yes(publicAccess),
	},

	{
		name: "dns_zone", facts: facts{Endpoints: []endpoint{{Zone: "privatelink.redis.cache.windows.net"}}},
		rule: "advisory/private-dns-zone", want: yes(onZoneGroup), but: zoneUnseen,
	},
	{
		name: "dns_zone_missing", facts: facts{Endpoints: []endpoint{{}}},
		rule: "advisory/private-dns-zone", want: no(onZoneGroup), but: zoneUnseen,
	},
	{
		name: "dns_zone_of_other_cloud", facts: facts{Endpoints: []endpoint{{Zone: "privatelink.redis.cache.chinacloudapi.cn"}}},
		rule: "advisory/private-dns-zone", want: no(onZoneGroup), but: zoneUnseen,
	},

	{
		name: "dns_zone_unlinked", facts: facts{Endpoints: []endpoint{{Zone: "privatelink.redis.cache.windows.net", ZoneInPlan: true}}},
		rule: "advisory/private-dns-zone", want: no(onZoneLink), but: zoneLater,
	},
	{
		name:  "dns_zone_linked",
		facts: facts{Endpoints: []endpoint{{Zone: "privatelink.redis.cache.windows.net", ZoneInPlan: true, ZoneLinked: true}}},
		rule:  "advisory/private-dns-zone", want: yes(onZoneGroup), but: zoneLater,
	},

	{name: "unreachable", facts: facts{PublicAccess: false}, rule: "advisory/unreachable", want: no(onEndpoint), but: linkNotPassed},
	{
		name: "reachable_by_endpoint", facts: facts{PublicAccess: false, Endpoints: []endpoint{{}}},
		rule: "advisory/unreachable", want: yes(onEndpoint),
	},

	{
		name: "needs_network", facts: facts{Authentication: false},
		rule: "advisory/authentication-needs-vnet", want: no(authentication), but: ownRefuses,
	},
	{
		name: "has_network", facts: facts{Size: premium, Authentication: false, Subnet: &subnet{Elsewhere: true}},
		rule: "advisory/authentication-needs-vnet", want: yes(inSubnet),
	},

	{name: "disk_c1", facts: facts{Size: "Standard C1"}, rule: "advisory/disk-encryption-tier", want: no(capacity)},
	{name: "disk_c2", facts: facts{Size: "Standard C2"}, rule: "advisory/disk-encryption-tier", want: yes(capacity)},

	{
		name: "storage_by_key", facts: facts{Size: premium, RDB: true, StorageAuth: "SAS"},
		rule: "advisory/persistence-identity", want: no(rdb),
	},
	{
		name: "storage_by_default", facts: facts{Size: premium, AOF: true},
		rule: "advisory/persistence-identity", want: no(aof), but: map[door]verdict{own: yes(aof)},
	},
	{
		name: "storage_by_identity", facts: facts{Size: premium, RDB: true, StorageAuth: "ManagedIdentity"},
		rule: "advisory/persistence-identity", want: yes(rdb),
	},

	{name: "tier_basic", facts: facts{Size: "Basic C1"}, rule: "advisory/tier", want: no(tier)},
	{name: "tier_c0", facts: facts{Size: "Standard C0"}, rule: "advisory/tier", want: no(capacity)},
	{name: "tier_standard", facts: facts{}, rule: "advisory/tier", want: yes(tier)},

	{name: "zones_one", facts: facts{Size: premium, Zones: []string{"1"}}, rule: "advisory/zone-redundancy", want: no(zones)},
	{name: "zones_two", facts: facts{Size: premium, Zones: []string{"1", "2"}}, rule: "advisory/zone-redundancy", want: yes(zones)},
	{name: "zones_refused", facts: facts{Size: premium, Allocation: "NoZones"}, rule: "advisory/zone-redundancy", want: no(allocation)},
	{name: "zones_of_basic", facts: facts{Size: "Basic C1"}, rule: "advisory/zone-redundancy", want: no(tier)},

	{name: "memory_low", facts: facts{Reserved: 50}, rule: "advisory/maxmemory-reserved", want: no(reservation)},
	{name: "memory_enough", facts: facts{Reserved: 200, Fragmentation: 200}, rule: "advisory/maxmemory-reserved", want: yes(reservation)},
	{name: "memory_of_basic", facts: facts{Size: "Basic C1"}, rule: "advisory/maxmemory-reserved", want: na(tier)},

	{name: "version_old", facts: facts{Version: "4"}, rule: "advisory/redis-version", want: no(redisVersion), but: ownRefuses},
	{name: "version_new", facts: facts{Version: "6"}, rule: "advisory/redis-version", want: yes(redisVersion)},
	{
		name: "version_unset", facts: facts{}, rule: "advisory/redis-version", want: yes(redisVersion),
		but: map[door]verdict{azurerm3: afterApply(redisVersion), functions3: afterApply(redisVersion)}, // computed in azurerm 3
	},
	{name: "version_later", facts: facts{Version: later}, rule: "advisory/redis-version", want: afterApply(redisVersion)},

	{name: "window", facts: facts{Window: "Sunday"}, rule: "advisory/patch-schedule", want: yes(window)},
	{name: "window_none", facts: facts{}, rule: "advisory/patch-schedule", want: no(window)},

	{name: "channel_preview", facts: facts{Channel: "Preview"}, rule: "advisory/update-channel", want: no(channel)},
	{name: "channel_stable", facts: facts{Channel: "Stable"}, rule: "advisory/update-channel", want: yes(channel)},
	{name: "channel_unset", facts: facts{}, rule: "advisory/update-channel", want: yes(channel)},
	{name: "channel_later", facts: facts{Channel: later}, rule: "advisory/update-channel", want: afterApply(channel)},

	{name: "key_in_secret", facts: facts{KeyConsumer: keyVaultSecret}, rule: "advisory/keys-in-state", want: no(keyConsumer)},
	{
		name: "key_in_branch_not_taken", facts: facts{KeyConsumer: untakenBranch}, rule: "advisory/keys-in-state", want: yes(""),
		but: branchUnseen,
	},
	{
		name: "key_in_secret_of_count_0", facts: facts{KeyConsumer: secretCountZero}, rule: "advisory/keys-in-state", want: yes(""),
		but: readerUnseen,
	},
	{name: "key_in_output_of_whole_cache", facts: facts{KeyConsumer: cacheOutput}, rule: "advisory/keys-in-state", want: no(keyConsumer)},
	{
		name: "key_in_output_that_is_null", facts: facts{KeyConsumer: nullOutput}, rule: "advisory/keys-in-state", want: yes(""),
		but: readerUnseen,
	},

	{
		name: "persisted", facts: facts{Size: premium, RDB: true, StorageAuth: "ManagedIdentity"},
		rule: "advisory/persistence", want: yes(rdb),
	},
	{
		name: "persisted_by_aof", facts: facts{Size: premium, AOF: true, StorageAuth: "ManagedIdentity"},
		rule: "advisory/persistence", want: yes(aof),
	},
	{name: "persisted_off", facts: facts{Size: premium, RDB: false, AOF: false}, rule: "advisory/persistence", want: no(rdb)},
	{name: "persisted_not", facts: facts{Size: premium}, rule: "advisory/persistence", want: no(rdb), but: unsetBlock(rdb)},
	{name: "persisted_on_standard", facts: facts{}, rule: "advisory/persistence", want: na(tier)},

	{name: "retirement", facts: facts{}, rule: "advisory/retirement", want: no(tier)},
}

// zoneUnseen: ARM shows the connections of a cache, and not the zone groups of their
// endpoints.
var zoneUnseen = map[door]verdict{arm: cannot("a connection does not show zones")}

// zoneLater: the plan creates the zone. A function is passed only its id, which is known
// after apply. redisbaseline_cache has the endpoint in an attribute, and plan JSON lists
// the references of an attribute without their place in it.
var zoneLater = map[door]verdict{arm: zoneUnseen[arm], functions: afterApply(onZoneGroup), own: afterApply(onZoneGroup)}

// branchUnseen: plan JSON lists the references of a conditional without its condition.
var branchUnseen = map[door]verdict{
	azurerm3: unknown(posture.ReasonUnresolvedReference, ""), azurerm4: unknown(posture.ReasonUnresolvedReference, ""),
	azurerm5: unknown(posture.ReasonUnresolvedReference, ""),
}

// readerUnseen: plan JSON can show that a key is read, and not that none is; the
// configuration shows both.
var readerUnseen = map[door]verdict{azurerm3: unseen(""), azurerm4: unseen(""), azurerm5: unseen("")}

// unsetBlock is [jsonAlone] where redisbaseline_cache has a default of its own.
func unsetBlock(fact string) map[door]verdict {
	out := jsonAlone(fact, nil)
	delete(out, own)
	return out
}
