package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// aroundCache are the kinds of companions that a write may change, with their names
// for messages; writtenKinds are the same kinds by the ARM type that is written to.
var aroundCache, writtenKinds = companionsWritten()

func companionsWritten() (names map[kind]string, kinds map[string]kind) {
	names, kinds = map[kind]string{}, map[string]kind{networkKind: kindSubnet, ruleKind: kindSecurityGroup}
	for _, c := range companionTypes {
		if c.noun != "" {
			names[c.kind], kinds[c.arm] = c.noun, c.kind
		}
	}
	for typ := range cacheTypes {
		kinds[typ+"/"+strings.ToLower(service.EndpointConnections)] = kindEndpoint
	}
	return names, kinds
}

// companionKeys are the names under which a write may mean a companion of the
// plan: its address, and what its name, resource group and subscription make.
func (p *linker) companionKeys(in *instance) []string {
	keys := []string{in.address}
	id := p.companionID(in)
	if len(id.names) == 0 {
		return append(keys, lookedUp(id.subscription, id.group, anyName)...)
	}
	for n := len(id.names); n > 0; n-- { // a write to a network may change its subnets
		path := strings.Join(id.names[:n], "/")
		keys = append(keys, lookedUp(id.subscription, id.group, path)...)
		if in.typ.kind != kindSubnet {
			break
		}
	}
	return keys
}

// companionID is the id of a companion of the plan, as far as it is known.
func (p *linker) companionID(in *instance) armID {
	v := in.view()
	if id, ok := parseID(in.at(v, vocabulary.ID).val.str()); ok && len(id.names) > 0 {
		return id
	}
	group, parent := in.place(v)
	id := armID{subscription: p.subscriptionOf(in).id, group: strings.ToLower(group.val.str())}
	names := []string{in.at(v, vocabulary.Name).val.str()}
	switch in.typ.kind {
	case kindSubnet:
		names = []string{parent.val.str(), names[0]}
	case kindSecurityRule: // a write to a rule changes its group
		names = []string{parent.val.str()}
	}
	if !slices.Contains(names, "") {
		id.names = names
	}
	return id
}

// anyName stands for the name of a companion that is not known.
const anyName = "*"

// namedKeys are the names under which a write to the companion with an id is filed.
// A write to a rule of a network security group is filed as one to the group. An
// empty subscription or resource group is not known.
func namedKeys(id armID) []string {
	names := id.names
	if strings.HasPrefix(id.kind, groupKind) {
		names = names[:1]
	}
	return append(filedUnder(id.subscription, id.group, strings.Join(names, "/")), filedUnder(id.subscription, id.group, anyName)...)
}

// everyCompanion is the name under which writes to any companion are filed.
const everyCompanion = "every"

// companionAt returns what is written to one companion, given what is written to all
// of its kind around this cache; nil for nothing.
func (p *linker) companionAt(k kind, address string, all *companionWrite) *companionWrite {
	if all != nil && all.changes {
		return all
	}
	keys := []string{everyCompanion}
	if in := p.instances[address]; in != nil {
		keys = append(keys, p.companionKeys(in)...)
	}
	for _, key := range keys {
		if x := p.writes.companions[companionKey{k, key}]; x != nil && x.changes {
			return x
		}
	}
	return nil
}

// companionKey names a companion of a kind.
type companionKey struct {
	kind kind
	name string
}

// overwriteCompanions makes unknown what is written to companions of a cache; around
// are the writes to all companions of a kind of this cache.
func (p *linker) overwriteCompanions(around map[kind]*companionWrite, out *posture.Cache) {
	at := func(k kind, address string) *companionWrite { return p.companionAt(k, address, around[k]) }
	overwriteSet(&out.PrivateEndpoints, p.made(kindEndpoint, around), func(e *posture.PrivateEndpoint) {
		overwritten(&e.Approval, at(kindEndpoint, e.Address))
	})
	overwriteSet(&out.DiagnosticSettings, p.made(kindDiagnostic, around), func(d *posture.DiagnosticSetting) {
		overwritten(&d.Logs, at(kindDiagnostic, d.Address))
	})
	overwriteSet(&out.FirewallRules, p.made(kindFirewall, around), func(r *posture.FirewallRule) {
		overwritten(&r.Start, at(kindFirewall, r.Address))
		overwritten(&r.End, at(kindFirewall, r.Address))
	})
	overwriteSet(&out.AccessPolicyAssignments, p.made(kindAccessAssignment, around), func(a *posture.AccessPolicyAssignment) {
		overwritten(&a.PolicyName, at(kindAccessAssignment, a.Address))
		if !a.Permissions.IsUnset() {
			overwritten(&a.Permissions, at(kindAccessPolicy, a.Address))
		}
	})
	overwriteSet(&out.PolicyAssignments, p.made(kindPolicyAssignment, around), func(a *posture.PolicyAssignment) {
		overwritten(&a.Enforced, at(kindPolicyAssignment, a.Address))
		overwritten(&a.Exempted, at(kindPolicyExemption, ""))
	})
	p.overwriteSubnet(at, out)
}

