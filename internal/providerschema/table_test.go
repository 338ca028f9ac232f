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
		{managed, "public_network_access", [3]string{`"Enabled"`, `"Enabled"`, `"Enabled"`}},
		{managed, "high_availability_enabled", [3]string{"true", "true", "true"}},
		{database, "access_keys_authentication_enabled", [3]string{"false", "false", "false"}},
		{database, "client_protocol", [3]string{`"Encrypted"`, `"Encrypted"`, `"Encrypted"`}},
		{database, "clustering_policy", [3]string{`"OSSCluster"`, `"OSSCluster"`, `"OSSCluster"`}},
		{database, "eviction_policy", [3]string{`"VolatileLRU"`, `"VolatileLRU"`, `"VolatileLRU"`}},
		{database, "persistence_append_only_file_backup_frequency", [3]string{"", "", ""}},
	} {
		for i, generation := range Generations {
			b := &Azurerm(generation)[x.at[0]].Block
			for _, name := range x.at[1:] {
				b = b.Nested(name)
			}
			if got := omitted(b, x.name); got != x.want[i] {
				t.Errorf("%v %s under azurerm %d: %q, want %q", x.at, x.name, generation, got, x.want[i])
			}
		}
	}
}

// Where the version is not known, an omitted argument has the default of the versions that
// have it, and is not known where they differ.
func TestCommon(t *testing.T) {
	b := &Common(Generations)["azurerm_redis_cache"].Block
	for name, want := range map[string]string{
		"enable_non_ssl_port": "false", "non_ssl_port_enabled": "C", "minimum_tls_version": `"1.2"`,
		"access_keys_authentication_enabled": "true", "redis_version": "C",
	} {
		if got := omitted(b, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
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
