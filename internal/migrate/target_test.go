package migrate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		cell       string
		enterprise bool
		edit       func(*posture.Cache)
		name       migrate.SettingName
		want, why  string
	}{
		{cell: "Standard", name: migrate.HighAvailability, want: "true", why: "a replica"},
		{cell: "Basic", edit: func(c *posture.Cache) { c.Tier.V = "Basic" }, name: migrate.HighAvailability, want: "false", why: "Basic"},
		{cell: "Basic", edit: func(c *posture.Cache) { c.Tier.V = "basic" }, name: migrate.Replicas, want: "0"},
		{cell: "Basic", edit: func(c *posture.Cache) { c.Tier.V = "Basic" }, name: migrate.Zones, want: "none"},
		{cell: "tier not known", edit: func(c *posture.Cache) { hide(&c.Tier) }, name: migrate.HighAvailability, want: "true", why: "not known"},
		{cell: "Enterprise", enterprise: true, name: migrate.HighAvailability, want: "true"},

		{cell: "small", name: migrate.ClusteringPolicy, want: "NoCluster", why: "EnterpriseCluster instead"},
		{cell: "24 GB", edit: func(c *posture.Cache) { c.Capacity.V = 4 }, name: migrate.ClusteringPolicy, want: "NoCluster"},
		{cell: "more than 24 GB", edit: func(c *posture.Cache) { c.Capacity.V = 6 }, name: migrate.ClusteringPolicy, want: "EnterpriseCluster",
			why: "OSSCluster"},
		{cell: "clustered", edit: func(c *posture.Cache) { premium(c); c.ShardCount = posture.Known(1, "x") }, name: migrate.ClusteringPolicy,
			want: "OSSCluster", why: "EnterpriseCluster"},
		{cell: "shards not known", edit: func(c *posture.Cache) { premium(c); hide(&c.ShardCount) },
			name: migrate.ClusteringPolicy, why: "var.x"},
		{cell: "size not known", edit: func(c *posture.Cache) { hide(&c.Capacity) },
			name: migrate.ClusteringPolicy, why: "NoCluster up to 24 GB"},
		{cell: "Enterprise", enterprise: true, name: migrate.ClusteringPolicy, want: "EnterpriseCluster", why: "as today"},
		{cell: "Enterprise by default", enterprise: true, edit: func(c *posture.Cache) { c.ClusteringPolicy = posture.Unset[string]("x") },
			name: migrate.ClusteringPolicy, want: "OSSCluster"},
		{cell: "Enterprise in lower case", enterprise: true, edit: func(c *posture.Cache) { c.ClusteringPolicy.V = "osscluster" },
			name: migrate.ClusteringPolicy, want: "OSSCluster"},
		{cell: "Enterprise not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.ClusteringPolicy) },
			name: migrate.ClusteringPolicy,
			why:  "var.x"},

		{cell: "always", name: migrate.ClientProtocol, want: "Encrypted"},
		{cell: "always", name: migrate.MinimumTLSVersion, want: "1.2"},
		{cell: "always", name: migrate.PublicNetworkAccess, want: "Disabled"},
		{cell: "always", name: migrate.Databases, want: "1"},
		{cell: "off", name: migrate.AccessKeys, want: "false", why: "off today"},
		{cell: "on", edit: func(c *posture.Cache) { on(&c.AccessKeyAuthentication) }, name: migrate.AccessKeys,
			want: "false", why: "use keys today"},

		{cell: "off", name: migrate.Persistence, want: "none"},
		{cell: "RDB", edit: func(c *posture.Cache) { premium(c); on(&c.RDBBackup) }, name: migrate.Persistence, want: "RDB"},
		{cell: "RDB", edit: func(c *posture.Cache) { premium(c); on(&c.RDBBackup) }, name: migrate.PersistenceFrequency,
			want: "1h", why: "shortest"},
		{cell: "RDB of an Enterprise database", enterprise: true, edit: func(c *posture.Cache) { on(&c.RDBBackup) },
			name: migrate.PersistenceFrequency, why: "how often is not read"},
		{cell: "RDB every 15 minutes", edit: snapshots(15), name: migrate.PersistenceFrequency,
			want: "1h", why: "less often"},
		{cell: "RDB every 60 minutes", edit: snapshots(60), name: migrate.PersistenceFrequency,
			want: "1h", why: "at least as often as today"},
		{cell: "RDB every 360 minutes", edit: snapshots(360), name: migrate.PersistenceFrequency,
			want: "6h", why: "at least as often as today"},
		{cell: "RDB every 720 minutes", edit: snapshots(720), name: migrate.PersistenceFrequency,
			want: "12h", why: "at least as often as today"},
		{cell: "RDB every 1440 minutes", edit: snapshots(1440), name: migrate.PersistenceFrequency,
			want: "12h", why: "at least as often as today"},
		{cell: "AOF", edit: func(c *posture.Cache) { premium(c); on(&c.AOFBackup) }, name: migrate.Persistence, want: "AOF"},
		{cell: "AOF", edit: func(c *posture.Cache) { premium(c); on(&c.AOFBackup) }, name: migrate.PersistenceFrequency, want: "1s"},
		{cell: "both", edit: func(c *posture.Cache) { premium(c); on(&c.AOFBackup); on(&c.RDBBackup) }, name: migrate.Persistence, want: "AOF"},
		{cell: "not known", edit: func(c *posture.Cache) { premium(c); hide(&c.RDBBackup) }, name: migrate.Persistence, why: "var.x"},
		{cell: "geo-replicated", edit: func(c *posture.Cache) { link(c); on(&c.RDBBackup) }, name: migrate.Persistence, want: "none",
			why: "geo-replication"},
		{cell: "Enterprise", enterprise: true, edit: func(c *posture.Cache) { on(&c.AOFBackup) }, name: migrate.Persistence, want: "AOF"},

		{cell: "by default", name: migrate.EvictionPolicy, want: "VolatileLRU", why: "default"},
		{cell: "as Redis writes it", edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("allkeys-random", "x") },
			name: migrate.EvictionPolicy, want: "AllKeysRandom"},
		{cell: "noeviction", edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("noeviction", "x") }, name: migrate.EvictionPolicy,
			want: "NoEviction"},
		{cell: "as ARM writes it", enterprise: true, edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("VolatileTTL", "x") },
			name: migrate.EvictionPolicy, want: "VolatileTTL"},
		{cell: "not documented", edit: func(c *posture.Cache) { c.EvictionPolicy = posture.Known("odd", "x") }, name: migrate.EvictionPolicy},

		{cell: "none before", name: migrate.Modules, want: "none"},
		{cell: "none", enterprise: true, name: migrate.Modules, want: "none"},
		{cell: "two", enterprise: true, edit: func(c *posture.Cache) { c.Modules = posture.Known([]string{"redisjson", "RediSearch"}, "x") },
			name: migrate.Modules, want: "RediSearch,RedisJSON"},
		{cell: "one with arguments", enterprise: true, edit: func(c *posture.Cache) {
			c.Modules = posture.Known([]string{"RedisBloom ERROR_RATE 0.01"}, "x")
			c.ModulesWithArguments = posture.Known([]string{"RedisBloom"}, "x")
		}, name: migrate.Modules, want: "RedisBloom", why: "repeat their arguments"},
		{cell: "not documented", enterprise: true, edit: func(c *posture.Cache) { c.Modules = posture.Known([]string{"odd"}, "x") },
			name: migrate.Modules},

		{cell: "off", name: migrate.KeyspaceNotifications, want: "none"},
		{cell: "on", edit: func(c *posture.Cache) { c.KeyspaceNotifications = posture.Known("Kg$", "x") }, name: migrate.KeyspaceNotifications,
			want: "Kg$", why: "azapi"},
		{cell: "not known", edit: func(c *posture.Cache) { hide(&c.KeyspaceNotifications) }, name: migrate.KeyspaceNotifications, why: "var.x"},

		{cell: "none", name: migrate.GeoReplicationGroup, want: "none"},
		{cell: "a pair", edit: link, name: migrate.GeoReplicationGroup, want: "backup", why: "all members"},
		{cell: "a partner without a name", edit: func(c *posture.Cache) { link(c); hide(&c.Links.Items[0].Other) },
			name: migrate.GeoReplicationGroup,
			why:  "choose a name"},
		{cell: "links not seen", edit: func(c *posture.Cache) { premium(c); c.Links.Observed = false }, name: migrate.GeoReplicationGroup,
			why: "not known"},
		{cell: "a group", enterprise: true, edit: func(c *posture.Cache) { c.GeoReplicationGroup = posture.Known("shop", "x") },
			name: migrate.GeoReplicationGroup, want: "shop"},

		{cell: "none", name: migrate.Identity, want: "none"},
		{cell: "none", name: migrate.CustomerManagedKey, want: "false"},
		{cell: "a key", enterprise: true, edit: func(c *posture.Cache) { on(&c.CustomerManagedKey) }, name: migrate.CustomerManagedKey,
			want: "true"},
		{cell: "a key", enterprise: true, edit: func(c *posture.Cache) { on(&c.CustomerManagedKey) }, name: migrate.Identity,
			want: "UserAssigned"},
		{cell: "not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.CustomerManagedKey) }, name: migrate.CustomerManagedKey,
			why: "var.x"},
	} {
		t.Run(string(tt.name)+" "+tt.cell, func(t *testing.T) {
			c := plain()
			if tt.enterprise {
				c = plainEnterprise()
			}
			if tt.edit != nil {
				tt.edit(c)
			}
			settings := planned(c).Target.Settings
			i := slices.IndexFunc(settings, func(s migrate.Setting) bool { return s.Name == tt.name })
			if s := settings[i]; s.Value != tt.want || s.Why == "" || !strings.Contains(s.Why, tt.why) {
				t.Errorf("%+v, want %q because %q", s, tt.want, tt.why)
			}
		})
	}
}

