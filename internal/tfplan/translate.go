package tfplan

import "strings"

// Companions that azapi makes are put into the terms of azurerm while linking,
// so that whatever reads companions knows one shape of each kind.

// azapiCompanionSpec adds what is kept of companions to the properties of a body.
func azapiCompanionSpec(properties *spec) *spec {
	selectors := func() *spec { return keep().with("selectors", keep("kind", "in", "notIn")) }
	connection := func() *spec {
		return keep().with("properties", keep("privateLinkServiceId", "groupIds"))
	}
	for _, name := range []string{"workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId", "serviceBusRuleId",
		"policyDefinitionId", "enforcementMode", "notScopes", "parameters", "policyAssignmentId", "expiresOn", "policyDefinitionReferenceIds",
		"startIP", "endIP", "accessPolicyName", "permissions", "privateLinkResourceId", "groupId", "groupIds"} {
		properties.with(name, nil)
	}
	return outboundRuleSpec(azapiNetworkSpec(properties)).
		with(scheduleEntries, keep("dayOfWeek")).
		with(managedNetwork, keep().with(outboundRules, mapOf(outboundRuleSpec(keep())))).
		with("privateLinkServiceConnectionState", keep("status")).
		with("mode", nil).with("template", templateSpec()).with("templateLink", keep()).
		with("privateDnsZoneConfigs", keep().with("properties", keep("privateDnsZoneId"))).
		with("privateLinkServiceConnections", connection()).
		with("manualPrivateLinkServiceConnections", connection()).
		with("logs", keep("category", "categoryGroup", "enabled")).
		with("overrides", selectors()).
		with("resourceSelectors", selectors())
}

const azapiConnections, azapiManualConnections = "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"

func azapiEndpointType(connections string) *resourceType {
	return &resourceType{name: "azapi_resource", kind: kindEndpoint, paths: map[string]string{
		endpointTarget:       "body.properties." + connections + "[0].properties.privateLinkServiceId",
		endpointSubresources: "body.properties." + connections + "[0].properties.groupIds",
	}}
}

// atCache is where a child of a cache names it.
var atCache = map[string]string{"redis_cache_id": "parent_id"}

// azapiTypes are the companions by ARM type; adding one means adding it here
// and its translation below.
var (
	azapiEndpoint       = azapiEndpointType(azapiConnections)
	azapiManualEndpoint = azapiEndpointType(azapiManualConnections)
	azapiDiagnostic     = &resourceType{name: "azapi_resource", kind: kindDiagnostic, paths: map[string]string{
		"target_resource_id": "parent_id", "log_analytics_workspace_id": "body.properties.workspaceId",
		"storage_account_id":             "body.properties.storageAccountId",
		"eventhub_authorization_rule_id": "body.properties.eventHubAuthorizationRuleId",
		"partner_solution_id":            "body.properties.marketplacePartnerId",
		"servicebus_rule_id":             "body.properties.serviceBusRuleId",
	}}
	azapiDeployment       = &resourceType{name: "azapi_resource", kind: kindDeployment}
	azapiFirewall         = &resourceType{name: "azapi_resource", kind: kindFirewall, paths: atCache}
	azapiAccessPolicy     = &resourceType{name: "azapi_resource", kind: kindAccessPolicy, paths: atCache}
	azapiPatchSchedule    = &resourceType{name: "azapi_resource", kind: kindPatchSchedule, paths: atCache}
	azapiAccessAssignment = &resourceType{name: "azapi_resource", kind: kindAccessAssignment, paths: atCache}
	azapiAssignment       = &resourceType{name: "azapi_resource", kind: kindPolicyAssignment, scope: "parent_id"}
	azapiExemption        = &resourceType{name: "azapi_resource", kind: kindPolicyExemption, scope: "parent_id",
		paths: map[string]string{"policy_assignment_id": "body.properties.policyAssignmentId"}}
)

// azapiKind is what an ARM type is to a cache, and how a body of it reads in the
// terms of azurerm.
type azapiKind struct {
	typ   *resourceType
	shape func(view) view
}

