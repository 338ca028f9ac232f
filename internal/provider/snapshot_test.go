package provider

import (
	"fmt"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// anyValue draws a value of a shape in which any part may be null or unknown.
func (s *shape) anyValue(t *rapid.T) tftypes.Value {
	typ := s.tfType()
	switch rapid.IntRange(0, 9).Draw(t, "state") {
	case 0:
		return tftypes.NewValue(typ, nil)
	case 1:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	return s.knownValue(t)
}

func (s *shape) knownValue(t *rapid.T) tftypes.Value {
	typ := s.tfType()
	switch s.kind {
	case kindFlag:
		return tftypes.NewValue(typ, rapid.Bool().Draw(t, "flag"))
	case kindNumber:
		return tftypes.NewValue(typ, rapid.IntRange(0, 9).Draw(t, "number"))
	case kindList, kindSet:
		items := make([]tftypes.Value, rapid.IntRange(0, 2).Draw(t, "length"))
		for i := range items {
			items[i] = s.elem.anyValue(t)
		}
		return tftypes.NewValue(typ, items)
	case kindObject:
		attrs := map[string]tftypes.Value{}
		for _, name := range s.names() {
			attrs[name] = s.attrs[name].anyValue(t)
		}
		return tftypes.NewValue(typ, attrs)
	default:
		return tftypes.NewValue(typ, rapid.SampledFrom([]string{"1.0", "Premium", "redisCache", "redis-orders", otherID, "*"}).Draw(t, "text"))
	}
}

// A data source that gets a snapshot must judge exactly what a function judges
// that gets the objects.
func TestSnapshotLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cache := node{v: cacheShape().knownValue(t)}
		var companions []node
		for i := range rapid.IntRange(0, 2).Draw(t, "companions") {
			n := node{v: companionShape().knownValue(t), path: fmt.Sprintf("companions[%d]", i)}
			if len(kindsOf(n, service.Redis)) > 0 {
				n.path = fmt.Sprintf("companions[%d]", len(companions))
				companions = append(companions, n)
			}
		}
		want, refused := toPosture(cache, companions)
		frozen := freeze(cache, companions)
		if !frozen.IsFullyKnown() {
			t.Fatal("a snapshot must be wholly known")
		}
		thawed, around, err := thaw(node{v: frozen})
		if err != nil {
			t.Fatal(err)
		}
		got, err := toPosture(thawed, around)
		if fmt.Sprint(err) != fmt.Sprint(refused) {
			t.Fatalf("the snapshot is refused with %v, the objects with %v", err, refused)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if again := freeze(thawed, around); !again.Equal(frozen) {
			t.Fatal("freezing twice must change nothing")
		}
	})
}

// An object that may be of several kinds must not become one of them because
// the ids that tell the others are not known yet.
func TestSnapshotKeepsKindsOpen(t *testing.T) {
	cache := node{v: cacheShape().value(t, obj{"name": "redis-orders", "family": "C"})}
	open := node{v: companionShape().value(t, obj{"security_rule": unknown, "target_resource_id": unknown}), path: "companions[0]"}
	thawed, around, err := thaw(node{v: freeze(cache, []node{open})})
	if err != nil {
		t.Fatal(err)
	}
	want, _ := toPosture(cache, []node{open})
	got, err := toPosture(thawed, around)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestThawRefusesWhatASnapshotDoesNotHave(t *testing.T) {
	_, _, err := thaw(node{v: snapshotShape().value(t, obj{"undecided": arr{"subnet_id", "nonsense", "redis_configuration[3]"}})})
	if err == nil || err.Error() != "undecided names what a snapshot does not have: nonsense, redis_configuration[3]" {
		t.Errorf("got %v", err)
	}
}

func TestCompanionsShareTypes(t *testing.T) {
	// Every attribute that tells a kind must exist in the union.
	var missing []string
	for _, k := range companionKinds {
		for _, name := range k.needs {
			if companionShape().attrs[name] == nil {
				missing = append(missing, name)
			}
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
}