// snapshots are those of a Premium cache.
func snapshots(minutes int) func(*posture.Cache) {
	return func(c *posture.Cache) {
		premium(c)
		on(&c.RDBBackup)
		c.SnapshotMinutes = posture.Known(minutes, "x")
	}
}

func TestState(t *testing.T) {
	for _, tt := range []struct {
		cell    string
		dialect posture.Dialect
		sku     posture.Value[string]
		want    migrate.State
	}{
		{"azurerm_managed_redis", posture.DialectAzurerm, posture.Value[string]{}, migrate.Moved},
		{"azurerm_redis_enterprise_cluster", posture.DialectEnterprise, posture.Value[string]{}, migrate.ToMove},
		{"azapi, Managed", posture.DialectAzapi, posture.Known("Balanced_B5", "x"), migrate.Moved},
		{"azapi, Enterprise", posture.DialectAzapi, posture.Known("enterprise_e10", "x"), migrate.ToMove},
		{"azapi, not known", posture.DialectAzapi, posture.Value[string]{}, migrate.Unknown},
	} {
		c := plainEnterprise()
		c.Dialect, c.SKU = tt.dialect, tt.sku
		m := planned(c)
		if m.State != tt.want {
			t.Errorf("%s: %s, want %s", tt.cell, m.State, tt.want)
		}
		if moves := m.State == migrate.ToMove; moves != (m.Target != nil) || moves != (len(m.Differences) > 0) || moves != (len(m.Paths) > 0) ||
			moves != (m.DaysLeft != nil) || (m.State == migrate.Unknown) != (len(m.Notes) > 0) {
			t.Errorf("%s: %+v", tt.cell, m)
		}
	}
	if days := planned(plainEnterprise()).DaysLeft; *days != 122 {
		t.Errorf("%d days from 2026-11-29 to 2027-03-31", *days)
	}
}