// azapiKinds are the companions by ARM type in lower case; see manual too.
var azapiKinds = map[string]azapiKind{
	endpointKind:                                {azapiEndpoint, endpointFromARM},
	"microsoft.insights/diagnosticsettings":     {azapiDiagnostic, diagnosticFromARM},
	"microsoft.authorization/policyassignments": {azapiAssignment, assignmentFromARM},
	"microsoft.authorization/policyexemptions":  {azapiExemption, exemptionFromARM},
	zoneKind:                               {azapiZone, zoneFromARM},
	zoneKind + "/virtualnetworklinks":      {azapiZoneLink, zoneLinkFromARM},
	endpointKind + "/privatednszonegroups": {azapiZoneGroup, zoneGroupFromARM},
	redisKind + "/firewallrules":           {azapiFirewall, childFromARM},
	redisKind + "/accesspolicies":          {azapiAccessPolicy, childFromARM},
	redisKind + "/accesspolicyassignments": {azapiAccessAssignment, childFromARM},
	patchScheduleKind:                      {azapiPatchSchedule, childFromARM},
	networkKind:                            {azapiNetwork, networkFromARM},
	subnetKind:                             {azapiSubnet, subnetFromARM},
	groupKind:                              {azapiGroup, groupFromARM},
	ruleKind:                               {azapiRule, ruleFromARM},
	deploymentKind:                         {azapiDeployment, deploymentFromARM},
	stackKind:                              {azapiDeployment, deploymentFromARM},
}

// manual is the same for an endpoint that waits for approval.
var manual = azapiKind{azapiManualEndpoint, endpointFromARM}

func isManual(v view) bool {
	properties := v.at("body", "properties")
	list := properties.get(azapiManualConnections)
	return !properties.isUnknown() && (list.length() > 0 || list.isUnknown() && properties.get(azapiConnections).length() == 0)
}

// armType returns the ARM type of an azapi resource in lower case, without its
// version; empty where it is not known, which no plan should need.
func (p *references) armType(in *instance, before, after view) string {
	text := after.get("type").val.str()
	if in.after() && (after.get("type").isUnknown() || text == "" || text == redacted) {
		text, _ = p.askString(in, "type")
		if text == "" && !in.created() {
			text = before.get("type").val.str() // only its version can change in place
		}
	} else if text == "" {
		text = before.get("type").val.str()
	}
	arm, _, _ := strings.Cut(strings.ToLower(text), "@")
	if !strings.Contains(arm, "/") {
		return ""
	}
	return arm
}

// translateAzapi finds companions among the azapi_resources.
func (p *linker) translateAzapi() {
	all := resourceTypes["azapi_resource"]
	kept := p.byType[all][:0]
	for _, in := range p.byType[all] {
		before, after := in.both()
		arm := p.armType(in, before, after)
		k, known := azapiKinds[arm]
		switch {
		case arm == "" && in.after():
			if !isRedisType(before, after) {
				p.untyped(in, after)
			}
			kept = append(kept, in)
			continue
		case known && k.typ == azapiEndpoint && (isManual(after) || !after.exists() && isManual(before)):
			k = manual
		case !known:
			p.collectOutboundRules(in, arm, before, after)
			in.setType(arm)
			if arm == connectionKind && in.after() {
				p.fileAside(in, after, arm, "PUT")
			}
			if arm != "" && arm != redisKind {
				// Nobody asks for more than its type.
				typ := leafNode(after.get("type").val)
				if typ.text == "" {
					typ = node{kind: '"', text: arm}
				}
				in.kept = encoded(object("after", object("type", typ)))
			}
			kept = append(kept, in)
			continue
		}
		in.translate(k, before, after, p.config.resources[in.cfg].has("sensitive_body"))
		p.byType[k.typ] = append(p.byType[k.typ], in)
	}
	p.byType[all] = kept
	p.collectDataPlane()
}

func (in *instance) translate(k azapiKind, before, after view, hidden bool) {
	before, after = in.hideBody(before, after, hidden)
	in.typ, in.kept, in.translated = k.typ, change(before, after, k.shape), true
}

