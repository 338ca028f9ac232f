package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// armType returns the ARM type of an azapi resource in lower case, without its
// version; empty where it is not known.
func (p *references) armType(in *instance, before, after view) string {
	text := after.get("type").known()
	if text == "" && in.after() {
		text, _ = p.askString(in, "type")
	}
	if text == "" && !in.created() {
		text = before.get("type").val.str() // only its version can change in place
	}
	arm, _, _ := strings.Cut(strings.ToLower(text), "@")
	if !strings.Contains(arm, "/") {
		return ""
	}
	return arm
}

// azapiID is the id of what a resource of azapi updates, or is: resource_id, or what
// the parent and the name make.
func azapiID(v view, arm string) view {
	id := v.get("resource_id")
	parent, name := strings.TrimRight(v.get("parent_id").val.str(), "/"), v.get("name").val.str()
	provider, typ, ok := strings.Cut(arm, "/")
	if !ok || id.val.str() != "" || parent == "" || name == "" {
		return id
	}
	whole := parent + "/providers/" + provider + "/" + typ + "/" + name
	if outer, inner, nested := strings.Cut(typ, "/"); nested && strings.Contains(strings.ToLower(parent), "/"+outer+"/") {
		whole = parent + "/" + inner + "/" + name
	}
	return view{val: node{kind: '"', text: whole}}
}

// sortAzapi finds companions among the azapi_resources by their ARM type.
func (p *linker) sortAzapi() {
	all := resourceTypes["azapi_resource"]
	kept := p.byType[all][:0]
	for _, in := range p.byType[all] {
		before, after := in.both()
		arm := p.armType(in, before, after)
		typ := armTypes[arm]
		if typ == nil && p.migration {
			typ = migrationARMTypes[arm]
		}
		switch {
		case arm == "" && in.after():
			if azapiService(before, after) == nil {
				p.untyped(in, after)
			}
			kept = append(kept, in)
			continue
		case typ != nil && typ.kind == kindEndpoint && (isManual(after) || !after.exists() && isManual(before)):
			typ = azapiManualEndpoint
		case typ == nil:
			p.collectOutboundRules(in, arm)
			in.setType(arm)
			if isConnection(arm) && in.after() {
				p.keepRequest(in, after, arm, "PUT")
			}
			if arm != "" && service.Of(arm) == nil {
				in.keepType(after, arm)
			}
			kept = append(kept, in)
			continue
		}
		p.addCompanion(in, typ)
	}
	p.byType[all] = kept
	p.collectDataPlane()
}

// addCompanion files an azapi resource as a companion of a type.
func (p *linker) addCompanion(in *instance, typ *resourceType) {
	in.hideBody(p.config.resources[in.cfg].has("sensitive_body") && typ.kind != kindDatabase)
	in.typ = typ
	p.byType[typ] = append(p.byType[typ], in)
}

// hideBody records whether a sensitive_body, which is never read, is merged over the
// body, and whether the body is text that is not known.
func (in *instance) hideBody(hidden bool) {
	in.textBody = !hidden && in.view().get("body").isUnknown()
	in.hidden = hidden
}

// keepType drops everything but the type, of a resource that is no companion.
func (in *instance) keepType(after view, arm string) {
	typ := after.get("type").val
	if typ.kind != '"' || typ.text == "" {
		typ = node{kind: '"', text: arm}
	}
	in.kept = encoded(object("after", object("type", typ)))
}

// setType stores a type that is known from the configuration only.
func (in *instance) setType(arm string) {
	n, _ := cut(in.kept)
	after := n.get("after")
	if arm == "" || after.kind != '{' || after.get("type").str() != "" {
		return
	}
	out := node{kind: '{'}
	for name, v := range n.members() {
		switch name {
		case "after":
			v = with(without(v, "type"), "type", node{kind: '"', text: arm})
		case "after_unknown":
			v = without(v, "type")
		}
		out = with(out, name, v)
	}
	in.kept = encoded(out)
}

// isManual reports whether the connection of a private endpoint by azapi waits
// for approval.
func isManual(v view) bool {
	approved, manual := azapiManualEndpoint.at(v, vocabulary.Connections), azapiManualEndpoint.at(v, vocabulary.ManualConnections)
	return !v.at("body", "properties").isUnknown() && (manual.length() > 0 || manual.isUnknown() && approved.length() == 0)
}

// untyped files an azapi_resource whose type is not known under each kind that it
// may be. As a subnet, a network or a security group it is a patch.
func (p *linker) untyped(in *instance, after view) {
	p.untypedAt = append(p.untypedAt, in.address)
	hidden := p.config.resources[in.cfg].has("sensitive_body")
	endpointType := armTypes[endpointKind]
	if isManual(after) {
		endpointType = azapiManualEndpoint
	}
	all := []*resourceType{endpointType, armTypes[diagnosticKind]}
	for _, c := range companionTypes {
		if c.kind == kindFirewall || c.kind == kindAccessAssignment || c.kind == kindDatabase {
			all = append(all, armTypes[c.arm])
		}
	}
	endpoint := !hidden && connections(endpointType, after) > 0
	exemption := armTypes[exemptionKind]
	if endpoint {
		all = all[:1] // nothing else has such a body
	} else if hidden || after.get("body").isUnknown() || !exemption.at(after, vocabulary.Assignment).isAbsent() {
		all = append(all, exemption)
	}
	if mayDeploy(hidden, after) {
		all = append(all, armTypes[deploymentKind])
	}
	for _, typ := range all {
		shadow := *in
		shadow.untyped = true
		p.addCompanion(&shadow, typ)
	}
	if !endpoint {
		p.patches = append(p.patches, &patch{in: in, touches: kindsOf(kindSubnet, kindSecurityGroup), detail: "its type is known after apply"})
	}
}

// mayDeploy reports whether an azapi_resource whose type is not known may be the deployment
// of a template: its body has a template, or is not known, and its parent is no resource.
func mayDeploy(hidden bool, after view) bool {
	in := strings.ToLower(after.get("parent_id").val.str())
	if strings.Contains(in, "/providers/") && !strings.Contains(in, "/managementgroups/") {
		return false
	}
	t := armTypes[deploymentKind]
	return hidden || after.get("body").isUnknown() || !t.at(after, vocabulary.Template).isAbsent() ||
		!t.at(after, vocabulary.TemplateLink).isAbsent()
}