func TestPaths(t *testing.T) {
	endpoint := func(c *posture.Cache) { c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "e"}} }
	for _, tt := range []struct {
		cell       string
		enterprise bool
		edit       func(*posture.Cache)
		want       string // of the second way; the first is always a new cache
		says       string
	}{
		{cell: "nothing against it", want: "automated yes", says: "no private endpoint"},
		{cell: "private endpoint", edit: endpoint, want: "automated no", says: "private endpoint"},
		{cell: "injected", edit: inject, want: "automated no", says: "injected"},
		{cell: "geo-replicated", edit: link, want: "automated no", says: "geo-replicated"},
		{cell: "endpoints not seen", edit: func(c *posture.Cache) {
			c.PrivateEndpoints = posture.Set[posture.PrivateEndpoint]{Detail: "a permission"}
		},
			want: "automated open", says: "not known from this source: whether the cache has a private endpoint: a permission"},
		{cell: "one reason is enough", edit: func(c *posture.Cache) { inject(c); c.PrivateEndpoints.Observed = false }, want: "automated no",
			says: "injected"},
		{cell: "Enterprise", enterprise: true, want: "in-place yes", says: "count the data as lost"},
		{cell: "Enterprise in a group", enterprise: true, edit: func(c *posture.Cache) { c.GeoReplicationGroup = posture.Known("shop", "x") },
			want: "in-place no", says: "geo-replication"},
		{cell: "Enterprise, group not known", enterprise: true, edit: func(c *posture.Cache) { hide(&c.GeoReplicationGroup) },
			want: "in-place open", says: "var.x"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			c := plain()
			if tt.enterprise {
				c = plainEnterprise()
			}
			if tt.edit != nil {
				tt.edit(c)
			}
			m := planned(c)
			if len(m.Paths) != 2 || m.Paths[0].ID != migrate.NewCache || !*m.Paths[0].Eligible {
				t.Fatalf("%+v", m.Paths)
			}
			p := m.Paths[1]
			got := p.ID + " open"
			if p.Eligible != nil {
				got = p.ID + map[bool]string{true: " yes", false: " no"}[*p.Eligible]
			}
			if got != tt.want || !strings.Contains(strings.Join(p.Reasons, "; "), tt.says) {
				t.Errorf("%s: %q, want %s because %s", got, p.Reasons, tt.want, tt.says)
			}
			for _, p := range m.Paths {
				if first := p.Steps()[0].Title == "Settle the blockers"; first != (m.State == migrate.Blocked) {
					t.Errorf("%s begins with %q, and the cache is %s", p.ID, p.Steps()[0].Title, m.State)
				}
				for _, s := range p.Steps() {
					if s.Title == "" || s.Before == "" || s.After == "" || s.Back == "" {
						t.Errorf("%s: %+v is not complete", p.ID, s)
					}
				}
				if p.Source.Title == "" || p.Source.Date == "" || p.Title == "" {
					t.Errorf("%+v", p)
				}
			}
		})
	}
}

