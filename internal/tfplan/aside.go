package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// changedAside are the ARM types that an azapi_update_resource changes as a PATCH
// of an action would; the others are patches.
var changedAside = map[string]bool{
	firewallKind: true, accessPolicyKind: true, accessAssignmentKind: true,
	assignmentKind: true, exemptionKind: true, deploymentKind: true, stackKind: true,
}

// fileAside keeps what a resource of azapi sends to a companion, until links are
// known; one that the plan leaves as it is sends nothing.
func (p *linker) fileAside(in *instance, after view, arm, method string) {
	if !in.created() && in.change != posture.ChangeUpdate {
		return
	}
	id := after.get("resource_id")
	parent, name := after.get("parent_id").val.str(), after.get("name").val.str()
	if provider, typ, ok := strings.Cut(arm, "/"); ok && id.val.str() == "" && parent != "" && name != "" {
		whole := strings.TrimRight(parent, "/") + "/providers/" + provider + "/" + typ + "/" + name
		if outer, inner, nested := strings.Cut(typ, "/"); nested && strings.Contains(strings.ToLower(parent), "/"+outer+"/") {
			whole = strings.TrimRight(parent, "/") + "/" + inner + "/" + name
		}
		id = view{val: node{kind: '"', text: whole}}
	}
	p.aside = append(p.aside, request{by: in, arm: arm, method: method, v: after, id: id})
}

// sendAside files what was kept.
func (p *linker) sendAside() {
	for _, r := range p.aside {
		if r.arm == connectionKind {
			p.sendToConnection(r)
			continue
		}
		p.send(r)
	}
}

// sendToConnection files a connection of a private endpoint that azapi_resource
// puts: it approves one that may come from elsewhere, or rejects one.
func (p *linker) sendToConnection(r request) {
	t := p.cacheOfChild(r)
	if r.id.val.str() == "" {
		t = p.targetOf(r.by, r.v.get("parent_id"), r.by.before().get("parent_id"), "parent_id", "id")
	}
	status := r.v.at("body", "properties", "privateLinkServiceConnectionState", "status")
	approves := !status.isUnknown() && strings.EqualFold(status.val.str(), "Approved") && !p.hasSensitiveBody(r)
	x := companionWrite{r.by.address, r.says("a connection of this cache", t), !approves, true}
	for _, g := range p.groupsWritten(r, t) {
		addWrite(writeAt(p.writes.caches, g).companions, kindEndpoint, x)
	}
}
