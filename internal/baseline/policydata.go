package baseline

import (
	_ "embed" // for the data below
	"encoding/csv"
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

//go:embed policydata/definitions.csv
var definitionsCSV string

//go:embed policydata/initiatives.csv
var initiativesCSV string

// policyDataDate is the day of the commit that the data comes from.
const policyDataDate = "2026-04-29"

// initiative is a built-in set of policy definitions, of which only those for Redis are kept.
type initiative struct {
	members  []posture.PolicyMember
	defaults []posture.PolicyParameter
}

const (
	builtInRoot       = "/providers/microsoft.authorization/"
	builtInDefinition = builtInRoot + "policydefinitions/"
	builtInInitiative = builtInRoot + "policysetdefinitions/"
)

// definitions are the built-in definitions of Azure Policy for Redis, as the data has them.
var definitions = rows(definitionsCSV)

// definitionsFor returns the definitions for a service, deprecated ones too.
func definitionsFor(s *service.Service) (out []Policy) {
	for _, row := range definitions {
		if s.Holds(row[2]) {
			out = append(out, Policy{ID: row[0]})
		}
	}
	return out
}

// counts reports whether a definition, by its GUID in lower case, is one for a service
// and is not deprecated.
func counts(guid string, of *service.Service) bool {
	return slices.ContainsFunc(definitions, func(row []string) bool {
		return row[0] == guid && of.Holds(row[2]) && !strings.HasPrefix(row[1], "[Deprecated]")
	})
}

// initiatives are the built-in initiatives that hold a definition for Redis, by GUID in lower case.
var initiatives = sync.OnceValue(func() map[string]initiative {
	out := map[string]initiative{}
	for _, row := range rows(initiativesCSV) {
		set, definition, parameter, effect := row[0], row[3], row[4], row[5]
		s := out[set]
		member := posture.PolicyMember{DefinitionID: builtInDefinition + definition, Effect: effect}
		if parameter != "" {
			member.Effect = "[parameters('" + parameter + "')]"
			if !slices.ContainsFunc(s.defaults, func(p posture.PolicyParameter) bool { return p.Name == parameter }) {
				s.defaults = append(s.defaults, posture.PolicyParameter{Name: parameter, Values: posture.Known([]string{effect}, "defaultValue")})
			}
		}
		if strings.Contains(member.Effect, "'"+posture.PolicyResourceTypes+"'") && s.defaults == nil {
			s.defaults = logDefaults
		}
		s.members = append(s.members, member)
		out[set] = s
	}
	return out
})

// logDefaults are the defaults of the initiatives for logs: every type that they
// know, which both Redis services are, and an effect.
// Source: built-in-policies/policySetDefinitions/Monitoring/AzureMonitor_DiagSettings_*.json, at the commit of the data.
var logDefaults = []posture.PolicyParameter{
	{Name: "effect", Values: posture.Known([]string{"DeployIfNotExists"}, "defaultValue")},
	{Name: posture.PolicyResourceTypes, Values: posture.Known([]string{"microsoft.cache/redis", "microsoft.cache/redisenterprise/databases"},
		"defaultValue")},
}

// rows returns the rows of an embedded CSV table, without its header.
func rows(text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil {
		panic(err) // a test reads them all
	}
	return all[1:]
}
