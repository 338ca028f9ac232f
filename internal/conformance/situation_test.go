package conformance

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// situation is a cache and what stands around it, with the verdict of one rule.
type situation struct {
	name  string // of the module that declares it: words with underscores
	facts facts
	rule  string
	want  verdict
	// but are other verdicts, by door or family of doors.
	but map[door]verdict
}

// verdict is the verdict of a rule: a status, the reason why it is unknown, and the
// fact that the evidence names.
type verdict struct {
	status report.Status
	reason posture.Reason
	fact   string
	// cannot is the reason why a door cannot express the situation; then there is no verdict.
	cannot string
}

func yes(fact string) verdict { return verdict{status: report.Compliant, fact: fact} }
func no(fact string) verdict  { return verdict{status: report.NonCompliant, fact: fact} }
func na(fact string) verdict  { return verdict{status: report.NotApplicable, fact: fact} }
func lacking() verdict        { return verdict{status: report.NotSupported} }
func unknown(reason posture.Reason, fact string) verdict {
	return verdict{status: report.Unknown, reason: reason, fact: fact}
}
func cannot(why string) verdict { return verdict{cannot: why} }

// unseen is the verdict on a fact that the source of a door does not show.
func unseen(fact string) verdict { return unknown(posture.ReasonNotObserved, fact) }

// afterApply is the verdict on a fact that is known after apply.
func afterApply(fact string) verdict { return unknown(posture.ReasonKnownAfterApply, fact) }

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

// door is a part of the product that judges a cache, with the form in which it reads one.
type door string

// The doors, and the families of doors that situation.but may name.
const (
	azurerm3   door = "azurerm3"
	azurerm4   door = "azurerm4"
	azurerm5   door = "azurerm5"
	configured door = "azurerm+config" // the newest azurerm that has the resource, with --config
	azapi2     door = "azapi2"
	azapi1     door = "azapi1" // its bodies are JSON text
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

// wanted is the verdict that a door must give in a situation.
func (s situation) wanted(d door) verdict {
	if v, ok := s.but[d]; ok {
		return v
	}
	if why := s.facts.inexpressible(d); why != "" {
		return cannot(why)
	}
	if v, ok := s.but[families[d]]; ok {
		return v
	}
	return s.want
}
