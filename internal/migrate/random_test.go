package migrate_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// world draws a cache of which everything is known: several cells of the table above at
// once. Left out, since no service accepts it: injection beside a private endpoint.
func world(t *rapid.T) *posture.Cache {
	enterprise := rapid.Bool().Draw(t, "enterprise")
	c := plain()
	if enterprise {
		c = plainEnterprise()
		skus := []string{"Enterprise_E1", "Enterprise_E5", "Enterprise_E10", "Enterprise_E50", "EnterpriseFlash_F300"}
		c.SKU.V = rapid.SampledFrom(skus).Draw(t, "sku")
		c.Capacity.V = rapid.SampledFrom([]int{2, 3, 4, 6}).Draw(t, "capacity")
	} else {
		tier := rapid.SampledFrom(posture.Tiers).Draw(t, "tier")
		c.Tier.V, c.Capacity.V = tier, rapid.IntRange(0, 6).Draw(t, "capacity")
		if tier == "Premium" {
			premium(c)
			c.Capacity.V = rapid.IntRange(1, 5).Draw(t, "capacity of Premium")
			if rapid.Bool().Draw(t, "clustered") {
				c.ShardCount = posture.Known(rapid.IntRange(1, 15).Draw(t, "shards"), "shard_count")
			}
		}
	}
	for i := range cells {
		if tt := &cells[i]; tt.edit != nil && tt.enterprise == enterprise && whole(tt) && rapid.IntRange(0, 5).Draw(t, tt.id+" "+tt.cell) == 0 {
			size := *c
			tt.edit(c)
			c.SKU = size.SKU // the size stays the one that was drawn
			if size.Tier.V == "Premium" || enterprise {
				c.Capacity, c.ShardCount = size.Capacity, size.ShardCount
			}
		}
	}
	if c.SubnetID.IsKnown() {
		c.PrivateEndpoints.Items = nil
	}
	return c
}

// whole reports whether a cell leaves no fact of a plain cache unknown.
func whole(tt *cell) bool {
	c := plain()
	if tt.enterprise {
		c = plainEnterprise()
	}
	tt.edit(c)
	known := true
	facts(reflect.ValueOf(c).Elem(), func(v reflect.Value) {
		if isSet(v) {
			known = known && v.FieldByName("Observed").Bool() && v.FieldByName("Doubts").Len() == 0
		} else {
			known = known && v.FieldByName("State").Int() != int64(posture.StateUnknown)
		}
	})
	return known
}

func isSet(v reflect.Value) bool { return strings.HasPrefix(v.Type().Name(), "Set[") }

// facts visits the facts and sets of a cache that a plan of a migration looks at, but for
// the SKU, by which a cluster is known to retire.
func facts(v reflect.Value, visit func(reflect.Value)) {
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i)
		switch {
		case isSet(field), strings.HasPrefix(field.Type().Name(), "Value["):
			if !slices.Contains([]string{"ResourceGroup", "SKU", "Tags", "MaintenanceDays"}, name.Name) {
				visit(field)
			}
		case name.Anonymous:
			facts(field, visit)
		}
	}
}

// blur hides facts and companions of a cache.
func blur(t *rapid.T, original *posture.Cache) *posture.Cache {
	c := *original
	hidden := func() bool { return rapid.IntRange(0, 3).Draw(t, "hide") == 0 }
	facts(reflect.ValueOf(&c).Elem(), func(v reflect.Value) {
		if !hidden() {
			return
		}
		if !isSet(v) {
			v.FieldByName("State").SetInt(int64(posture.StateUnknown))
			v.FieldByName("V").SetZero()
			return
		}
		v.FieldByName("Observed").SetBool(false)
		if items := v.FieldByName("Items"); items.Len() > 0 && hidden() {
			items.Set(items.Slice(1, items.Len()).Slice3(0, items.Len()-1, items.Len()-1))
		}
	})
	return &c
}

