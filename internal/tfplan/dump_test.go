package tfplan_test

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// dump writes a plan's postures one fact a line, so that golden files read like
// a list of facts: `Field = value`, `Field unset`, `Field unknown: reason`.
func dump(p *tfplan.Plan) string {
	var out strings.Builder
	for _, n := range p.Notes() {
		fmt.Fprintf(&out, "note: %s\n", n)
	}
	for c := range p.Caches() {
		fmt.Fprintf(&out, "\n%s (%s)\n", c.After.Address, c.After.Change)
		for _, n := range c.Notes {
			fmt.Fprintf(&out, "  note: %s\n", n)
		}
		if c.After.Change == posture.ChangeDelete {
			continue
		}
		dumpValue(&out, "  ", "", reflect.ValueOf(*c.After))
		if c.Before != nil {
			fmt.Fprintf(&out, "  before:\n")
			dumpValue(&out, "    ", "", reflect.ValueOf(*c.Before))
		}
	}
	return out.String()
}

func dumpValue(out *strings.Builder, indent, name string, v reflect.Value) {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Struct && strings.HasPrefix(t.Name(), "Value["):
		src := v.FieldByName("Source").Interface().(posture.Source)
		mark := ""
		if src.Sensitive {
			mark += " (sensitive)"
		}
		if src.Origin == posture.OriginDefault {
			mark += " (default)"
		}
		if src.Detail != "" {
			mark += " [" + src.Detail + "]"
		}
		switch posture.State(v.FieldByName("State").Int()) {
		case posture.StateKnown:
			inner := v.FieldByName("V")
			if zones, ok := inner.Interface().([]posture.DNSZone); ok {
				inner = reflect.ValueOf(zoneNames(zones))
			}
			if inner.Kind() == reflect.Struct {
				fmt.Fprintf(out, "%s%s known%s\n", indent, name, mark)
				dumpValue(out, indent+"  ", "", inner)
			} else {
				fmt.Fprintf(out, "%s%s = %v%s\n", indent, name, inner.Interface(), mark)
			}
		case posture.StateUnset:
			fmt.Fprintf(out, "%s%s unset%s\n", indent, name, mark)
		default:
			reason := v.FieldByName("Reason").String()
			if reason == "" {
				reason = "not_observed"
			}
			fmt.Fprintf(out, "%s%s unknown: %s%s\n", indent, name, reason, mark)
		}
	case t == reflect.TypeFor[posture.ManagedRedis]() && v.IsZero():
		// A cache of another service.
	case t == reflect.TypeFor[posture.Migration]() && !v.FieldByName("MigrationAsked").Bool():
		// No migration was asked for.
	case t.Kind() == reflect.Struct:
		if name != "" {
			fmt.Fprintf(out, "%s%s\n", indent, name)
			indent += "  "
		}
		for i := range t.NumField() {
			dumpValue(out, indent, t.Field(i).Name, v.Field(i))
		}
	case t.Kind() == reflect.Pointer && v.IsNil():
		// Places: without the configuration there are none.
	case t == reflect.TypeFor[*posture.Memo]():
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			dumpValue(out, indent, fmt.Sprintf("%s[%d]", name, i), v.Index(i))
		}
	default:
		if s := fmt.Sprint(v.Interface()); s != "" && s != "false" && name != "Type" && name != "Change" {
			fmt.Fprintf(out, "%s%s: %s\n", indent, name, s)
		}
	}
}

// dumpMigration writes the facts of the caches on which only a migration depends.
func dumpMigration(p *tfplan.Plan) string {
	var out strings.Builder
	for c := range p.Caches() {
		fmt.Fprintf(&out, "\n%s (%s)\n", c.After.Address, c.After.Change)
		for before, side := range []*posture.Cache{c.After, c.Before} {
			if side == nil || side.Change == posture.ChangeDelete {
				continue
			}
			indent := "  "
			if before == 1 {
				fmt.Fprintf(&out, "  before:\n")
				indent = "    "
			}
			dumpValue(&out, indent, "Capacity", reflect.ValueOf(side.Capacity))
			dumpValue(&out, indent, "Identities", reflect.ValueOf(side.Identities))
			scalars := side.Migration
			// These have tests of their own.
			scalars.Links, scalars.RoleAssignments = posture.Set[posture.GeoLink]{}, posture.Set[posture.RoleAssignment]{}
			scalars.References = posture.Set[posture.Reference]{}
			dumpValue(&out, indent, "", reflect.ValueOf(scalars))
			for _, e := range side.PrivateEndpoints.Items {
				dumpValue(&out, indent, e.Address+" SubnetID", reflect.ValueOf(e.SubnetID))
			}
			for _, a := range side.AccessPolicyAssignments.Items {
				dumpValue(&out, indent, a.Address+" ObjectID", reflect.ValueOf(a.ObjectID))
			}
		}
	}
	return out.String()
}

// zoneNames are the names of zones, and of what is known of their links.
func zoneNames(zones []posture.DNSZone) []string {
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.Name
		switch linked, known := z.Linked.Get(); {
		case known && linked:
			names[i] += " (linked)"
		case known:
			names[i] += " (not linked)"
		case z.Linked.IsUnknown():
			names[i] += " (links: " + string(z.Linked.Why()) + ")"
		}
	}
	return names
}
