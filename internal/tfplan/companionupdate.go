package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// A patch changes, or makes, something that another resource or nobody else in
// the plan describes: azapi_update_resource, or an azapi_resource of a type that
// is not known. What it does exactly is rarely seen, so that it yields doubts
// about all that it may touch. Actions and deployments are [writes].
type patch struct {
	in      *instance
	touches kinds
	creates bool
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

// touchedBy says which kinds something of an ARM type is or changes.
func touchedBy(arm string) kinds {
	k, companion := writtenKinds[arm]
	switch {
	case arm == redisKind:
		return kindsOf(kindCache)
	case arm == patchScheduleKind:
		return kindsOf(kindPatchSchedule)
	case companion:
		return kindsOf(k)
	default:
		return 0
	}
}

// collectPatches finds what changes or makes things from aside.
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

// isOperation reports whether an HTTP method only reads, or runs an operation:
// none of those of a cache changes what is judged.
func isOperation(method string) bool {
	return slices.Contains([]string{"GET", "HEAD", "POST", "OPTIONS"}, strings.ToUpper(method))
}

// collectUpdate files an azapi_update_resource of anything but a cache; it
// reports false for one of a cache, and for one that is taken away, which leaves
// everything as it is.
func (p *linker) collectUpdate(in *instance) bool {
	before, after := in.both()
	arm := p.armType(in, before, after)
	if !in.after() || arm == redisKind {
		in.setType(arm)
		return false
	}
	if changedAside[arm] {
		p.fileAside(in, after, arm, "PATCH")
		return true
	}
	p.collectOutboundRules(in, arm, before, after)
	hidden := p.config.resources[in.cfg].has("sensitive_body")
	group := after.at("body", "properties", "networkSecurityGroup")
	switch {
	case arm != subnetKind, hidden, after.get("body").isUnknown():
		p.patch(in, arm, false)
	case group.isAbsent():
	case group.get("id").isUnknown() && !group.isUnknown(), group.get("id").val.str() != "":
		p.become(in, azapiAttachment)
	default:
		p.patch(in, arm, false)
	}
	return true
}

func (p *linker) patch(in *instance, arm string, creates bool) {
	out := &patch{in: in, touches: touchedBy(arm), creates: creates, detail: "what it changes is not seen"}
	if arm == "" {
		out.touches, out.detail = anything, "its type is known after apply, and so is what it changes"
	}
	if out.touches != 0 {
		p.patches = append(p.patches, out)
	}
}

// doubtPatches makes doubts of companions that a patch may make.
func (p *linker) doubtPatches() {
	for _, x := range p.patches {
		if !x.creates {
			continue
		}
		for _, k := range companions {
			if x.touches.has(k.kind) {
				p.addDoubts(k.kind, x.in, target{groups: p.cachesOfPatch(x), reason: posture.ReasonUnresolvedReference, detail: x.detail})
			}
		}
	}
}

// cachesOfPatch returns the groups of caches to which what it makes may belong.
func (p *linker) cachesOfPatch(x *patch) []string {
	id := strings.ToLower(x.in.view().get("resource_id").val.str())
	arm, ok := parseID(id)
	switch i := strings.Index(id, redisKind+"/"); {
	case !ok:
		return []string{everyCache}
	case i >= 0:
		name, _, _ := strings.Cut(id[i+len(redisKind)+1:], "/")
		t := p.matchID(id[:i] + redisKind + "/" + name)
		if t.cache != nil {
			return []string{t.cache.in.address}
		}
		return t.groups
	case x.touches.has(kindEndpoint) && (arm.kind == endpointKind || len(arm.names) == 0):
		return []string{everyCache}
	default:
		return nil
	}
}

// patched returns a patch that may change a resource of a kind, or nil. The
// resource may be outside the plan; the key of a subnet says which it is.
func (p *linker) patched(k kind, in *instance, key string) *patch {
	for _, x := range p.patches {
		switch {
		case !x.touches.has(k):
		case p.mayChange(x, in, key):
			return x
		}
	}
	return nil
}

func (p *linker) mayChange(x *patch, in *instance, key string) bool {
	if x.in.typ.kind == kindAzapi {
		return true // it names no target
	}
	target, have := x.in.view().get("resource_id"), ""
	if in != nil {
		have = strings.TrimRight(in.view().get("id").val.str(), "/")
	}
	if s := strings.TrimRight(target.val.str(), "/"); s != "" && !target.isUnknown() && !isRedacted(target.val) {
		switch arm, ok := parseID(s); {
		case !ok:
			return true
		case have != "":
			return within(s, have) || within(have, s)
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

// within reports whether one ARM id is another or lies below it.
func within(id, above string) bool {
	id, above = strings.ToLower(id), strings.ToLower(above)
	return id == above || strings.HasPrefix(id, above+"/")
}
