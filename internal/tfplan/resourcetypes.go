package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// kind says what a resource is to a cache.
type kind int

const (
	kindCache kind = iota
	kindAzapi
	kindAzapiUpdate
	kindEndpoint
	kindDiagnostic
	kindFirewall
	kindAccessAssignment
	kindAccessPolicy
	kindPolicyAssignment
	kindPolicyExemption
	kindSubnet
	kindVirtualNetwork
	kindSecurityAssociation
	kindSecurityGroup
	kindSecurityRule
	kindResourceGroup
	kindZone
	kindZoneLink
	kindZoneGroup
	kindAction
	kindDeployment
	kindUnjudged
	kindPatchSchedule
	kindManagedEndpoint
	kindDataPlane
)

// resourceType is a type of resources that counts: a Terraform type, or an ARM
// type of azapi. Adding a companion means adding it here, and the file of its kind.
type resourceType struct {
	name  string // of the Terraform type
	kind  kind
	cache bool
	arm   bool // written in the words of ARM
	// change is what is kept of a resource change.
	change *spec
	// expressions are the top-level arguments whose references are kept.
	expressions []string
	// terms are where it has what is asked of a companion; nil where it is none.
	terms *vocabulary.Terms
}

// path is where a type has an argument in the configuration; empty where it has none.
func (t *resourceType) path(r vocabulary.Role) string { return t.terms.Place(r).Path }

func (t *resourceType) at(v view, r vocabulary.Role) view { return v.along(t.terms.Place(r)) }

// at returns an argument of a companion.
func (in *instance) at(v view, r vocabulary.Role) view { return in.typ.at(v, r) }

// path is where an argument of a companion stands in the configuration.
func (in *instance) path(r vocabulary.Role) string {
	if r == vocabulary.Target && in.targetPath != "" {
		return in.targetPath
	}
	return in.typ.path(r)
}

// evidence is the path of an argument in evidence.
func (in *instance) evidence(r vocabulary.Role) string {
	if r == vocabulary.Target && in.targetPath != "" {
		return in.targetPath
	}
	return in.typ.terms.Place(r).Evidence
}

// azurermType is a companion by azurerm.
func azurermType(name string, k kind, c vocabulary.Companion) *resourceType {
	attributes := keep().withArguments(c, vocabulary.InAzurerm)
	return &resourceType{name: name, kind: k, change: changeOf(attributes), expressions: c.Arguments(),
		terms: c.Azurerm()}
}

// armType is a companion by azapi.
func armType(k kind, c vocabulary.Companion) *resourceType {
	return &resourceType{name: "azapi_resource", kind: k, arm: true, terms: c.Body()}
}

// companionTypes are the kinds of companions with their name for messages, the
// resource type of azurerm and the ARM type that make one, and what is asked of it.
// Types of azurerm for one scope or one service each are added by scope and service.
var companionTypes = []struct {
	kind    kind
	noun    string // empty where no write to it is followed
	azurerm string // empty where azurerm has none, or several
	arm     string // empty where ARM has no resource of its own for it
	terms   vocabulary.Companion
}{
	{kindEndpoint, "private endpoint", "azurerm_private_endpoint", endpointKind, vocabulary.PrivateEndpoint},
	{kindDiagnostic, "diagnostic setting", "azurerm_monitor_diagnostic_setting", diagnosticKind, vocabulary.DiagnosticSetting},
	{kindFirewall, "firewall rule", azurermChild(service.FirewallRules), firewallKind, vocabulary.FirewallRule},
	{kindAccessAssignment, "access policy assignment", azurermChild(service.AccessPolicyAssignments), accessAssignmentKind,
		vocabulary.AccessPolicyAssignment},
	{kindAccessPolicy, "access policy", azurermChild(service.AccessPolicies), accessPolicyKind, vocabulary.AccessPolicy},
	{kindPatchSchedule, "", "", patchScheduleKind, vocabulary.PatchSchedule},
	{kindPolicyAssignment, "policy assignment", "", assignmentKind, vocabulary.PolicyAssignment("")},
	{kindPolicyExemption, "policy exemption", "", exemptionKind, vocabulary.PolicyExemption("")},
	{kindVirtualNetwork, "", "azurerm_virtual_network", networkKind, vocabulary.VirtualNetwork},
	{kindSubnet, "subnet", "azurerm_subnet", subnetKind, vocabulary.Subnet},
	{kindSecurityAssociation, "", "azurerm_subnet_network_security_group_association", "", vocabulary.SubnetAssociation},
	{kindSecurityGroup, "network security group", "azurerm_network_security_group", groupKind, vocabulary.NetworkSecurityGroup},
	{kindSecurityRule, "", "azurerm_network_security_rule", ruleKind, vocabulary.NetworkSecurityRule},
	{kindZone, "", "azurerm_private_dns_zone", zoneKind, vocabulary.PrivateDNSZone},
	{kindZoneLink, "", "azurerm_private_dns_zone_virtual_network_link", zoneKind + "/virtualnetworklinks", vocabulary.ZoneLink},
	{kindZoneGroup, "", "", endpointKind + "/privatednszonegroups", vocabulary.PrivateDNSZoneGroup},
	{kindResourceGroup, "", "azurerm_resource_group", "", vocabulary.ResourceGroups},
	{kindDeployment, "", "", deploymentKind, vocabulary.Deployment},
	{kindDeployment, "", "", stackKind, vocabulary.Deployment},
}

