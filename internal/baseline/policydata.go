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

// builtIns is the built-in definitions and initiatives of Azure Policy for one
// service, by GUID in lower case.
type builtIns struct {
	definitions []Policy        // in the order of the data, deprecated ones too
	counts      map[string]bool // definitions; false for a deprecated one, which does not count
	initiatives map[string]initiative
}

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

// policyTitles are the names of all definitions, by GUID.
var policyTitles = sync.OnceValue(func() map[string]string {
	titles := map[string]string{}
	for _, row := range rows(definitionsCSV) {
		titles[row[0]] = row[1]
	}
	return titles
})

// policiesFor returns the built-in definitions and initiatives for a service.
func policiesFor(s *service.Service) builtIns { return allBuiltIns()[s.Type] }

// allBuiltIns are the built-in definitions and initiatives by the type of a cache.
var allBuiltIns = sync.OnceValue(func() map[string]builtIns {
	out := map[string]builtIns{}
	for _, s := range [...]*service.Service{service.Redis, service.ManagedRedis} {
		out[s.Type] = readBuiltIns(s)
	}
	return out
})

func readBuiltIns(of *service.Service) builtIns {
	out := builtIns{counts: map[string]bool{}, initiatives: map[string]initiative{}}
	for _, row := range rows(definitionsCSV) {
		id, name, armType := row[0], row[1], row[2]
		if !of.Holds(armType) {
			continue
		}
		out.definitions = append(out.definitions, Policy{ID: id})
		out.counts[id] = !strings.HasPrefix(name, "[Deprecated]")
	}
	for _, row := range rows(initiativesCSV) {
		set, definition, parameter, effect := row[0], row[3], row[4], row[5]
		s := out.initiatives[set]
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
		out.initiatives[set] = s
	}
	return out
}

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
