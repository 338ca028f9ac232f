package conformance

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// situation is a cache with what stands around it, and what one rule says of it.
type situation struct {
	name  string // of the module that declares it: words with underscores
	facts facts
	rule  string
	want  verdict
	// but holds, by door or family of doors, what differs there.
	but map[door]verdict
}

// verdict is what a rule says: a status, the reason of an unknown one, and the
// fact that is shown as evidence.
type verdict struct {
	status report.Status
	reason posture.Reason
	fact   string
	// cannot says in a word why a door cannot express the situation.
	cannot string
}

func yes(fact string) verdict { return verdict{status: report.Compliant, fact: fact} }
func no(fact string) verdict  { return verdict{status: report.NonCompliant, fact: fact} }
func na(fact string) verdict  { return verdict{status: report.NotApplicable, fact: fact} }
func unknown(reason posture.Reason, fact string) verdict {
	return verdict{status: report.Unknown, reason: reason, fact: fact}
}
func cannot(why string) verdict { return verdict{cannot: why} }

// unseen is the verdict of a door that sees no more than what it was given.
func unseen(fact string) verdict { return unknown(posture.ReasonNotObserved, fact) }

// applied is the verdict on what only apply tells.
func applied(fact string) verdict { return unknown(posture.ReasonKnownAfterApply, fact) }

func (v verdict) String() string {
	switch {
	case v.cannot != "":
		return "- " + v.cannot
	case v.reason != "":
		return string(v.status) + "/" + string(v.reason)
	default:
		return string(v.status)
	}
}

// door is a way by which a situation reaches the baseline.
type door string

// The doors, and the families of doors that situation.but may name.
const (
	azurerm3   door = "azurerm3"
	azurerm4   door = "azurerm4"
	azurerm5   door = "azurerm5"
	configured door = "azurerm5+config" // with the configuration at hand
	azapi2     door = "azapi2"
	azapi1     door = "azapi1" // bodies are JSON text
	own        door = "own"    // redisbaseline_cache
	functions3 door = "functions3"
	functions4 door = "functions4"
	functions5 door = "functions5"
	arm        door = "arm"

	azurerm   door = "azurerm"
	azapi     door = "azapi"
	functions door = "functions"
)

var doors = []door{azurerm3, azurerm4, azurerm5, configured, azapi2, azapi1, own, functions3, functions4, functions5, arm}

var families = map[door]door{
	azurerm3: azurerm, azurerm4: azurerm, azurerm5: azurerm, configured: azurerm, azapi2: azapi, azapi1: azapi,
	functions3: functions, functions4: functions, functions5: functions,
}

// wanted is what a door must say of a situation.
func (s situation) wanted(d door) verdict {
	if v, ok := s.but[d]; ok {
		return v
	}
	if why := s.facts.lacks(d); why != "" {
		return cannot(why)
	}
	if v, ok := s.but[families[d]]; ok {
		return v
	}
	return s.want
}