// resourceTypes are the Terraform types that count, by name.
var resourceTypes = newResourceTypes()

func newResourceTypes() map[string]*resourceType {
	list := []*resourceType{
		{name: ownCache, kind: kindCache, cache: true, change: changeOf(ownCacheSpec()),
			expressions: append([]string{"private_endpoint", "diagnostic_settings"}, cacheExpressions...)},
		{name: "azapi_resource", kind: kindAzapi, cache: true, change: changeOf(azapiSpec()),
			expressions: []string{"type", "parent_id", "sensitive_body", "body"}},
		{name: "azapi_update_resource", kind: kindAzapiUpdate, cache: true, change: changeOf(azapiSpec()),
			expressions: []string{"resource_id", "parent_id", "sensitive_body", "body"}},
		{name: azapiDataPlane, kind: kindDataPlane, change: changeOf(dataPlaneSpec()), expressions: []string{"type", "sensitive_body", "body"}},
		{name: "azapi_resource_action", kind: kindAction, change: changeOf(actionSpec()),
			expressions: []string{"type", "method", "resource_id", "body", "sensitive_body"}},
	}
	for _, name := range service.Redis.Azurerm {
		list = append(list, &resourceType{name: name, kind: kindCache, cache: true, change: changeOf(keep().withNames(cacheAzurerm.Names())),
			expressions: cacheExpressions})
	}
	for _, c := range companionTypes {
		if c.azurerm != "" {
			list = append(list, azurermType(c.azurerm, c.kind, c.terms))
		}
	}
	for _, scope := range []string{"resource", "resource_group", "subscription", "management_group"} {
		list = append(list,
			azurermType("azurerm_"+scope+"_policy_assignment", kindPolicyAssignment, vocabulary.PolicyAssignment(scope+"_id")),
			azurermType("azurerm_"+scope+"_policy_exemption", kindPolicyExemption, vocabulary.PolicyExemption(scope+"_id")))
	}
	for _, scope := range []string{"resource_group", "subscription", "management_group", "tenant"} {
		list = append(list, azurermType("azurerm_"+scope+"_template_deployment", kindDeployment, vocabulary.Deployment))
	}
	for name, c := range vocabulary.ManagedEndpoints {
		list = append(list, azurermType(name, kindManagedEndpoint, c))
	}
	for name := range service.UnjudgedAzurerm {
		list = append(list, &resourceType{name: name, kind: kindUnjudged, change: changeOf(keep("id")), expressions: []string{}})
	}
	out := map[string]*resourceType{}
	for _, t := range list {
		out[t.name] = t
	}
	return out
}

// armTypes are the companions of azapi by ARM type in lower case; see
// azapiManualEndpoint too.
var armTypes = newARMTypes()

func newARMTypes() map[string]*resourceType {
	out := map[string]*resourceType{}
	for _, c := range companionTypes {
		out[c.arm] = armType(c.kind, c.terms)
	}
	for name, c := range vocabulary.ManagedEndpointsARM {
		out[name] = armType(kindManagedEndpoint, c)
	}
	delete(out, "")
	return out
}

// azapiManualEndpoint is an endpoint by azapi that waits for approval, and
// azapiAttachment an azapi_update_resource that gives a subnet its security group.
var (
	azapiManualEndpoint = armType(kindEndpoint, vocabulary.ManualPrivateEndpoint)
	azapiAttachment     = &resourceType{name: "azapi_update_resource", kind: kindSecurityAssociation, arm: true,
		terms: vocabulary.SubnetAssociation.Body()}
)

// azapiCompanionSpec adds what is kept of companions to the properties of a body,
// whose type is not known while they are read.
func azapiCompanionSpec(properties *spec) *spec {
	all := vocabulary.ManualPrivateEndpoint
	for _, c := range companionTypes {
		all = append(all, c.terms...)
	}
	for _, name := range sortedKeys(vocabulary.ManagedEndpointsARM) {
		all = append(all, vocabulary.ManagedEndpointsARM[name]...)
	}
	for _, a := range all {
		if path, ok := strings.CutPrefix(a.ARM, "properties."); ok {
			a.ARM = path
			properties.withArguments(vocabulary.Companion{a}, vocabulary.InARM)
		}
	}
	return outboundRuleSpec(properties).
		with(managedNetwork, keep().with(outboundRules, mapOf(outboundRuleSpec(keep())))).
		with("privateLinkServiceConnectionState", keep("status"))
}

// cacheExpressions are the arguments of a cache by azurerm whose references count:
// what links it, and what azurerm 3 has under two names.
var cacheExpressions = newCacheExpressions()

func newCacheExpressions() []string {
	out := []string{"subnet_id", "resource_group_name"}
	for _, path := range sortedKeys(cacheAzurerm.OtherNames()) {
		if name, _, _ := strings.Cut(path, "."); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// changeOf is what is kept of a change, given what is kept of the object.
func changeOf(attrs *spec) *spec {
	masks := *attrs
	masks.mask = true
	s := keep("actions").with("before", attrs).with("after", attrs)
	for _, part := range []string{"after_unknown", "before_sensitive", "after_sensitive"} {
		s.with(part, &masks)
	}
	return s
}

// distilledArguments are the arguments of which less is kept than is written.
var distilledArguments = map[vocabulary.Role]*spec{
	vocabulary.Parameters:   parametersSpec(),
	vocabulary.Template:     templateSpec(),
	vocabulary.TemplateLink: keep().asText(func(w *encoder, text string) { w.str(text) }),
}
