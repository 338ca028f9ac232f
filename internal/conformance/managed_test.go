package conformance

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// managed is a cache of Azure Managed Redis and what stands around it, in the words of
// no door. A field that is nil is left out where a door can leave it out.
type managed struct {
	SKU                         string // "Balanced_B5" where empty
	PublicAccess                any    // bool
	HighAvailability            any    // bool
	Protocol                    any    // string
	AccessKeys                  bool
	RDB, AOF                    bool
	Group                       string   // of geo-replication
	Clustering                  any      // string
	Modules                     []string // of the database
	Key                         bool     // a customer-managed key, read by an identity of the cluster
	Endpoint                    bool
	DatabaseLogs, ClusterMetric bool
	Grant                       bool
	NoDatabase                  bool
}

// managedFacts are the facts that every door has to read alike.
type managedFacts struct {
	SKU, Public, Availability, Key, Reader, Identities             string
	Database, Protocol, Keys, RDB, AOF, Group, Clustering, Modules string
	Endpoints, Logs, Grants                                        int
}

// said is a fact as a text; what is unset, or has the default that a door may leave
// out, is the word "default".
func said[T comparable](v posture.Value[T], byDefault T) string {
	switch {
	case v.IsUnknown():
		return "unknown: " + string(v.Why())
	case v.IsUnset() || v.V == byDefault:
		return "default"
	default:
		text, _ := json.Marshal(v.V)
		return string(text)
	}
}

func listed(v posture.Value[[]string]) string {
	switch {
	case v.IsUnknown():
		return "unknown: " + string(v.Why())
	case v.IsUnset() || len(v.V) == 0:
		return "default"
	default:
		return "listed"
	}
}

func managedFactsOf(c *posture.Cache) managedFacts {
	out := managedFacts{
		SKU: said(c.SKU, ""), Public: said(c.PublicNetworkAccess, true), Availability: said(c.HighAvailability, true),
		Key: said(c.CustomerManagedKey, false), Reader: said(c.KeyIdentity, ""), Identities: listed(c.Identities),
		Database: said(c.HasDatabase, false), Protocol: said(c.ClientProtocol, "Encrypted"), Keys: said(c.AccessKeyAuthentication, false),
		RDB: said(c.RDBBackup, false), AOF: said(c.AOFBackup, false), Group: said(c.GeoReplicationGroup, ""),
		Clustering: said(c.ClusteringPolicy, "OSSCluster"), Modules: listed(c.Modules),
		Endpoints: len(c.PrivateEndpoints.Items), Grants: len(c.AccessPolicyAssignments.Items),
	}
	for _, s := range c.DiagnosticSettings.Items {
		out.Logs += len(s.Logs.V)
	}
	return out
}

const (
	managedGroup = "/subscriptions/" + subscription + "/resourceGroups/managed"
	managedID    = managedGroup + "/providers/Microsoft.Cache/redisEnterprise/cache"
	readerID     = managedGroup + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
)

func enabled(v any) any {
	switch v {
	case nil:
		return nil
	case true:
		return "Enabled"
	default:
		return "Disabled"
	}
}

func (m managed) sku() string {
	if m.SKU == "" {
		return "Balanced_B5"
	}
	return m.SKU
}