// TestUnknown: a hidden fact neither adds a difference for certain nor takes one away.
func TestUnknown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := world(t)
		sure, dim := planned(c), planned(blur(t, c))
		for _, d := range dim.Differences {
			if d.Certain && find(&sure, d.ID) == nil {
				t.Errorf("%s is certain with less than what is known, and absent with all of it: %s", d.ID, d.Message)
			}
		}
		for _, d := range sure.Differences {
			if find(&dim, d.ID) == nil {
				t.Errorf("%s is absent where facts are hidden: %s", d.ID, d.Message)
			}
		}
		for i := range dim.Paths {
			if known := dim.Paths[i].Eligible; known != nil && *known != *sure.Paths[i].Eligible {
				t.Errorf("%s: eligible %t with less than what is known", dim.Paths[i].ID, *known)
			}
		}
		safe := []migrate.SettingName{migrate.HighAvailability, migrate.Replicas, migrate.Zones} // on where the tier is not known
		for i, s := range dim.Target.Settings {
			want := sure.Target.Settings[i].Value
			if s.Value != "" && s.Value != want && !slices.Contains(safe, s.Name) {
				t.Errorf("%s is %q, and %q with all that is known: %s", s.Name, s.Value, want, s.Why)
			}
		}
	})
}

// TestNothingLost: the target has the memory, persistence, zones and replication of the
// cache, or a difference says that it has not.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := world(t)
		if rapid.Bool().Draw(t, "blurred") {
			c = blur(t, c)
		}
		m := planned(c)
		says := func(id string) bool { return find(&m, "migration/"+id) != nil }
		if m.Target.Known && m.Current.MemoryGB > 0 && m.Target.Size.MemoryGB < m.Current.MemoryGB {
			t.Errorf("%s has %g GB, the target %g", m.Current.SKU, m.Current.MemoryGB, m.Target.Size.MemoryGB)
		}
		premium := m.Service == service.Enterprise.Name || strings.EqualFold(c.Tier.V, "Premium")
		persisted := c.RDBBackup.V && premium || c.AOFBackup.V && premium
		if mode := m.Target.Value(migrate.Persistence); persisted && mode == "none" && !says("geo-replication-persistence") {
			t.Error("persistence is lost")
		}
		if len(c.Zones.V) > 0 && !says("zones") {
			t.Error("zones are lost")
		}
		if m.Target.Value(migrate.HighAvailability) != "true" && !strings.EqualFold(c.Tier.V, "Basic") {
			t.Error("replication is lost")
		}
		if c.Replicas.V > 1 && premium && m.Service == service.Redis.Name && !says("replicas") {
			t.Error("replicas are lost")
		}
		if c.GeoReplicationGroup.V != "" && !says("geo-replication-group") || len(c.Links.Items) > 0 && c.Tier.V == "Premium" &&
			m.Service == service.Redis.Name && !says("geo-replication") {
			t.Error("geo-replication is lost")
		}
		if len(m.After.Violations) > 0 {
			t.Errorf("the target is violated: %+v", m.After.Violations)
		}
		for _, v := range m.After.Unknown {
			if v.Message == "" {
				t.Errorf("%s is unknown for no reason", v.ID)
			}
		}
	})
}

// TestOrder: the order of companions does not matter.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := world(t)
		turned := *c
		facts(reflect.ValueOf(&turned).Elem(), func(v reflect.Value) {
			if !isSet(v) {
				return
			}
			items := v.FieldByName("Items")
			reversed := reflect.MakeSlice(items.Type(), 0, items.Len())
			for i := items.Len() - 1; i >= 0; i-- {
				reversed = reflect.Append(reversed, items.Index(i))
			}
			items.Set(reversed)
		})
		a, _ := json.Marshal(planned(c))
		b, _ := json.Marshal(planned(&turned))
		if string(a) != string(b) {
			t.Errorf("%s\n%s", a, b)
		}
	})
}