func TestRemade(t *testing.T) {
	lines := func(c *posture.Cache) string {
		var out []string
		for _, r := range planned(c).Remade {
			out = append(out, strings.TrimSuffix(r.Kind+" "+r.Address, " ")+": "+r.What)
		}
		return strings.Join(out, "\n")
	}
	if got, want := lines(plain()), `private DNS zone: privatelink.redis.azure.net, linked to the networks of the clients
private endpoint: in a subnet of your choice: public access to the target is off
diagnostic setting: on databases/default of the new cache, category group allLogs, to a workspace of your choice
access policy assignment: policy default for the object id of each client`; got != want {
		t.Errorf("%s", got)
	}
	c := plain()
	link(c)
	assignment(c)
	c.MaintenanceWindows.V, c.MaintenanceDays = 1, posture.Known([]string{"Sunday 02:00"}, "x")
	c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "b"}, {Address: "a"}}
	c.DiagnosticSettings.Items = []posture.DiagnosticSetting{{Address: "d"}}
	c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{
		{Address: "z", ObjectID: posture.Known("11111111-2222-3333-4444-555555555555", "x"), PolicyName: posture.Known("Data Reader", "x")},
		{Address: "y", ObjectID: posture.Known("odd", "x")}}
	c.RoleAssignments.Items = []posture.RoleAssignment{{Address: "r"},
		{Address: "s", Role: posture.Known("Redis Cache Contributor", "x")}, {Address: "t", Role: posture.Known("Reader", "x")}}
	if got, want := lines(c), `private DNS zone: privatelink.redis.azure.net, linked to the networks of the clients
private endpoint a: sub-resource redisEnterprise on the id of the new cache, zone privatelink.redis.azure.net
private endpoint b: sub-resource redisEnterprise on the id of the new cache, zone privatelink.redis.azure.net
diagnostic setting d: on databases/default of the new cache, category group allLogs, to the same destination
access policy assignment y: policy default, which grants every command on every key
access policy assignment z: policy default, which grants every command on every key, instead of Data Reader, `+
		`for the object id 11111111-2222-3333-4444-555555555555
geo-replication group: active geo-replication with the targets of the other members
role assignment r: on the id of the new cache
role assignment s: of another role, on the id of the new cache: Redis Cache Contributor has no rights on it
role assignment t: on the id of the new cache
policy assignment azurerm_subscription_policy_assignment.p: of a definition for Microsoft.Cache/redisEnterprise
maintenance window: two or more a week, 18 hours in all, by azapi; today Sunday 02:00`; got != want {
		t.Errorf("%s", got)
	}
	c = plainEnterprise()
	on(&c.CustomerManagedKey)
	if got := lines(c); !strings.Contains(got, "customer-managed key: the same key") {
		t.Errorf("%s", got)
	}
}

