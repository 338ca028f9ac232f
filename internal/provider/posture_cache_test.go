package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// secondService and its table are those of a service that nobody judges.
var secondService = &service.Service{
	Name: "Second Redis", Type: "Microsoft.Cache/second", Azurerm: []string{"azurerm_second_redis"},
	Subresource: "second", Database: "/databases/default",
}

var secondTable = vocabulary.Table[posture.Cache]{
	{Field: func(c *posture.Cache) any { return &c.Name }, Identity: true, Azurerm: vocabulary.Term{Path: "name"}},
	{Field: func(c *posture.Cache) any { return &c.ResourceID }, Identity: true, Azurerm: vocabulary.Term{Path: "id"}},
	{Field: func(c *posture.Cache) any { return &c.Tier }, Values: []string{"Tiny"}, Doc: "`Tiny`.",
		Azurerm: vocabulary.Term{Path: "sku_name"}},
	{Field: func(c *posture.Cache) any { return &c.Zones }, Common: true, Azurerm: vocabulary.Term{Path: "zones"}},
	{Field: func(c *posture.Cache) any { return &c.NonTLSPort }, Azurerm: vocabulary.Term{Path: "default_database.plaintext_enabled"}},
	{Field: func(c *posture.Cache) any { return &c.RDBBackup }, Azurerm: vocabulary.Term{Path: "default_database.persistence.rdb_enabled"}},
	{Field: func(c *posture.Cache) any { return &c.RedisVersion }, Azurerm: vocabulary.Term{CannotSet: "no argument"}},
}

func twoKinds(second vocabulary.Table[posture.Cache]) cacheKinds {
	return cacheKindsOf([]*service.Service{service.Redis, secondService}, func(s *service.Service) vocabulary.Table[posture.Cache] {
		if s == secondService {
			return second
		}
		return vocabulary.Of(s)
	})
}

// conflicts are the attributes that two objects have with different types.
func conflicts(a, b *shape, path string) (out []string) {
	if a.kind != b.kind {
		return []string{path}
	}
	if a.elem != nil {
		return conflicts(a.elem, b.elem, path)
	}
	for _, name := range a.names() {
		if other := b.attrs[name]; other != nil {
			out = append(out, conflicts(a.attrs[name], other, join(path, name))...)
		}
	}
	return out
}

func TestAttributesOfServicesHaveOneType(t *testing.T) {
	for _, k := range judgedKinds() {
		if odd := conflicts(k.shape, cacheShape(), ""); odd != nil {
			t.Errorf("%s: another service has another type for %v", k.service.Name, odd)
		}
	}
	odd := twoKinds(append(secondTable[:len(secondTable):len(secondTable)],
		vocabulary.Fact[posture.Cache]{Field: func(c *posture.Cache) any { return &c.UpdateChannel },
			Azurerm: vocabulary.Term{Path: "redis_configuration.rdb_backup_enabled"}}))
	if got := conflicts(odd[1].shape, odd.shape(), ""); !slices.Equal(got, []string{"redis_configuration.rdb_backup_enabled"}) {
		t.Errorf("a text that another service has as a truth value: %v", got)
	}
}

func TestUnionOfServices(t *testing.T) {
	kinds := twoKinds(secondTable)
	union := kinds.shape()
	for _, k := range kinds {
		for _, name := range k.shape.names() {
			if union.attrs[name] == nil {
				t.Errorf("%s of %s is missing", name, k.service.Name)
			}
		}
	}
	if doc := union.attrs["sku_name"].doc; doc != "`Basic`, `Standard` or `Premium`. `Tiny`." {
		t.Errorf("sku_name is described as %q", doc)
	}
	want := tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"plaintext_enabled": tftypes.Bool,
		"persistence":       tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"rdb_enabled": tftypes.Bool}}},
	}}}
	if got := union.attrs["default_database"].ordered().tfType(); !got.Equal(want) {
		t.Errorf("default_database is %s", got)
	}
}