// TestSecrets: a value that is not documented, and one that may be a secret, stands in no
// text of the plan.
func TestSecrets(t *testing.T) {
	const secret = "s3cr3t"
	hide := func(v *posture.Value[string]) { *v = posture.Known(secret, "x") }
	for _, c := range []*posture.Cache{plain(), plainEnterprise()} {
		for _, v := range []*posture.Value[string]{
			&c.Tier, &c.Family, &c.MinimumTLSVersion, &c.PersistenceAuthentication, &c.ZonalAllocationPolicy, &c.RedisVersion, &c.UpdateChannel,
			&c.ClientProtocol, &c.ClusteringPolicy, &c.DeferUpgrade, &c.EvictionPolicy, &c.KeyspaceNotifications,
		} {
			hide(v)
		}
		c.Modules = posture.Known([]string{secret}, "x")
		c.Zones = posture.Known([]string{secret}, "x")
		c.Tags = posture.Known(map[string]string{"a": secret, secret: "b"}, "x")
		c.Name, c.ResourceID = posture.Known(secret, "x").Sensitive(), posture.Known("/"+secret, "x").Sensitive()
		c.Location = posture.Known(secret, "x").Sensitive()
		c.GeoReplicationGroup = posture.Known(secret, "x").Sensitive()
		c.FirewallRules.Items = []posture.FirewallRule{{Name: "a", Start: posture.Known(secret, "x"), End: posture.Known(secret, "x")}}
		c.AccessPolicies.Items = []posture.AccessPolicy{{Name: posture.Known(secret, "x"), Permissions: posture.Known(secret, "x")}}
		c.RoleAssignments.Items = []posture.RoleAssignment{{Role: posture.Known(secret, "x"), Principal: posture.Known(secret, "x")}}
		c.AccessPolicyAssignments.Items = []posture.AccessPolicyAssignment{{PolicyName: posture.Known(secret, "x"),
			Permissions: posture.Known(secret, "x"), ObjectID: posture.Known(secret, "x")}}
		c.Links.Items = []posture.GeoLink{{Other: posture.Known("/"+secret, "x").Sensitive()}}
		c.DiagnosticSettings.Items = []posture.DiagnosticSetting{{Destinations: []posture.Value[string]{posture.Known(secret, "x")}}}
		m := planned(c)
		m.Before = migrate.Verdicts{} // not a text of this package
		text, err := json.Marshal(m)
		if err != nil || strings.Contains(string(text), secret) {
			t.Errorf("%v: %s", err, text)
		}
	}
}

// TestSensitive: the values of sensitive facts stand in no text of the plan.
func TestSensitive(t *testing.T) {
	for _, c := range []*posture.Cache{plain(), plainEnterprise()} {
		c.EvictionPolicy = posture.Known("allkeys-random", "x")
		c.KeyspaceNotifications = posture.Known("KEA", "x")
		c.Modules = posture.Known([]string{"RediSearch"}, "x")
		c.ClusteringPolicy = posture.Known("EnterpriseCluster", "x")
		c.RedisVersion = posture.Known("4", "x")
		c.GeoReplicationGroup = posture.Known("shop", "x")
		facts(reflect.ValueOf(c).Elem(), func(v reflect.Value) {
			if !isSet(v) {
				v.FieldByName("Source").FieldByName("Sensitive").SetBool(true)
			}
		})
		m := planned(c)
		m.Before = migrate.Verdicts{} // not a text of this package
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{"AllKeysRandom", "KEA", "RediSearch", "Redis 4", "westeurope", "shop", "orders.", "C2"} {
			if strings.Contains(string(text), value) {
				t.Errorf("%q stands in %s", value, text)
			}
		}
		if policy := m.Target.Value(migrate.ClusteringPolicy); policy == "EnterpriseCluster" {
			t.Error("the clustering policy is told")
		}
	}
}
