package migrate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// difference is something in which Azure Managed Redis differs from a service before
// it: what people read about it, and the check whether it concerns a cache.
type difference struct {
	Difference // without what depends on the cache
	// look says what shows whether a cache is concerned, where the source does not.
	look string
	// of is the service that differs; nil for both.
	of    *service.Service
	check func(*retiring) concern
	// unsure is the action for a cache that may be concerned.
	unsure string
}

// concern says whether a difference concerns a cache. Its zero value means that the
// source does not show it.
type concern struct {
	is       posture.Tri
	message  string
	objects  []string
	severity Severity // empty for that of the difference
}

var unconcerned = concern{is: posture.False}

func concerned(message string, objects ...string) concern {
	return concern{is: posture.True, message: message, objects: objects}
}

// unsure is the concern where a fact that decides is not known.
func unsure[T any](fact posture.Value[T], message string) concern {
	return concern{message: hidden(message, fact.Source.Detail)}
}

// byFact is the concern by a fact of which something is true, false or not known.
func byFact[T any](fact posture.Value[T], is posture.Tri, message, open string) concern {
	switch is {
	case posture.True:
		return concerned(message)
	case posture.False:
		return unconcerned
	default:
		return unsure(fact, open)
	}
}

// bySet is the concern by companions of a kind.
func bySet[T any](s *posture.Set[T], address func(*T) string, message, open string) concern {
	switch some(s) {
	case posture.True:
		return concerned(message, addresses(s.Items, address)...)
	case posture.False:
		return unconcerned
	}
	c := concern{message: hidden(open, whyOpen(s))}
	if len(s.Doubts) > 0 {
		c.objects = addresses(s.Doubts, func(d *posture.Doubt) string { return d.Address })
	}
	return c
}

// differences are all of them, in the order in which those of one severity are told.
var differences = complete(slices.Concat(networkDifferences, clientDifferences, accessDifferences, dataDifferences, operationDifferences))

// complete fills in what follows from the rest of a difference.
func complete(list []difference) []*difference {
	out := make([]*difference, len(list))
	for i := range list {
		d := &list[i]
		d.Objects = none
		d.unsure = d.Action
		if d.look != "" {
			d.unsure = d.look + "; if so, " + d.Action
		}
		out[i] = d
	}
	return out
}

// Differences returns all differences that this program knows, without what depends on
// a cache.
func Differences() []Difference {
	out := make([]Difference, len(differences))
	for i, d := range differences {
		out[i] = d.Difference
	}
	return out
}

// differencesOf returns the differences that concern a cache or may, blockers first.
func differencesOf(r *retiring) []Difference {
	out := make([]Difference, 0, len(differences))
	for _, d := range differences {
		if d.of != nil && d.of != r.service {
			continue
		}
		c := d.check(r)
		if c.is == posture.False {
			continue
		}
		out = append(out, d.Difference)
		one := &out[len(out)-1]
		one.Message, one.Severity = c.message, cmp.Or(c.severity, d.Severity)
		if c.is == posture.True {
			one.Certain = true
		} else {
			one.Action = d.unsure
		}
		if len(c.objects) > 0 {
			one.Objects = c.objects
		}
	}
	slices.SortStableFunc(out, func(a, b Difference) int { return a.rank() - b.rank() })
	return out
}

// rank orders by severity; what is certain comes before what may be.
func (d *Difference) rank() int {
	rank := 0
	switch d.Severity {
	case Change:
		rank = 2
	case Notice:
		rank = 4
	}
	if !d.Certain {
		rank++
	}
	return rank
}

// blocked reports whether one of the differences is certain to block.
func blocked(differences []Difference) bool {
	return slices.ContainsFunc(differences, func(d Difference) bool { return d.Severity == Blocker && d.Certain })
}

// isOneOf reports whether a text is one of several, without regard to case.
func isOneOf(text string, list ...string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, text) })
}
