package azurecache

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

const (
	inProperties    = "properties."
	inConfiguration = inProperties + "redisConfiguration."
)

// setting is one property of the cache: its path in ARM, the step that changes it,
// and how it is sent, read and compared.
type setting struct {
	path string
	step string // name of the step; empty where a step is made for this setting alone
	// value is the value in the body of a request; nil where the desired state has none.
	value func(Settings, Secrets) any
	// observe decodes the value of an answer; nil where another function reads it,
	// or ARM never returns it.
	observe func(*Settings, json.RawMessage)
	// same compares the observed with the desired settings; nil where ARM never gives
	// the value back.
	same func(have, want Settings) bool
	// when reports whether same counts; nil means always.
	when func(have, want Settings) bool
	// fixed settings are sent with the creation and can never be changed.
	fixed bool
}

// settings are all settings, in the order in which a step names them.
var settings = []setting{
	property("identity", "", func(s *Settings) **Identity { return &s.Identity }, sameIdentity),
	property("properties.sku", "", func(s *Settings) **SKU { return &s.SKU }, sameSKU),
	texts("tags", "", func(s *Settings) *map[string]string { return &s.Tags }),
	property("properties.subnetId", "", func(s *Settings) **string { return &s.SubnetID }, text("")).unchangeable(),
	property("properties.staticIP", "", func(s *Settings) **string { return &s.StaticIP }, text("")).unchangeable(),
	{path: "zones", fixed: true, value: func(s Settings, _ Secrets) any {
		if len(s.Zones) == 0 {
			return nil
		}
		return s.Zones
	}, same: func(have, want Settings) bool {
		return want.Zones == nil || slices.Equal(slices.Sorted(slices.Values(want.Zones)), have.Zones)
	}},
	property(inConfiguration+"databases", "", func(s *Settings) **int { return &s.Databases }, whereStated[int]).unchangeable(),

	property("properties.shardCount", stepShards, func(s *Settings) **int { return &s.ShardCount }, exact(0)),
	property("properties.replicasPerPrimary", stepReplicas, func(s *Settings) **int { return &s.ReplicasPerPrimary }, exact(1)),
	property(inConfiguration+"maxmemory-reserved", stepReservations, func(s *Settings) **int { return &s.MaxmemoryReserved }, stated[int]),
	property(inConfiguration+"maxmemory-delta", stepReservations, func(s *Settings) **int { return &s.MaxmemoryDelta }, stated[int]),
	property(inConfiguration+"maxfragmentationmemory-reserved", stepReservations,
		func(s *Settings) **int { return &s.MaxfragmentationmemoryReserved }, stated[int]),
	property("properties.redisVersion", stepVersion, func(s *Settings) **string { return &s.RedisVersion }, sameVersion),
	property(inConfiguration+"aad-enabled", stepEntra, func(s *Settings) **bool { return &s.AADEnabled }, exact(false)),
	property("properties.disableAccessKeyAuthentication", stepKeys, func(s *Settings) **bool { return &s.DisableAccessKeyAuthentication },
		exact(false)),
	property("properties.minimumTlsVersion", stepConfiguration, func(s *Settings) **string { return &s.MinimumTLSVersion }, text("")),
	property("properties.enableNonSslPort", stepConfiguration, func(s *Settings) **bool { return &s.EnableNonSSLPort }, exact(false)),
	property(inConfiguration+"authnotrequired", stepConfiguration, func(s *Settings) **bool { return &s.AuthNotRequired }, exact(false)),
	property(inConfiguration+"maxmemory-policy", stepConfiguration, func(s *Settings) **string { return &s.MaxmemoryPolicy },
		text("volatile-lru")),
	property(inConfiguration+"notify-keyspace-events", stepConfiguration, func(s *Settings) **string { return &s.NotifyKeyspaceEvents },
		exact("")),
	property(inConfiguration+"rdb-backup-enabled", stepPersistence, func(s *Settings) **bool { return &s.RDBBackupEnabled }, exact(false)),
	property(inConfiguration+"rdb-backup-frequency", stepPersistence, func(s *Settings) **int { return &s.RDBBackupFrequency },
		stated[int]).comparedWhen(snapshots),
	property(inConfiguration+"rdb-backup-max-snapshot-count", stepPersistence, func(s *Settings) **int { return &s.RDBBackupMaxSnapshotCount },
		exact(1)).comparedWhen(snapshots),
	property(inConfiguration+"aof-backup-enabled", stepPersistence, func(s *Settings) **bool { return &s.AOFBackupEnabled }, exact(false)),
	property(inConfiguration+"preferred-data-persistence-auth-method", stepPersistence,
		func(s *Settings) **string { return &s.PersistenceAuthMethod }, text(sas), "ManagedIdentity", sas).
		comparedWhen(func(have, want Settings) bool { return persists(have, want) || have.PersistenceAuthMethod != nil }),
	property(inConfiguration+"storage-subscription-id", stepPersistence, func(s *Settings) **string { return &s.StorageSubscriptionID },
		text("")).comparedWhen(persists),
	secret("rdb-storage-connection-string", func(s Secrets) Secret { return s.RDBStorageConnectionString }),
	secret("aof-storage-connection-string-0", func(s Secrets) Secret { return s.AOFStorageConnectionString0 }),
	secret("aof-storage-connection-string-1", func(s Secrets) Secret { return s.AOFStorageConnectionString1 }),
	property("properties.updateChannel", stepChannel, func(s *Settings) **string { return &s.UpdateChannel }, text("Stable"),
		"Stable", "Preview"),
	property("properties.zonalAllocationPolicy", stepZones, func(s *Settings) **string { return &s.ZonalAllocationPolicy }, text(""),
		"Automatic", "UserDefined", "NoZones"),
	property("properties.publicNetworkAccess", stepPublicAccess, func(s *Settings) **string { return &s.PublicNetworkAccess }, text(enabled),
		enabled, disabled),
	texts("properties.tenantSettings", stepTenant, func(s *Settings) *map[string]string { return &s.TenantSettings }),
}

