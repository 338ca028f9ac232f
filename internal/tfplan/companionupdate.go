package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// patch is a resource that changes something which another resource of the plan
// describes, or nothing in it does: an azapi_update_resource, or an azapi_resource
// whose type is not known. The plan rarely shows what it changes, so that whatever
// it may change is in doubt. Actions and deployments are in [writes].
type patch struct {
	in      *instance
	touches kinds
	detail  string
}

// kinds is a set of kinds.
type kinds uint32

func kindsOf(list ...kind) (out kinds) {
	for _, k := range list {
		out |= 1 << k
	}
	return out
}

func (k kinds) has(one kind) bool { return k&(1<<one) != 0 }

const anything = ^kinds(0)

// collectPatches finds the updates by azapi of anything but a cache.
func (p *linker) collectPatches() {
	update := resourceTypes["azapi_update_resource"]
	kept := p.byType[update][:0]
	for _, in := range p.byType[update] {
		if !p.collectUpdate(in) {
			kept = append(kept, in)
		}
	}
	p.byType[update] = kept
}

// isOperation reports whether a request by this HTTP method only reads, or runs an
// operation; no operation of a cache changes what is judged.
func isOperation(method string) bool {
	return slices.Contains([]string{"GET", "HEAD", "POST", "OPTIONS"}, strings.ToUpper(method))
}

// collectUpdate files an azapi_update_resource of anything but a cache. It reports
// false for an update of a cache, and for one that the plan destroys, which leaves
// what it once changed as it is.
func (p *linker) collectUpdate(in *instance) bool {
	before, after := in.both()
	arm := p.armType(in, before, after)
	if !in.after() || serviceOfType(arm) != nil {
		in.setType(arm)
		return false
	}
	if t := armTypes[arm]; t != nil && sentAsRequest.has(t.kind) {
		p.keepRequest(in, after, arm, "PATCH")
		return true
	}
	p.collectOutboundRules(in, arm)
	hidden := p.config.resources[in.cfg].has("sensitive_body")
	group := after.at("body", "properties", "networkSecurityGroup")
	seen := arm == subnetKind && !hidden && !after.get("body").isUnknown()
	switch id := group.get("id"); {
	case seen && group.isAbsent():
	case seen && (id.isUnknown() && !group.isUnknown() || id.val.str() != ""):
		p.addCompanion(in, azapiAttachment)
	default:
		p.patch(in, arm)
	}
	return true
}

// patch files an update of a resource of an ARM type that is no cache.
func (p *linker) patch(in *instance, arm string) {
	out := &patch{in: in, detail: "what it changes is not seen"}
	k, companion := writtenKinds[arm]
	switch {
	case arm == "":
		out.touches, out.detail = anything, "its type is known after apply, and so is what it changes"
	case companion:
		out.touches = kindsOf(k)
	case isPatchSchedule(arm):
		out.touches = kindsOf(kindPatchSchedule)
	default:
		return
	}
	p.patches = append(p.patches, out)
}

// patched returns a patch that may change a resource of a kind, or nil. A subnet
// may be outside the plan, with in nil; then its key identifies it.
func (p *linker) patched(k kind, in *instance, key string) *patch {
	for _, x := range p.patches {
		if x.touches.has(k) && p.mayChange(x, in, key) {
			return x
		}
	}
	return nil
}

// patchFact makes a fact unknown that a patch may change.
func patchFact[T any](x *patch, fact *posture.Value[T]) {
	if x != nil {
		*fact = posture.Unknown[T](posture.ReasonUnresolvedReference, fact.Source.Path).WithDetail(x.in.address + ": " + x.detail)
	}
}

func (p *linker) mayChange(x *patch, in *instance, key string) bool {
	if x.in.typ.kind == kindAzapi {
		return true // an azapi_resource names no target
	}
	target, have := x.in.view().get("resource_id"), ""
	if in != nil {
		have = strings.TrimRight(in.view().get("id").val.str(), "/")
	}
	if s := strings.TrimRight(target.known(), "/"); s != "" {
		switch arm, ok := parseID(s); {
		case !ok:
			return true
		case have != "":
			return armid.Holds(have, s) || armid.Holds(s, have)
		case arm.kind == subnetKind && key != "":
			return subnetKey(s) == key
		case arm.kind == networkKind && key != "":
			return strings.HasPrefix(key, arm.group+"|"+arm.name()+"|")
		default:
			return true
		}
	}
	return slices.ContainsFunc(p.trace(x.in, "resource_id"), func(l leaf) bool {
		if !l.none && in != nil && l.sure && l.address != "" && l.attribute == "id" && !l.data && p.instances[l.address] != nil {
			have := p.instances[l.address]
			return have == in || have.typ.kind != in.typ.kind
		}
		return !l.none
	})
}