func TestServiceOfAnObject(t *testing.T) {
	kinds := twoKinds(secondTable)
	for _, test := range []struct {
		name   string
		object obj
		want   string // type, or a part of the error
	}{
		{"a cache of the first service", cacheWith(nil), service.Redis.Type},
		{"a block of the second", obj{"name": "n", "sku_name": "Tiny", "default_database": arr{}}, secondService.Type},
		{"a block of it that is not known", obj{"default_database": unknown}, secondService.Type},
		{"what only one has decides, not the words", obj{"sku_name": "Premium", "default_database": arr{}}, secondService.Type},
		{"the words of the first", obj{"sku_name": "premium"}, service.Redis.Type},
		{"the words of the second", obj{"sku_name": "Tiny"}, secondService.Type},
		{"words of none", obj{"sku_name": "hunter2"}, "none of the attributes that tell one is set"},
		{"words that are not known", obj{"sku_name": unknown}, "\n  azurerm_second_redis\n  - default_database\n\n"},
		{"what other resources have", obj{"name": "n", "zones": arr{"1"}}, "  azurerm_redis_cache\n  - access_keys_authentication_enabled\n"},
		{"attributes of both", obj{"family": "C", "default_database": arr{}},
			"\n\n  - family of azurerm_redis_cache\n  - default_database of azurerm_second_redis"},
	} {
		k, err := kinds.identify(node{v: kinds.shape().value(t, test.object)})
		switch {
		case err == nil && k.service.Type != test.want:
			t.Errorf("%s: of %s", test.name, k.service.Name)
		case err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestReadCacheOfAnotherService(t *testing.T) {
	kinds := twoKinds(secondTable)
	c := kinds[1].read(node{v: kinds.shape().value(t, obj{"name": "n", "default_database": arr{obj{
		"plaintext_enabled": true, "persistence": arr{obj{"rdb_enabled": true}},
	}}})})
	if c.Type != secondService.Type || !c.NonTLSPort.V || !c.RDBBackup.V || !c.RedisVersion.IsUnset() {
		t.Errorf("got %+v", c)
	}
}

func TestCompanionsOfAnotherService(t *testing.T) {
	const id = group + "/providers/Microsoft.Cache/second/redis-orders"
	to := func(subresource string) obj {
		pe := endpointTo(id)
		pe["private_service_connection"].(arr)[0].(obj)["subresource_names"] = arr{subresource}
		return pe
	}
	rule := obj{"name": "r", "redis_cache_name": "redis-orders", "resource_group_name": "rg-orders", "start_ip": "10.0.0.1"}
	for _, who := range []identity{{service: secondService, name: "redis-orders", group: "rg-orders"}, {service: secondService, id: id}} {
		read := func(companion obj) (c posture.Cache) {
			if err := readCompanions([]node{{v: companionShape().value(t, companion)}}, who, &c); err != nil {
				t.Fatal(err)
			}
			return c
		}
		for name, got := range map[string]bool{
			"an endpoint to its sub-resource":     read(to("second")).PrivateEndpoints.Observed,
			"a diagnostic setting of its logs":    read(logsOfCache(id + "/DATABASES/default")).DiagnosticSettings.Observed,
			"no endpoint to another sub-resource": !read(to("redisCache")).PrivateEndpoints.Observed,
			"no endpoint to another service":      !read(endpointTo(ordersID)).PrivateEndpoints.Observed,
			"no logs of a cluster":                read(logsOfCache(id)).DiagnosticSettings.Items[0].OnCluster,
			"no diagnostic setting of another":    !read(logsOfCache(id + "-2/databases/default")).DiagnosticSettings.Observed,
			"no setting of another cluster":       !read(logsOfCache(id + "-2")).DiagnosticSettings.Observed,
			"no firewall rule of another service": !read(rule).FirewallRules.Observed && read(rule).FirewallRules.Detail != "",
			"no assignment of another service":    !read(obj{"redis_cache_id": unknown, "access_policy_name": "x"}).AccessPolicyAssignments.Observed,
		} {
			if !got {
				t.Errorf("%s: not so, for %+v", name, who)
			}
		}
	}
}

// A verdict is told in the words of the document of the service of its cache.
func TestDocumentOfAnotherService(t *testing.T) {
	const id = "DP-3/data-in-transit-encryption"
	documents := append(baseline.Published(), &baseline.Document{ID: "second", Service: secondService, Features: []baseline.Entry{
		{Rule: &baseline.Rule{ID: id}, Control: "X-1", Title: "Second title", Severity: report.Low, Help: "https://second.example"},
	}})
	of := func(name, typ string) report.Cache {
		f := report.Finding{ID: id, Severity: documents.For(typ).Entry(id).Severity, Status: report.NonCompliant, Message: "m"}
		return report.Cache{DisplayName: name, Type: typ, Features: []report.Finding{f}}
	}
	judged := []judgement{{title: "a", report: of("a", service.Redis.Type)}, {title: "b", report: of("b", secondService.Type)}}
	speak := speaker{documents: documents}
	diags := speak.diagnose(judged)
	if len(diags) != 2 || !strings.HasPrefix(diags[0].Summary(), "DP-3 ") || !strings.HasPrefix(diags[1].Summary(), "DP-3 Second title: b ") ||
		!strings.Contains(diags[1].Detail(), "https://second.example") {
		t.Errorf("got %v", diags)
	}
	features, _ := verdictsOf(judged)
	if features[0].Severity != report.High || features[1].Severity != report.Low {
		t.Errorf("got %+v", features)
	}
	many := &fleet{settings: &settings{documents: documents}, speak: speak, findings: map[*baseline.Entry]*mentions{},
		judged: map[*baseline.Document]int{}, controls: map[string]*report.Summary{}, rules: map[string]*report.Summary{}}
	for _, j := range append(judged, judged...) {
		many.add(&posture.Cache{Name: posture.Known(j.title, "name")}, j.report)
	}
	if diags := many.diagnose(); len(diags) != 2 ||
		diags[1].Summary() != "DP-3 Second title: 2 of 2 caches of Second Redis violate it, b first" {
		t.Errorf("got %v", diags)
	}
}