// property is a setting with a value of its own. same compares the observed
// value, nil where ARM does not return it, with the desired one. words are the
// spellings of an enumeration, whose casing ARM mixes.
func property[T any](path, step string, field func(*Settings) **T, same func(have *T, want T) bool, words ...string) setting {
	return setting{
		path: path, step: step,
		value: func(s Settings, _ Secrets) any {
			if v := *field(&s); v != nil {
				return sent(*v)
			}
			return nil
		},
		observe: func(s *Settings, raw json.RawMessage) { *field(s) = read[T](raw, words) },
		same: func(have, want Settings) bool {
			v := *field(&want)
			return v == nil || same(*field(&have), *v)
		},
	}
}

// texts is a setting that is a map of texts; an empty map means none.
func texts(path, step string, field func(*Settings) *map[string]string) setting {
	return setting{
		path: path, step: step,
		value: func(s Settings, _ Secrets) any {
			if m := *field(&s); m != nil {
				return m
			}
			return nil
		},
		observe: func(s *Settings, raw json.RawMessage) {
			*field(s) = nil
			_ = json.Unmarshal(raw, field(s)) // a value of another form counts as not returned
		},
		same: func(have, want Settings) bool {
			return *field(&want) == nil || maps.Equal(*field(&have), *field(&want))
		},
	}
}

// secret is a connection string, which ARM accepts and never returns.
func secret(key string, field func(Secrets) Secret) setting {
	return setting{path: inConfiguration + key, step: stepPersistence, value: func(_ Settings, s Secrets) any {
		if v := field(s); v != "" {
			return string(v)
		}
		return nil
	}}
}

func (s setting) unchangeable() setting {
	s.fixed = true
	return s
}

func (s setting) comparedWhen(when func(have, want Settings) bool) setting {
	s.when = when
	return s
}

// differs reports whether ARM has another value than desired.
func (s setting) differs(have, want Settings) bool {
	return s.same != nil && (s.when == nil || s.when(have, want)) && !s.same(have, want)
}

// snapshots reports whether RDB snapshots are desired, and persists whether any
// persistence is. Without it ARM may leave out how the data would be persisted.
func snapshots(_, want Settings) bool { return isTrue(want.RDBBackupEnabled) }

func persists(_, want Settings) bool {
	return isTrue(want.RDBBackupEnabled) || isTrue(want.AOFBackupEnabled)
}

// exact compares values; where ARM returns none, with the documented default.
func exact[T comparable](fallback T) func(*T, T) bool {
	return func(have *T, want T) bool { return have == nil && want == fallback || have != nil && *have == want }
}

// stated compares a setting without a documented default.
func stated[T comparable](have *T, want T) bool { return have != nil && *have == want }

// whereStated compares a setting only where ARM returns a value.
func whereStated[T comparable](have *T, want T) bool { return have == nil || *have == want }

// text compares without regard to case, and otherwise like exact.
func text(fallback string) func(*string, string) bool {
	return func(have *string, want string) bool {
		if have == nil {
			return strings.EqualFold(want, fallback)
		}
		return strings.EqualFold(want, *have)
	}
}

// sameVersion compares versions of Redis: "6" is any 6.x, and "latest" any version.
func sameVersion(have *string, want string) bool {
	return have != nil && (*have == want || strings.HasPrefix(*have, want+".") || strings.EqualFold(want, "latest"))
}

// pathsOf are the paths of the settings that a step changes, without those that ARM
// never returns.
func pathsOf(step string) []string {
	return pathsWhere(func(s setting) bool { return s.step == step && s.same != nil })
}

func pathsWhere(wanted func(setting) bool) []string {
	var all []string
	for _, s := range settings {
		if wanted(s) {
			all = append(all, s.path)
		}
	}
	return all
}

// connectionStrings are the settings that ARM never returns.
var connectionStrings = pathsWhere(func(s setting) bool { return s.same == nil })