// hideBody takes the body out of both sides where a sensitive_body is written too.
func (in *instance) hideBody(before, after view, hidden bool) (view, view) {
	if hidden {
		// The hidden body is merged over this one, and never read.
		before.val, after.val = without(before.val, "body"), without(after.val, "body")
		after.unknown = with(without(after.unknown, "body"), "body", node{kind: 't'})
	}
	in.hidden, in.textBody = hidden, !hidden && after.get("body").isUnknown()
	return before, after
}

func endpointFromARM(v view) view {
	properties := v.at("body", "properties")
	connections, manual := properties.get(azapiConnections), view{val: node{kind: 'f'}}
	if isManual(v) {
		connections, manual.val.kind = properties.get(azapiManualConnections), 't'
	}
	unknown := v.get("body")
	switch {
	case unknown.isUnknown():
	case properties.isUnknown(), connections.isUnknown():
		unknown = view{unknown: node{kind: 't'}}
	case properties.get(azapiConnections).length()+properties.get(azapiManualConnections).length() > 1:
		unknown = view{unknown: node{kind: 't'}} // which of several counts is not known
	}
	if unknown.isUnknown() {
		return fields(v,
			member{"id", v.get("id")},
			member{"name", v.get("name")},
			member{"private_service_connection", unknown},
		)
	}
	one := connections.first().get("properties")
	return fields(v,
		member{"id", v.get("id")},
		member{"name", v.get("name")},
		member{"private_service_connection", list(fields(view{},
			member{"is_manual_connection", manual},
			member{"private_connection_resource_id", one.get("privateLinkServiceId")},
			member{"subresource_names", one.get("groupIds")}))},
	)
}

func diagnosticFromARM(v view) view {
	props := v.at("body", "properties")
	var logs []view
	for l := range props.get("logs").elems() {
		enabled := l.get("enabled")
		if enabled.isAbsentOrEmpty() { // required; what else it would mean nobody says
			enabled = view{unknown: node{kind: 't'}}
		}
		logs = append(logs, fields(view{},
			member{"category", l.get("category")},
			member{"category_group", l.get("categoryGroup")},
			member{"enabled", enabled},
		))
	}
	log := list(logs...)
	if all := props.get("logs"); all.isUnknown() || all.lost() {
		log = all
	}
	return fields(v,
		member{"id", v.get("id")},
		member{"target_resource_id", v.get("parent_id")},
		member{"log", log},
		member{"log_analytics_workspace_id", props.get("workspaceId")},
		member{"storage_account_id", props.get("storageAccountId")},
		member{"eventhub_authorization_rule_id", props.get("eventHubAuthorizationRuleId")},
		member{"partner_solution_id", props.get("marketplacePartnerId")},
		member{"servicebus_rule_id", props.get("serviceBusRuleId")},
	)
}

// childFromARM holds for every child of a cache; what a kind lacks is nothing.
func childFromARM(v view) view {
	props := v.at("body", "properties")
	return fields(v,
		member{"id", v.get("id")},
		member{"name", v.get("name")},
		member{"redis_cache_id", v.get("parent_id")},
		member{"start_ip", props.get("startIP")},
		member{"end_ip", props.get("endIP")},
		member{"access_policy_name", props.get("accessPolicyName")},
		member{"permissions", props.get("permissions")},
		member{scheduleEntries, props.get(scheduleEntries)},
	)
}

func assignmentFromARM(v view) view {
	props := v.at("body", "properties")
	enforce := props.get("enforcementMode")
	if s := enforce.val.str(); s != "" && !isRedacted(enforce.val) {
		switch strings.ToLower(s) {
		case "default":
			enforce.val = node{kind: 't'}
		case "donotenforce":
			enforce.val = node{kind: 'f'}
		} // Another word stays, and is no truth value that a check could take for one.
	}
	parameters := props.get("parameters")
	if parameters.val.kind == '{' {
		var w encoder
		distill(&w, parameters.val, parameters.unknown)
		distilled, _ := cut(string(w.buf))
		parameters = view{val: distilled, unknown: parameters.unknown}
	}
	return fields(v,
		member{"id", v.get("id")},
		member{"parent_id", v.get("parent_id")},
		member{"policy_definition_id", props.get("policyDefinitionId")},
		member{"enforce", enforce},
		member{"not_scopes", props.get("notScopes")},
		member{"parameters", parameters},
		member{"overrides", selectionsFromARM(props.get("overrides"))},
		member{"resource_selectors", selectionsFromARM(props.get("resourceSelectors"))},
	)
}