func TestReferences(t *testing.T) {
	c := plain()
	c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "azurerm_private_endpoint.e"}}
	c.References.Items = []posture.Reference{
		{Consumer: "output.url", Attribute: "hostname", Position: posture.Position{File: "main.tf", Line: 7}},
		{Consumer: "azurerm_private_endpoint.e", Argument: "private_service_connection[0].private_connection_resource_id", Attribute: "id"},
		{Consumer: "azurerm_private_endpoint.e", Argument: "for_each.north"},
		{Consumer: "azurerm_linux_web_app.a", Argument: "for_each.north"},
		{Consumer: "azurerm_redis_enterprise_database.d", Argument: "cluster_id", Attribute: "id"},
		{Consumer: "azurerm_linux_web_app.a", Argument: "app_settings", Attribute: "primary_access_key"},
		{Consumer: "azurerm_linux_web_app.a", Argument: "app_settings", Attribute: "ssl_port"},
	}
	m := planned(c)
	var got []string
	for _, r := range m.References {
		got = append(got, r.Consumer+" "+r.Argument+" "+r.Attribute+": "+r.Action)
	}
	want := []string{
		"azurerm_linux_web_app.a app_settings primary_access_key: sign in with Microsoft Entra ID, or take the key of the target while its " +
			"keys are on",
		"azurerm_linux_web_app.a app_settings ssl_port: take port 10000",
		"output.url  hostname: take hostname of the target",
	}
	if !slices.Equal(got, want) || m.ReferencesSeen != "all" {
		t.Errorf("%q, %s", got, m.ReferencesSeen)
	}
	if at := m.References[2].Position; at == nil || at.File != "main.tf" || at.Line != 7 || m.References[0].Position != nil {
		t.Errorf("%+v", m.References)
	}
	c.References.Observed, c.References.Detail = false, "a scan reads no configuration"
	if seen := planned(c).ReferencesSeen; !strings.Contains(seen, "a scan reads no configuration") {
		t.Error(seen)
	}
	c.References.Observed, c.References.Doubts = true, []posture.Doubt{{Address: "output.x", Detail: "local.y"}}
	if seen := planned(c).ReferencesSeen; !strings.Contains(seen, "local.y") {
		t.Error(seen)
	}
}

// TestAfter: what the target cannot be made to be is unknown, with its reason, and what
// is in sight counts.
func TestAfter(t *testing.T) {
	c := plain()
	c.PrivateEndpoints.Items = []posture.PrivateEndpoint{{Address: "e"}}
	workspace := []posture.Value[string]{posture.Known("/workspace", "x")}
	c.DiagnosticSettings.Items = []posture.DiagnosticSetting{{Address: "d", Destinations: workspace}}
	grant("Data Owner")(c)
	for _, tt := range []struct {
		cache *posture.Cache
		want  []string
	}{
		{plain(), []string{"NS-2/azure-private-link", "IM-3/managed-identities", "IM-3/service-principals", "AM-2/azure-policy-support",
			"LT-4/azure-resource-logs"}},
		{c, []string{"AM-2/azure-policy-support"}},
	} {
		m := planned(tt.cache)
		var got []string
		for _, v := range m.After.Unknown {
			got = append(got, v.ID)
			if v.Reason == "" || v.Message == "" {
				t.Errorf("%+v", v)
			}
		}
		if !slices.Equal(got, tt.want) || len(m.After.Violations) > 0 || m.After.Baseline != "azure-managed-redis" {
			t.Errorf("%q, want %q; %+v", got, tt.want, m.After)
		}
	}
}

func TestPartners(t *testing.T) {
	const root = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cache/"
	classic, cluster := plain(), plainEnterprise()
	link(classic)
	classic.Links.Items = append(classic.Links.Items, posture.GeoLink{OtherAddress: "azurerm_redis_cache.c"},
		posture.GeoLink{Other: posture.Known("secret", "x").Sensitive()})
	cluster.LinkedDatabases = posture.Known([]string{root + "redisEnterprise/ORDERS/databases/default",
		root + "redisEnterprise/b/DATABASES/default", "odd", ""}, "x")
	for _, tt := range []struct {
		cache *posture.Cache
		want  []string
	}{
		{plain(), nil}, {classic, []string{root + "redis/backup", "azurerm_redis_cache.c"}}, {cluster, []string{root + "redisEnterprise/b"}},
	} {
		if got := planned(tt.cache).Partners; !slices.Equal(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
