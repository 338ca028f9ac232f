package migrate

import (
	"cmp"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// difference is something in which Azure Managed Redis differs from a service before
// it: what people read about it, and the check whether it concerns a cache.
type difference struct {
	Entry
	// of is the service that differs; nil for both.
	of    *service.Service
	check func(*retiring) concern
	// unsure is the entry for a cache that may be concerned.
	unsure Entry
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
		d.unsure = d.Entry
		if d.Look != "" {
			d.unsure.Action = "find out first: " + d.Look + "; where this applies, " + d.Action
		}
		out[i] = d
	}
	return out
}

// Differences returns the texts of all differences that this program knows.
func Differences() []Entry {
	out := make([]Entry, len(differences))
	for i, d := range differences {
		out[i] = d.Entry
	}
	return out
}

// hit is a difference that concerns a cache or may.
type hit struct {
	*difference
	concern
	rank int
}

// differencesOf returns the differences that concern a cache or may, blockers first.
func differencesOf(r *retiring) []Difference {
	hits := make([]hit, 0, 64) // more than there are differences, and on the stack
	for _, d := range differences {
		if d.of != nil && d.of != r.service {
			continue
		}
		c := d.check(r)
		if c.is == posture.False {
			continue
		}
		c.severity = cmp.Or(c.severity, d.Severity)
		hits = append(hits, hit{d, c, rank(c.severity, c.is == posture.True)})
	}
	out := make([]Difference, 0, len(hits))
	for place := range lastRank + 1 {
		for i := range hits {
			if hits[i].rank == place {
				out = append(out, hits[i].told())
			}
		}
	}
	return out
}

// told is the difference with what people read about a cache.
func (h *hit) told() Difference {
	d := Difference{
		Entry: &h.Entry, ID: h.ID, Severity: h.severity, Certain: h.is == posture.True, Message: h.message, Objects: none,
	}
	if !d.Certain {
		d.Entry = &h.unsure
	}
	if len(h.objects) > 0 {
		d.Objects = h.objects
	}
	return d
}

// lastRank is that of a notice that may concern a cache.
const lastRank = 5

// rank orders by severity; what is certain comes before what may be.
func rank(severity Severity, certain bool) int {
	rank := 0
	switch severity {
	case Change:
		rank = 2
	case Notice:
		rank = 4
	}
	if !certain {
		rank++
	}
	return rank
}

// blocked reports whether one of the differences is certain to block.
func blocked(differences []Difference) bool {
	return slices.ContainsFunc(differences, func(d Difference) bool { return d.Severity == Blocker && d.Certain })
}
