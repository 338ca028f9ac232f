package vocabulary_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// noRow says why a field of a posture is no fact that stands in the object itself.
var noRow = map[string]string{
	"Cache.Address": "where Terraform has it", "Cache.Label": "what its user calls it", "Cache.Type": "the table itself",
	"Cache.Change": "what a plan does", "Cache.AsNew": "what a source describes",
	"Cache.Dialect": "what declares it", "Cache.Places": "positions of the facts",
	"Cache.PrivateEndpoints": "companions", "Cache.DiagnosticSettings": "companions", "Cache.FirewallRules": "companions",
	"Cache.Subnet": "a companion", "Cache.PolicyAssignments": "companions", "Cache.AccessPolicyAssignments": "companions",
	"Cache.KeyConsumers": "who takes its keys", "ManagedRedis.Recreated": "what a plan does",
	"Cache.MissingActions": "what a reader was not allowed to do", "Migration.MigrationAsked": "what a source is asked for",
	"Migration.AccessPolicies": "companions", "Migration.Links": "companions",
	"Migration.RoleAssignments": "companions", "Migration.References": "uses elsewhere",
	"SecurityRule.Address": "where Terraform has it", "SecurityRule.Name": "what messages call it",
}

// Every field of a posture has a row in its table, or it is said here why not.
// A row says of each dialect where the fact stands, or why it does not.
func TestEveryFactHasARow(t *testing.T) {
	everyFact(t, vocabulary.All(service.Redis), vocabulary.All(service.ManagedRedis))
	everyFact(t, vocabulary.SecurityRule)
}

func everyFact[P any](t *testing.T, tables ...vocabulary.Table[P]) {
	t.Helper()
	var object P
	everyField(t, reflect.ValueOf(&object).Elem(), &object, tables)
}

func everyField[P any](t *testing.T, v reflect.Value, object *P, tables []vocabulary.Table[P]) {
	t.Helper()
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous {
			everyField(t, v.Field(i), object, tables)
			continue
		}
		name := v.Type().Name() + "." + v.Type().Field(i).Name
		rows, most := 0, 0
		for _, table := range tables {
			here := 0
			for _, f := range table {
				if f.Field(object) == v.Field(i).Addr().Interface() {
					here++
					whole(t, name, f)
				}
			}
			rows, most = rows+here, max(most, here)
		}
		if _, without := noRow[name]; without == (rows > 0) || most > 1 {
			t.Errorf("%s has %d rows, and the reason why it has none is %q", name, rows, noRow[name])
		}
	}
}

// whole fails where a row leaves something out that it has to say.
func whole[P any](t *testing.T, name string, f vocabulary.Fact[P]) {
	t.Helper()
	for dialect, term := range map[string]vocabulary.Term{"azurerm": f.Azurerm, "ARM": f.ARM} {
		if without := term.CannotSet + term.OfOtherResource + term.AlwaysDefault; term.Path == "" && without == "" {
			t.Errorf("%s: where does %s have it?", name, dialect)
		}
		if term.Decisive && term.Alias == "" {
			t.Errorf("%s: %s has one name, which cannot contradict itself", name, dialect)
		}
	}
	if f.Azurerm.CannotSet+f.Azurerm.AlwaysDefault+f.Azurerm.OfOtherResource == "" && f.Doc == "" {
		t.Errorf("%s: functions take it, and nothing describes it", name)
	}
	if f.Azurerm.CannotSet != "" && f.Own.Path == "" && !f.Database {
		t.Errorf("%s: azurerm lacks it; where does the resource of this provider have it?", name)
	}
}

// No two facts of an object stand in the same place.
func TestPlacesAreDistinct(t *testing.T) {
	distinct(t, vocabulary.Of(service.Redis))
	cache, database := vocabulary.Of(service.ManagedRedis).Parts()
	distinct(t, cache)
	distinct(t, database)
	distinct(t, vocabulary.Migration(service.Redis))
	distinct(t, vocabulary.Migration(service.ManagedRedis))
	for _, table := range []vocabulary.Table[posture.Cache]{vocabulary.Of(service.ManagedRedis), vocabulary.Migration(service.ManagedRedis),
		vocabulary.All(service.ManagedRedis)} {
		_, database := table.Parts()
		for _, f := range database {
			if !f.Database {
				t.Errorf("%s of the cluster stands behind a row of the database", f.ARM.Path)
			}
		}
	}
	distinct(t, vocabulary.SecurityRule)
}

func distinct[P any](t *testing.T, table vocabulary.Table[P]) {
	t.Helper()
	var azurerm, arm []string
	for _, f := range table {
		azurerm = append(azurerm, f.Azurerm.Path, f.Azurerm.Alias, f.Azurerm.Plural, f.Azurerm.Groups)
		arm = append(arm, f.ARM.Path, f.ARM.Alias, f.ARM.Plural, f.ARM.Groups)
	}
	for _, paths := range [][]string{azurerm, arm} {
		paths = slices.DeleteFunc(paths, func(p string) bool { return p == "" })
		slices.Sort(paths)
		if len(slices.Compact(slices.Clone(paths))) != len(paths) {
			t.Errorf("a path stands twice: %s", strings.Join(paths, " "))
		}
	}
}
