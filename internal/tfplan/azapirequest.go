package tfplan

import "strings"

// sentAsRequest are the kinds of which an azapi_update_resource counts as a PATCH
// request, like one of an action; an update of another kind is a [patch].
var sentAsRequest = kindsOf(kindFirewall, kindAccessPolicy, kindAccessAssignment, kindPolicyAssignment, kindPolicyExemption, kindDeployment)

// keepRequest keeps what a resource of azapi sends to a companion until links are
// known. A resource that the plan does not change sends nothing.
func (p *linker) keepRequest(in *instance, after view, arm, method string) {
	if !in.applied() {
		return
	}
	p.requests = append(p.requests, request{by: in, arm: arm, method: method, v: after, id: azapiID(after, arm)})
}

// sendRequests files the requests that were kept.
func (p *linker) sendRequests() {
	for _, r := range p.requests {
		if isConnection(r.arm) {
			p.sendToConnection(r)
			continue
		}
		p.send(r)
	}
}

// sendToConnection files an azapi_resource that sets the state of a private endpoint
// connection: it approves or rejects a connection, which may come from outside the
// plan.
func (p *linker) sendToConnection(r request) {
	t := p.cacheOfChild(r)
	if r.id.val.str() == "" {
		t = p.targetOf(r.by, r.v.get("parent_id"), r.by.before().get("parent_id"), "parent_id", "id")
	}
	status := r.v.at("body", "properties", "privateLinkServiceConnectionState", "status")
	approves := !status.isUnknown() && strings.EqualFold(status.val.str(), "Approved") && !p.hasSensitiveBody(r)
	x := companionWrite{r.by.address, r.says("a connection of this cache", t), !approves, true}
	p.writes.around(p.groupsWritten(r, t), kindEndpoint, x)
}
