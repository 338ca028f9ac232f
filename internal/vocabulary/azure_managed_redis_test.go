package vocabulary_test

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// carrier is decoded JSON, in which the text "?" is not known yet.
type carrier struct{ v any }

func (c carrier) Get(name string) carrier {
	m, _ := c.v.(map[string]any)
	return carrier{m[name]}
}

func (c carrier) Elems() iter.Seq[carrier] {
	return func(yield func(carrier) bool) {
		list, _ := c.v.([]any)
		for _, e := range list {
			if !yield(carrier{e}) {
				return
			}
		}
	}
}

func (c carrier) Keys() []string {
	m, _ := c.v.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}

func (c carrier) Scalar() vocabulary.Scalar {
	s := vocabulary.Scalar{State: posture.StateKnown}
	switch v := c.v.(type) {
	case nil:
		return vocabulary.Scalar{State: posture.StateUnset, Missing: true}
	case string:
		if v == "?" {
			return vocabulary.Scalar{Reason: posture.ReasonKnownAfterApply}
		}
		s.Kind, s.Text = '"', v
		if v == "" {
			s.State = posture.StateUnset
		}
	case bool:
		s.Kind = map[bool]byte{true: 't', false: 'f'}[v]
	case map[string]any:
		s.Kind = '{'
	default:
		s.Kind = '['
	}
	return s
}

// read reads an object of Azure Managed Redis. Blocks are lists of one.
func read(t *testing.T, d *vocabulary.Dialect[posture.Cache], version, text string) *posture.Cache {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	c := &posture.Cache{Type: service.ManagedRedis.Type}
	vocabulary.Read(d, c, carrier{v}, vocabulary.Reading[carrier]{New: version != "", Version: version, Inside: func(path []string) carrier {
		at := carrier{v}
		for _, name := range path {
			at = at.Get(name)
			if list, ok := at.v.([]any); ok && len(list) > 0 {
				at = carrier{list[0]}
			}
		}
		return at
	}})
	return c
}

func TestManagedRedis_Azurerm(t *testing.T) {
	c := read(t, vocabulary.Of(service.ManagedRedis).Azurerm(), "", `{"name": "orders", "sku_name": "Balanced_B5",
		"public_network_access": "Disabled", "high_availability_enabled": false,
		"customer_managed_key": [{"key_vault_key_id": "?", "user_assigned_identity_id": "/u1"}],
		"identity": [{"identity_ids": ["/u1", "/u2"]}], "default_database": [{"client_protocol": "Plaintext",
		"access_keys_authentication_enabled": true, "persistence_redis_database_backup_frequency": "6h",
		"persistence_append_only_file_backup_frequency": "", "geo_replication_group_name": "", "clustering_policy": "NoCluster",
		"module": [{"name": "RediSearch"}]}]}`)
	for what, ok := range map[string]bool{
		"sku": c.SKU.V == "Balanced_B5", "public": posture.Is(c.PublicNetworkAccess, false) == posture.True,
		"tls": c.MinimumTLSVersion.IsUnset(), "ha": posture.Is(c.HighAvailability, false) == posture.True,
		"key": posture.Is(c.CustomerManagedKey, true) == posture.True, "key identity": c.KeyIdentity.V == "/u1",
		"identities": slices.Equal(c.Identities.V, []string{"/u1", "/u2"}), "database": posture.Is(c.HasDatabase, true) == posture.True,
		"protocol": c.ClientProtocol.V == "Plaintext", "keys": posture.Is(c.AccessKeyAuthentication, true) == posture.True,
		"rdb": posture.Is(c.RDBBackup, true) == posture.True, "aof": c.AOFBackup.IsUnset(), "geo": c.GeoReplicationGroup.IsUnset(),
		"policy": c.ClusteringPolicy.V == "NoCluster", "modules": slices.Equal(c.Modules.V, []string{"RediSearch"}), "zones": c.Zones.IsUnset(),
	} {
		if !ok {
			t.Errorf("%s: %+v", what, c)
		}
	}
}

func TestManagedRedis_Bodies(t *testing.T) {
	cluster, database := vocabulary.Of(service.ManagedRedis).Parts()
	c := read(t, cluster.AzapiNested(""), "2025-07-01", `{"sku": {"name": "Balanced_B5"},
		"identity": {"userAssignedIdentities": {"/u2": {}, "/u1": {}}},
		"properties": {"encryption": {"customerManagedKeyEncryption": {"keyEncryptionKeyUrl": "?"}}}}`)
	if !slices.Equal(c.Identities.V, []string{"/u1", "/u2"}) || posture.Is(c.CustomerManagedKey, true) != posture.True {
		t.Errorf("identities %+v, key %+v", c.Identities, c.CustomerManagedKey)
	}
	c = read(t, cluster.AzapiNested(""), "2025-07-01", `{"properties": {"encryption": {"customerManagedKeyEncryption": {}}}}`)
	if !c.CustomerManagedKey.IsUnset() {
		t.Errorf("an empty object is no key: %+v", c.CustomerManagedKey)
	}
	const unset, yes, no, open = "unset", "true", "false", "unknown"
	state := func(v posture.Value[bool]) string {
		switch {
		case v.IsUnset():
			return unset
		case v.IsUnknown():
			return open
		default:
			return map[bool]string{true: yes, false: no}[v.V]
		}
	}
	for _, x := range []struct{ version, public, keys string }{
		{"2022-01-01", unset, yes}, {"2025-04-01", unset, yes}, {"2025-05-01-preview", unset, yes}, {"2025-07-01", open, no},
		{"2026-09-01", open, no},
	} {
		public := read(t, cluster.AzapiNested(""), x.version, `{"properties": {}}`).PublicNetworkAccess
		keys := read(t, database.AzapiNested(""), x.version, `{"properties": {}}`).AccessKeyAuthentication
		if state(public) != x.public || state(keys) != x.keys {
			t.Errorf("%s: public access %s, keys %s; want %s, %s", x.version, state(public), state(keys), x.public, x.keys)
		}
	}
}

func TestManagedRedis_Enterprise(t *testing.T) {
	cluster, database := vocabulary.Of(service.ManagedRedis).Parts()
	c := read(t, cluster.Enterprise(), "", `{"name": "old", "sku_name": "Enterprise_E10-2",
		"zones": ["1", "2"], "minimum_tls_version": "1.1"}`)
	if c.SKU.V != "Enterprise_E10-2" || len(c.Zones.V) != 2 || c.MinimumTLSVersion.V != "1.1" || !c.PublicNetworkAccess.IsUnset() {
		t.Errorf("%+v", c)
	}
	c = read(t, database.Enterprise(), "", `{"client_protocol": "Encrypted",
		"linked_database_id": ["/a", "?"], "linked_database_group_nickname": "g"}`)
	if c.ClientProtocol.V != "Encrypted" || c.GeoReplicas.V != 2 || c.GeoReplicationGroup.V != "g" || !c.AccessKeyAuthentication.IsUnknown() {
		t.Errorf("%+v", c)
	}
}