func selectionsFromARM(v view) view {
	if v.isUnknown() || v.lost() || v.isAbsent() {
		return v
	}
	return mapped(v, func(one view) view {
		return fields(view{}, member{"selectors", mapped(one.get("selectors"), func(s view) view {
			return fields(view{}, member{"kind", s.get("kind")}, member{"in", s.get("in")}, member{"not_in", s.get("notIn")})
		})})
	})
}

func exemptionFromARM(v view) view {
	props := v.at("body", "properties")
	return fields(v,
		member{"id", v.get("id")},
		member{"parent_id", v.get("parent_id")},
		member{"policy_assignment_id", props.get("policyAssignmentId")},
		member{"expires_on", props.get("expiresOn")},
		member{"policy_definition_reference_ids", props.get("policyDefinitionReferenceIds")},
	)
}

func anyTrue(n node) bool {
	if n.isTrue() {
		return true
	}
	for _, k := range n.members() {
		if anyTrue(k) {
			return true
		}
	}
	for k := range n.elems() {
		if anyTrue(k) {
			return true
		}
	}
	return false
}

// change writes both sides of a change in another shape.
func change(before, after view, shape func(view) view) string {
	out := node{kind: '{'}
	if before.exists() {
		v := shape(before)
		out = with(with(out, "before", v.val), "before_sensitive", v.sensitive)
	}
	if after.exists() {
		v := shape(after)
		out = with(with(with(out, "after", v.val), "after_unknown", v.unknown), "after_sensitive", v.sensitive)
	}
	return encoded(out)
}

// member is a named part of an object.
type member struct {
	name string
	v    view
}

// fields makes an object of names and views; it is nothing where from is said
// to be nothing.
func fields(from view, all ...member) view {
	out := view{val: node{kind: '{'}, unknown: node{kind: '{'}, sensitive: node{kind: '{'}, stripped: from.stripped}
	for _, f := range all {
		if f.v.lost() {
			f.v.val = node{kind: '"', text: redacted}
		}
		out.val, out.unknown, out.sensitive = with(out.val, f.name, f.v.val), with(out.unknown, f.name, f.v.unknown),
			with(out.sensitive, f.name, f.v.sensitive)
	}
	return out
}

func list(elems ...view) view {
	var val, unknown, sensitive encoder
	for _, v := range elems {
		val.value(v.val)
		unknown.value(v.unknown)
		sensitive.value(v.sensitive)
	}
	part := func(w encoder) node { return node{kind: '[', text: string(w.buf)} }
	return view{val: part(val), unknown: part(unknown), sensitive: part(sensitive)}
}

func object(name string, v node) node { return with(node{kind: '{'}, name, v) }

func leafNode(n node) node {
	if n.kind == '"' {
		return n
	}
	return node{}
}

// with adds a member to an object, unless there is nothing to add.
func with(n node, name string, v node) node {
	if v.absent() {
		return n
	}
	if n.absent() || n.null() {
		n.kind = '{'
	}
	if n.kind != '{' {
		return n // true throughout, or taken out
	}
	w := encoder{buf: []byte(n.text)}
	w.name([]byte(name))
	w.value(v)
	n.text = string(w.buf)
	return n
}

func without(n node, name string) node {
	if n.kind != '{' {
		return n
	}
	out := node{kind: '{'}
	for have, v := range n.members() {
		if have != name {
			out = with(out, have, v)
		}
	}
	return out
}

// encoded returns a value as it is kept.
func encoded(n node) string {
	var w encoder
	w.value(n)
	return string(w.buf)
}
