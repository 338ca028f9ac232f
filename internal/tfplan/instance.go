package tfplan

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"

// instance is a resource instance of the plan with what is kept of its change.
type instance struct {
	address string
	typ     *resourceType
	cfg     string // address in the configuration: without any instance key
	module  string // address of the module instance; empty for the root
	change  posture.Change
	kept    string // the kept part of the change, as encoder writes it
	hidden  bool   // a sensitive_body is merged over the body, which therefore says nothing
	// textBody says that the body is JSON text that is not known. The references
	// that plan JSON lists of such a text are not all that it is made of.
	textBody bool
	// targetPath is where the target of an outbound rule stands in the body that it
	// was taken from; empty where the type says.
	targetPath string
	deferred   bool // its change is deferred: nothing of a cache is known, and whether another thing exists
	untyped    bool // one of the kinds that a resource whose type is not known may be
}

// after reports whether the instance exists once the plan is applied; one that
// the plan forgets stays in Azure.
func (in *instance) after() bool { return in.change != posture.ChangeDelete }

// created reports whether the plan creates the instance, or replaces it.
func (in *instance) created() bool {
	return in.change == posture.ChangeCreate || in.change == posture.ChangeReplace
}

// applied reports whether the plan applies the instance.
func (in *instance) applied() bool { return in.created() || in.change == posture.ChangeUpdate }

// destroyed reports whether the plan destroys the instance, be it to replace it.
func (in *instance) destroyed() bool {
	return in.change == posture.ChangeDelete || in.change == posture.ChangeReplace
}

// managed reports whether the instance is in the state once the plan is applied.
func (in *instance) managed() bool { return in.after() && in.change != posture.ChangeForget }

// unchanged reports whether the plan leaves the instance as it is.
func (in *instance) unchanged() bool {
	return in.change == posture.ChangeNoOp || in.change == posture.ChangeForget
}

// stays reports whether the plan leaves the instance as it is while it creates or
// replaces another one, to which the instance belonged.
func (in *instance) stays(other *instance) bool { return in.unchanged() && other.created() }

// whyStays is why it is not known whether what does not change belongs to what the
// plan replaces.
const whyStays = "it does not change while the plan makes anew what it belonged to"

// whyInPlace is the same for what the plan updates in place.
const whyInPlace = "it is updated in place while the plan makes anew what it belonged to"

// view returns what is kept of the instance after the plan.
func (in *instance) view() view {
	if in.change == posture.ChangeForget {
		return in.before()
	}
	n, _ := cut(in.kept)
	v := newView(n.get("after"), n.get("after_unknown"), n.get("after_sensitive"))
	if in.hidden {
		v.val, v.unknown = without(v.val, "body"), with(without(v.unknown, "body"), "body", node{kind: 't'})
	}
	return v
}

// before returns what is kept of the instance before the plan.
func (in *instance) before() view {
	if in.change == posture.ChangeCreate || in.untyped {
		return view{}
	}
	n, _ := cut(in.kept)
	v := newView(n.get("before"), node{}, n.get("before_sensitive"))
	if in.hidden {
		v.val = without(v.val, "body")
	}
	return v
}

// side returns what is kept of the instance before the plan, or after it.
func (in *instance) side(before bool) view {
	if before {
		return in.before()
	}
	return in.view()
}

// exists reports whether the instance exists before the plan, or after it.
func (in *instance) exists(before bool) bool {
	return before && in.before().exists() || !before && in.after()
}

// both returns before and after.
func (in *instance) both() (before, after view) { return in.before(), in.view() }