func present(all object) object {
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

// bodies are the cluster and its database in the words of Azure Resource Manager.
func (m managed) bodies() (cluster, identity, database object) {
	cluster = present(object{"publicNetworkAccess": enabled(m.PublicAccess), "highAvailability": enabled(m.HighAvailability)})
	if m.Key {
		cluster["encryption"] = object{"customerManagedKeyEncryption": object{"keyEncryptionKeyUrl": "https://kv.vault.azure.net/keys/k/1",
			"keyEncryptionKeyIdentity": object{"identityType": "userAssignedIdentity", "userAssignedIdentityResourceId": readerID}}}
		identity = object{"type": "UserAssigned", "userAssignedIdentities": object{readerID: object{}}}
	}
	database = present(object{"clientProtocol": m.Protocol, "accessKeysAuthentication": enabled(m.AccessKeys),
		"clusteringPolicy": m.Clustering})
	if m.RDB || m.AOF {
		database["persistence"] = object{"rdbEnabled": m.RDB, "aofEnabled": m.AOF}
	}
	if m.Group != "" {
		database["geoReplication"] = object{"groupNickname": m.Group, "linkedDatabases": []object{{"id": managedID + "/databases/default"}}}
	}
	var modules []object
	for _, name := range m.Modules {
		modules = append(modules, object{"name": name})
	}
	if modules != nil {
		database["modules"] = modules
	}
	return cluster, identity, database
}

// arm reads the cache from a fake Azure Resource Manager.
func (m managed) arm(t *testing.T) *posture.Cache {
	t.Helper()
	cluster, identity, database := m.bodies()
	if m.NoDatabase {
		database = nil
	}
	e := newAzureDoor(t)
	const settings = "providers/Microsoft.Insights/diagnosticSettings/"
	children := map[string]object{}
	if m.Endpoint {
		children["privateEndpointConnections/pe"] = object{"privateLinkServiceConnectionState": object{"status": "Approved"}}
	}
	if m.DatabaseLogs {
		children["databases/default/"+settings+"logs"] = object{"workspaceId": workspace,
			"logs": []object{{"categoryGroup": "allLogs", "enabled": true}}}
	}
	if m.ClusterMetric {
		children[settings+"metrics"] = object{"workspaceId": workspace, "metrics": []object{{"category": "AllMetrics", "enabled": true}}}
	}
	if m.Grant {
		children["databases/default/accessPolicyAssignments/app"] = object{"accessPolicyName": "default", "user": object{"objectId": principal}}
	}
	id := e.fake.PutManagedCache(armtest.ManagedCache{ResourceGroup: "managed", Name: "cache", SKU: m.sku(), Properties: cluster,
		Identity: identity, Database: database, Children: children})
	c, err := e.reader.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// existing is a resource of a plan that changes nothing.
func existing(typ, name string, values object) object {
	return object{"address": typ + "." + name, "mode": "managed", "type": typ, "name": name,
		"provider_name": "registry.terraform.io/" + map[bool]string{true: "azure/azapi", false: "hashicorp/azurerm"}[typ == "azapi_resource"],
		"change":        object{"actions": []string{"no-op"}, "before": values, "after": values, "after_unknown": object{}}}
}

func managedPlan(t *testing.T, changes []object) *posture.Cache {
	t.Helper()
	text, err := json.Marshal(object{"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
		"configuration": object{"root_module": object{}}, "applyable": true, "complete": true, "errored": false})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := tfplan.Read(t.Context(), bytes.NewReader(text), tfplan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Len() != 1 {
		t.Fatalf("the plan has %d caches: %v", plan.Len(), plan.Notes())
	}
	for c := range plan.Caches() {
		return c.After
	}
	return nil
}

// around are the companions of azurerm.
func (m managed) around() (changes []object) {
	if m.Endpoint {
		changes = append(changes, existing("azurerm_private_endpoint", "pe", object{"id": managedGroup + "/x", "name": "pe",
			"private_service_connection": []object{{"name": "c", "is_manual_connection": false, "private_connection_resource_id": managedID,
				"subresource_names": []string{"redisEnterprise"}}}}))
	}
	if m.DatabaseLogs {
		changes = append(changes, existing("azurerm_monitor_diagnostic_setting", "logs", object{"name": "logs",
			"target_resource_id": managedID + "/databases/default", "log_analytics_workspace_id": workspace,
			"enabled_log": []object{{"category_group": "allLogs", "category": ""}}}))
	}
	if m.ClusterMetric {
		changes = append(changes, existing("azurerm_monitor_diagnostic_setting", "metrics", object{"name": "metrics",
			"target_resource_id": managedID, "log_analytics_workspace_id": workspace, "enabled_log": []object{},
			"enabled_metric": []object{{"category": "AllMetrics"}}}))
	}
	if m.Grant {
		changes = append(changes, existing("azurerm_managed_redis_access_policy_assignment", "app", object{
			"managed_redis_id": managedID, "object_id": principal}))
	}
	return changes
}

// azurerm reads the cache from a plan of azurerm 5.
func (m managed) azurerm(t *testing.T) *posture.Cache {
	t.Helper()
	frequency := func(on bool, often string) string {
		if on {
			return often
		}
		return ""
	}
	or := func(v, byDefault any) any {
		if v == nil {
			return byDefault
		}
		return v
	}
	modules := []object{}
	for _, name := range m.Modules {
		modules = append(modules, object{"name": name, "args": ""})
	}
	values := object{"id": managedID, "name": "cache", "resource_group_name": "managed", "location": "westeurope", "sku_name": m.sku(),
		"public_network_access": enabled(or(m.PublicAccess, true)), "high_availability_enabled": or(m.HighAvailability, true),
		"customer_managed_key": []object{}, "identity": []object{}, "default_database": []object{{
			"client_protocol": or(m.Protocol, "Encrypted"), "access_keys_authentication_enabled": m.AccessKeys,
			"clustering_policy": or(m.Clustering, "OSSCluster"), "geo_replication_group_name": m.Group, "module": modules,
			"persistence_redis_database_backup_frequency":   frequency(m.RDB, "6h"),
			"persistence_append_only_file_backup_frequency": frequency(m.AOF, "1s"),
		}}}
	if m.Key {
		values["customer_managed_key"] = []object{{"key_vault_key_id": "https://kv.vault.azure.net/keys/k/1",
			"user_assigned_identity_id": readerID}}
		values["identity"] = []object{{"type": "UserAssigned", "identity_ids": []string{readerID}}}
	}
	if m.NoDatabase {
		values["default_database"] = []object{}
	}
	return managedPlan(t, append([]object{existing("azurerm_managed_redis", "cache", values)}, m.around()...))
}

// azapi reads the cache from a plan of azapi 2 that has a database of its own.
func (m managed) azapi(t *testing.T) *posture.Cache {
	t.Helper()
	cluster, identity, database := m.bodies()
	values := object{"id": managedID, "name": "cache", "parent_id": managedGroup, "location": "westeurope",
		"type": "Microsoft.Cache/redisEnterprise@2025-07-01", "body": object{"sku": object{"name": m.sku()}, "properties": cluster}}
	if identity != nil {
		values["identity"] = []object{{"type": "UserAssigned", "identity_ids": []string{readerID}}}
	}
	changes := []object{existing("azapi_resource", "cache", values),
		existing("azapi_resource", "database", object{"id": managedID + "/databases/default", "name": "default", "parent_id": managedID,
			"type": "Microsoft.Cache/redisEnterprise/databases@2025-07-01", "body": object{"properties": database}})}
	return managedPlan(t, append(changes, m.around()...))
}

// managedTable holds situations in which every fact is written.
var managedTable = map[string]managed{
	"hardened": {PublicAccess: false, HighAvailability: true, Protocol: "Encrypted", Clustering: "OSSCluster", RDB: true, Endpoint: true,
		DatabaseLogs: true, Grant: true},
	"sloppy":                         {PublicAccess: true, HighAvailability: false, Protocol: "Plaintext", AccessKeys: true},
	"public":                         {PublicAccess: true},
	"private":                        {PublicAccess: false, Endpoint: true},
	"access keys":                    {AccessKeys: true},
	"access keys, granted":           {AccessKeys: true, Grant: true},
	"plaintext":                      {Protocol: "Plaintext"},
	"append-only file":               {AOF: true},
	"geo-replication":                {Group: "g"},
	"customer-managed key":           {Key: true},
	"one cluster node":               {HighAvailability: false},
	"Enterprise clustering, modules": {Clustering: "EnterpriseCluster", Modules: []string{"RedisJSON", "RedisBloom"}},
	"not clustered":                  {Clustering: "NoCluster"},
	"logs of the database":           {DatabaseLogs: true},
	"metrics of the cluster":         {ClusterMetric: true},
	"metrics and logs":               {ClusterMetric: true, DatabaseLogs: true},
	"memory optimized":               {SKU: "MemoryOptimized_M10", PublicAccess: false},
	"compute optimized":              {SKU: "ComputeOptimized_X3", PublicAccess: false},
	"flash":                          {SKU: "FlashOptimized_A250", PublicAccess: false},
	"no database":                    {NoDatabase: true, PublicAccess: false},
}

// Every door that reads whole caches of Azure Managed Redis reads the same facts.
// azapi shows what its body has, so that it is asked about that.
func TestManagedFacts(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(managedTable)) {
		m := managedTable[name]
		t.Run(name, func(t *testing.T) {
			want := managedFactsOf(m.arm(t))
			if diff := cmp.Diff(want, managedFactsOf(m.azurerm(t))); diff != "" {
				t.Errorf("azurerm (+) reads another cache than ARM (-):\n%s", diff)
			}
			if m.NoDatabase {
				return // without a database in the plan, azapi knows of none
			}
			got := managedFactsOf(m.azapi(t))
			for _, facts := range []*managedFacts{&want, &got} { // left out of a body, they are not observed
				for _, leftOut := range []struct {
					fact *string
					set  bool
				}{{&facts.Public, m.PublicAccess != nil}, {&facts.Availability, m.HighAvailability != nil}, {&facts.Protocol, m.Protocol != nil},
					{&facts.Clustering, m.Clustering != nil}, {&facts.Modules, m.Modules != nil}, {&facts.RDB, m.RDB || m.AOF},
					{&facts.AOF, m.RDB || m.AOF}, {&facts.Group, m.Group != ""}, {&facts.Key, m.Key}, {&facts.Reader, m.Key},
					{&facts.Identities, m.Key}} {
					if !leftOut.set {
						if facts == &got && *leftOut.fact != "default" && *leftOut.fact != "unknown: not_observed" {
							t.Errorf("azapi says %s of what its body leaves out", *leftOut.fact)
						}
						*leftOut.fact = ""
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("azapi (+) reads another cache than ARM (-):\n%s", diff)
			}
		})
	}
}
