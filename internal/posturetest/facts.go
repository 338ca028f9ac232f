// Package posturetest walks the facts of a posture by reflection, so that a test
// of a source notices a fact that the source forgets.
//
// Nothing outside tests may import this package.
package posturetest

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Fact is a fact of a posture, whatever its type.
type Fact struct {
	State  posture.State
	Value  any // of a known fact
	Reason posture.Reason
	Path   string // where it was read
}

// Filled reports whether a source said something: a value, or that there is none.
func (f Fact) Filled() bool { return f.State != posture.StateUnknown }

// Facts returns the facts of a cache, those that only its service has or only a migration
// depends on among them, by the name of their field, such as "Tier"; a companion's field has the name of the set before it:
// "PrivateEndpoints.Approval". Of several companions the first whose field is
// filled counts. Every field of the posture is in the map, also where the cache
// has no companion of the kind. A field that is a string and no [posture.Value]
// is known where it is not empty; a set is known where it has items or was
// observed.
func Facts(c *posture.Cache) map[string]Fact {
	out := walker{map[string]Fact{}, true}
	out.cache(c)
	return out.facts
}

// Names are the names of the facts of which verdicts on a cache are made, sorted: all but
// those that only a migration depends on.
func Names(c *posture.Cache) []string {
	out := walker{map[string]Fact{}, false}
	out.cache(c)
	return slices.Sorted(maps.Keys(out.facts))
}

// walker collects facts, where it is told to those for a migration too.
type walker struct {
	facts     map[string]Fact
	migration bool
}

func (out walker) cache(c *posture.Cache) {
	out.fields("", reflect.ValueOf(*c))
	if c.Type == "Microsoft.Cache/redisEnterprise" {
		out.fields("", reflect.ValueOf(c.ManagedRedis))
	}
	if out.migration {
		out.fields("", reflect.ValueOf(c.Migration))
		out.walk("Identities", reflect.ValueOf(c.Identities)) // rules judge those of Azure Managed Redis only
	}
}

func (out walker) fields(prefix string, v reflect.Value) {
	for i := range v.NumField() {
		if field := v.Type().Field(i); !field.Anonymous && (out.migration || field.Tag.Get("read") != "migration") {
			out.walk(prefix+field.Name, v.Field(i))
		}
	}
}

func (out walker) walk(name string, v reflect.Value) {
	note := func(f Fact) {
		if old, there := out.facts[name]; !there || f.Filled() && !old.Filled() {
			out.facts[name] = f
		}
	}
	typ := v.Type()
	switch {
	case typ.Kind() == reflect.String:
		f := Fact{Value: v.String()}
		if v.String() != "" {
			f.State = posture.StateKnown
		}
		note(f)
	case isValue(typ):
		source, _ := v.FieldByName("Source").Interface().(posture.Source)
		f := Fact{Path: source.Path, Reason: posture.Reason(v.FieldByName("Reason").String())}
		f.State, _ = v.FieldByName("State").Interface().(posture.State)
		if f.State == posture.StateKnown {
			f.Value = v.FieldByName("V").Interface()
		}
		note(f)
		if inner := v.FieldByName("V"); holdsFacts(inner.Type()) {
			out.walk(name, inner)
		}
	case isSet(typ):
		observed := Fact{Reason: posture.Reason(v.FieldByName("Reason").String())}
		if v.FieldByName("Observed").Bool() || v.FieldByName("Items").Len() > 0 {
			observed.State = posture.StateKnown
		}
		note(observed)
		out.walk(name, v.FieldByName("Items"))
	case typ.Kind() == reflect.Slice && holdsFacts(typ):
		out.walk(name, reflect.Zero(typ.Elem())) // the fields, where the list is empty
		for i := range v.Len() {
			out.walk(name, v.Index(i))
		}
	case typ.Kind() == reflect.Struct:
		out.fields(name+".", v)
	}
}

func isValue(t reflect.Type) bool { return strings.HasPrefix(t.Name(), "Value[") }
func isSet(t reflect.Type) bool   { return strings.HasPrefix(t.Name(), "Set[") }

// holdsFacts reports whether a type is a structure of the posture, or a list of them.
func holdsFacts(t reflect.Type) bool {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && strings.HasSuffix(t.PkgPath(), "/posture")
}
