package providerschema

import "testing"

// The defaults on which verdicts depend, by major version of azurerm; "-" for an argument
// that the version does not have, "" for one without a default, "C" for a computed one.
func TestDefaults(t *testing.T) {
	cache, config := []string{"azurerm_redis_cache"}, []string{"azurerm_redis_cache", "redis_configuration"}
	managed, database := []string{"azurerm_managed_redis"}, []string{"azurerm_managed_redis", "default_database"}
	for _, x := range []struct {
		at   []string
		name string
		want [3]string // of 3, 4 and 5
	}{
		{cache, "enable_non_ssl_port", [3]string{"false", "-", "-"}},
		{cache, "non_ssl_port_enabled", [3]string{"C", "false", "false"}},
		{cache, "minimum_tls_version", [3]string{`"1.2"`, `"1.2"`, `"1.2"`}},
		{cache, "public_network_access_enabled", [3]string{"true", "true", "true"}},
		{cache, "access_keys_authentication_enabled", [3]string{"-", "true", "true"}},
		{cache, "redis_version", [3]string{"C", `"6"`, `"6"`}},
		{cache, "subnet_id", [3]string{"", "", ""}},
		{cache, "zones", [3]string{"", "", ""}},
		{config, "enable_authentication", [3]string{"true", "-", "-"}},
		{config, "authentication_enabled", [3]string{"C", "true", "true"}},
		{config, "active_directory_authentication_enabled", [3]string{"", "", ""}},
		{config, "data_persistence_authentication_method", [3]string{`"SAS"`, "", ""}},
		{config, "maxmemory_policy", [3]string{`"volatile-lru"`, `"volatile-lru"`, `"volatile-lru"`}},
		{managed, "public_network_access", [3]string{"-", `"Enabled"`, `"Enabled"`}},
		{managed, "high_availability_enabled", [3]string{"-", "true", "true"}},
		{database, "access_keys_authentication_enabled", [3]string{"-", "false", "false"}},
		{database, "client_protocol", [3]string{"-", `"Encrypted"`, `"Encrypted"`}},
		{database, "clustering_policy", [3]string{"-", `"OSSCluster"`, `"OSSCluster"`}},
		{database, "eviction_policy", [3]string{"-", `"VolatileLRU"`, `"VolatileLRU"`}},
		{database, "persistence_append_only_file_backup_frequency", [3]string{"-", "", ""}},
	} {
		for i, version := range Newest {
			if got := omittedAt(Azurerm(version), x.at, x.name); got != x.want[i] {
				t.Errorf("%v %s under azurerm %s: %q, want %q", x.at, x.name, version, got, x.want[i])
			}
		}
	}
}

// Where the version is not known, an omitted argument has the default of the versions that
// have it, and is not known where they differ.
func TestCommon(t *testing.T) {
	b := &Common(Newest)["azurerm_redis_cache"].Block
	for name, want := range map[string]string{
		"enable_non_ssl_port": "false", "non_ssl_port_enabled": "C", "minimum_tls_version": `"1.2"`,
		"access_keys_authentication_enabled": "true", "redis_version": "C",
	} {
		if got := omitted(b, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Arguments that came with a minor version, and versions that are not known.
func TestVersions(t *testing.T) {
	cache, config := []string{"azurerm_redis_cache"}, []string{"azurerm_redis_cache", "redis_configuration"}
	managed, database := []string{"azurerm_managed_redis"}, []string{"azurerm_managed_redis", "default_database"}
	for _, x := range []struct {
		at          []string
		name        string
		first       Version
		before, now string
	}{
		{cache, "non_ssl_port_enabled", Version{3, 114}, "-", "C"},
		{config, "authentication_enabled", Version{3, 114}, "-", "C"},
		{config, "active_directory_authentication_enabled", Version{3, 83}, "-", ""},
		{config, "data_persistence_authentication_method", Version{3, 93}, "-", `"SAS"`},
		{config, "storage_account_subscription_id", Version{3, 85}, "-", ""},
		{[]string{"azurerm_redis_cache", "identity"}, "type", Version{3, 9}, "-", ""},
		{[]string{"azurerm_redis_cache_access_policy"}, "name", Version{3, 98}, "-", ""},
		{managed, "sku_name", Version{4, 50}, "-", ""},
		{managed, "public_network_access", Version{4, 53}, "-", `"Enabled"`},
		{database, "persistence_append_only_file_backup_frequency", Version{4, 54}, "-", ""},
		{[]string{"azurerm_managed_redis_access_policy_assignment"}, "object_id", Version{4, 60}, "-", ""},
		{[]string{"azurerm_redis_enterprise_cluster"}, "sku_name", Version{5, 0}, "", "-"},
	} {
		before := Version{x.first.Major, x.first.Minor - 1}
		if x.first.Minor == 0 {
			before = Latest(x.first.Major - 1)
		}
		if got := omittedAt(Azurerm(before), x.at, x.name); got != x.before {
			t.Errorf("%v %s under azurerm %s: %q, want %q", x.at, x.name, before, got, x.before)
		}
		if got := omittedAt(Azurerm(x.first), x.at, x.name); got != x.now {
			t.Errorf("%v %s under azurerm %s: %q, want %q", x.at, x.name, x.first, got, x.now)
		}
	}
	for _, name := range []string{"minimum_tls_version", "public_network_access_enabled", "enable_non_ssl_port", "subnet_id"} {
		if got := omittedAt(Unknown(), cache, name); got != "C" {
			t.Errorf("%s of a version that is not known: %q, want it not known", name, got)
		}
	}
	if len(Common(nil)) != 0 {
		t.Error("no version has resource types")
	}
	for _, x := range []struct {
		version Version
		newer   bool
		text    string
	}{{Version{4, 81}, false, "4"}, {Version{4, 82}, true, "4.82"}, {Version{3, 100}, false, "3.100"}} {
		r := Azurerm(x.version)["azurerm_redis_cache"]
		if x.version.IsNewer() != x.newer || r.Partial != x.newer || x.version.String() != x.text {
			t.Errorf("%v: newer %t, partial %t, %q", x, x.version.IsNewer(), r.Partial, x.version)
		}
	}
}

// omittedAt is what an omitted argument is in a block of a resource type.
func omittedAt(types map[string]*Resource, at []string, name string) string {
	if types[at[0]] == nil {
		return "-"
	}
	b := &types[at[0]].Block
	for _, name := range at[1:] {
		if b = b.Nested(name); b == nil {
			return "-"
		}
	}
	return omitted(b, name)
}

// omitted is what an omitted argument is.
func omitted(b *Block, name string) string {
	for _, a := range b.Attributes {
		switch {
		case a.Name != name:
		case a.Default == "" && a.Is("C"):
			return "C"
		default:
			return a.Default
		}
	}
	return "-"
}
