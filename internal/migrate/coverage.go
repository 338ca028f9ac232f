package migrate

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// coverage tells whether a report would have a cache of an earlier one, if that cache
// still existed.
type coverage struct {
	general []string // why any cache may be missing
	// bySubscription holds the subscriptions in which the report has some cache, where
	// the subscriptions of its scan are those that the identity can list; else nil.
	bySubscription map[string]bool
}

// Prefixes of the inputs of a scan that select among the caches of its scopes, and the
// one that stands for every subscription.
const (
	inputGroup = "resource group "
	inputTag   = "tag "
	inputAll   = "all subscriptions"
)

// newCoverage compares the sources of two reports; found finds caches of the later one.
func newCoverage(earlier, now *Report, found finder) coverage {
	c := coverage{general: slices.Clone(now.MayLack)}
	add := func(why string) { c.general = append(c.general, why) }
	if now.Partial != "" && len(now.MayLack) == 0 {
		add(now.Partial)
	}
	for i := range now.Unseen {
		add(now.Unseen[i].Kind + " " + now.Unseen[i].ID + " could not be seen")
	}
	switch {
	case earlier.Source.Kind != now.Source.Kind:
		if now.Source.Kind == report.SourcePlan {
			add("the earlier report is of a scan, and a plan shows the caches of its configuration only")
			break
		}
		if slices.ContainsFunc(now.Source.Inputs, narrows) || !isScope(now.Source.Inputs) {
			add("the earlier report is of a plan, and this scan selects " + strings.Join(now.Source.Inputs, ", "))
		}
	case now.Source.Kind == report.SourcePlan:
		c.general = append(c.general, otherPlans(earlier, now, found)...)
	case !covers(now.Source.Inputs, earlier.Source.Inputs):
		add("this scan selects " + strings.Join(now.Source.Inputs, ", ") + ", and that of the earlier report " +
			strings.Join(earlier.Source.Inputs, ", "))
	}
	if now.Source.Kind != report.SourceExisting {
		return c
	}
	if slices.ContainsFunc(now.Source.Inputs, func(in string) bool { return strings.HasPrefix(in, inputTag) }) {
		add("the scan selects by tag, and a cache whose tags have changed is not among its caches")
	}
	if slices.ContainsFunc(now.Source.Inputs, func(in string) bool {
		return in == inputAll || strings.HasPrefix(in, "management group ")
	}) {
		c.bySubscription = map[string]bool{}
		for i := range now.Caches {
			if id := now.Caches[i].ResourceID; id != nil {
				c.bySubscription[subscriptionOf(*id)] = true
			}
		}
	}
	return c
}

// why says why a cache that the report does not have may exist; nil where it does not.
func (c *coverage) why(m *Move) []string {
	why := slices.Clone(c.general)
	if c.bySubscription == nil {
		return why
	}
	if m.ResourceID == nil {
		return append(why, "the earlier report has no id by which to tell the subscription of "+m.DisplayName)
	}
	if subscription := subscriptionOf(*m.ResourceID); !c.bySubscription[subscription] {
		why = append(why, "no cache of the subscription "+subscription+" is in this report: the identity may no longer see it")
	}
	return why
}

// otherPlans says how the plans of a report differ from those of an earlier one. The name
// of a file may change from one plan to the next, the number of plans tells more.
func otherPlans(earlier, now *Report, found finder) (why []string) {
	missing := slices.DeleteFunc(slices.Clone(earlier.Source.Inputs), func(in string) bool { return slices.Contains(now.Source.Inputs, in) })
	switch {
	case len(missing) == 0:
	case len(now.Source.Inputs) < len(earlier.Source.Inputs):
		why = append(why, "the earlier report is of more plans than this one: "+strings.Join(missing, ", "))
	case !slices.ContainsFunc(earlier.Caches, func(m Move) bool { return found.same(&m) != nil || found.successor(&m) != nil }):
		why = append(why, "no cache of the earlier report, which is of "+strings.Join(missing, ", ")+
			", is in this one: it may be of another configuration")
	}
	return why
}

// covers reports whether a selection of a scan has every cache of another one.
func covers(now, earlier []string) bool {
	if slices.Equal(slices.Sorted(slices.Values(now)), slices.Sorted(slices.Values(earlier))) {
		return true
	}
	if slices.ContainsFunc(now, narrows) || !isScope(now) {
		return false
	}
	return !slices.ContainsFunc(earlier, func(in string) bool {
		return !narrows(in) && !slices.Contains(now, in) && !slices.Contains(now, inputAll)
	})
}

// narrows reports whether an input of a scan leaves out some caches of its scopes.
func narrows(input string) bool {
	return strings.HasPrefix(input, inputGroup) || strings.HasPrefix(input, inputTag)
}

// isScope reports whether a scan walks scopes, and does not read single caches by id.
func isScope(inputs []string) bool {
	return !slices.ContainsFunc(inputs, func(in string) bool { return strings.HasPrefix(in, "/") })
}

// subscriptionOf is the subscription of an id, in lower case.
func subscriptionOf(text string) string {
	id, _ := armid.Parse(text)
	return strings.ToLower(id.Subscription)
}