// overwriteSet applies overwrite to the companions of a set, and doubts that they
// are all where a write may create another one.
func overwriteSet[T any](set *posture.Set[T], made *companionWrite, overwrite func(*T)) {
	for i := range set.Items {
		overwrite(&set.Items[i])
	}
	if made != nil {
		set.Doubts = append(set.Doubts[:len(set.Doubts):len(set.Doubts)],
			posture.Doubt{Address: made.by, Reason: posture.ReasonKnownAfterApply, Detail: made.detail})
	}
}

// overwriteSubnet makes unknown which security group guards an injected cache,
// or what is in it.
func (p *linker) overwriteSubnet(at func(kind, string) *companionWrite, out *posture.Cache) {
	group := &out.Subnet.SecurityGroup
	subnet := at(kindSubnet, out.Subnet.Address)
	if id, ok := out.SubnetID.Get(); ok && subnet == nil {
		if arm, ok := parseID(id); ok {
			subnet = p.namedWrite(kindSubnet, arm)
		}
	}
	if subnet != nil && (group.IsKnown() || group.IsUnset() && subnet.makes) {
		overwritten(group, subnet)
		return
	}
	if g, ok := group.Get(); ok {
		overwritten(group, at(kindSecurityGroup, g.Address))
	}
}

// namedWrite returns what is written to a companion outside the plan.
func (p *linker) namedWrite(k kind, id armID) *companionWrite {
	for _, names := range [][]string{id.names, id.names[:1]} { // a network counts for its subnets
		for _, key := range lookedUp(id.subscription, id.group, strings.Join(names, "/")) {
			if x := p.writes.companions[companionKey{k, key}]; x != nil {
				return x
			}
		}
	}
	return nil
}

// made returns a write that may create a companion of a kind, or nil.
func (p *linker) made(k kind, around map[kind]*companionWrite) *companionWrite {
	for _, x := range []*companionWrite{around[k], p.writes.companions[companionKey{k, everyCompanion}]} {
		if x != nil && x.makes {
			return x
		}
	}
	return nil
}

// sendToCompanion files a request that is sent to a child of a cache, or to a
// companion.
func (p *linker) sendToCompanion(r request, k kind) {
	s, _ := service.Within(r.arm)
	if len(p.caches) == 0 && (p.invocations[r.by].invoked || s != nil) {
		p.tellOutside(r)
		return
	}
	x := companionWrite{r.by.address, r.says("a "+aroundCache[k]+" of this cache", target{}), true, r.makes()}
	text := r.id.val.str()
	unknown := r.id.isUnknown() || r.id.lost() || text == ""
	_, rest, _ := cutCache(text)
	id, ok := parseID(text)
	switch in := p.companionOf(r, k); {
	case unknown && in != nil:
		p.fileAt(in, x, k)
	case unknown && s != nil:
		p.writes.around(everyCache(s), k, x)
	case unknown:
		p.writes.to(k, x, everyCompanion)
	case rest != "":
		p.writes.around(p.groupsWritten(r, p.cacheOfChild(r)), k, x)
	case !ok, k == kindPolicyExemption:
		p.writes.to(k, x, everyCompanion)
	case id.kind != r.arm: // a diagnostic setting of something else
	default:
		p.writes.to(k, x, namedKeys(id)...)
		if r.method == "PUT" || r.method == notKnown {
			x.changes = false
			p.writes.to(k, x, everyCompanion)
		}
	}
}

// companionOf returns the resource of the plan whose id a request surely names.
func (p *linker) companionOf(r request, k kind) *instance {
	in := p.sole(r.by, "resource_id", "id")
	if in == nil || !slices.Contains(resourceKinds[k], in.typ.kind) {
		return nil
	}
	return in
}

// resourceKinds are the kinds of resources that a write to a kind may change.
var resourceKinds = map[kind][]kind{
	kindEndpoint: {kindEndpoint}, kindDiagnostic: {kindDiagnostic}, kindFirewall: {kindFirewall}, kindAccessAssignment: {kindAccessAssignment},
	kindPolicyAssignment: {kindPolicyAssignment}, kindSubnet: {kindSubnet, kindVirtualNetwork},
	kindSecurityGroup: {kindSecurityGroup, kindSecurityRule},
}

// fileAt files a write to a companion of the plan.
func (p *linker) fileAt(in *instance, x companionWrite, k kind) {
	id := p.companionID(in)
	if in.typ.kind == kindSecurityRule && len(id.names) == 0 {
		p.writes.to(k, x, everyCompanion)
		return
	}
	p.writes.to(k, x, in.address)
	if k != kindSubnet && k != kindSecurityGroup || len(id.names) == 0 {
		return
	}
	if k == kindSecurityGroup {
		id.kind = groupKind
	}
	p.writes.to(k, x, namedKeys(id)...)
}

// cacheOfChild finds the cache above what a request is sent to.
func (p *linker) cacheOfChild(r request) target {
	if cache, rest, s := cutCache(r.id.val.str()); s != nil && rest != "" {
		return p.matchID(cache)
	}
	s, _ := service.Within(r.arm)
	return target{groups: everyCache(s), detail: "its target is not known"}
}
