package tfplan

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"

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

// resourceType is a Terraform resource type that counts. Adding a companion
// means adding an entry here and the file of its kind.
type resourceType struct {
	name  string
	kind  kind
	cache bool
	// change is what is kept of a resource change.
	change *spec
	// expressions are the top-level arguments whose references are kept.
	expressions []string
	// scope is the argument that names the scope of a policy resource.
	scope string
	// paths translates the terms of azurerm into those of this type.
	paths map[string]string
}

// pathOf returns where an argument stands that azurerm has at path.
func (t *resourceType) pathOf(path string) string {
	if own, ok := t.paths[path]; ok {
		return own
	}
	return path
}

var resourceTypes = map[string]*resourceType{}

func init() {
	for _, t := range []*resourceType{
		{name: "azurerm_redis_cache", kind: kindCache, cache: true, change: changeOf(keep().withNames(cacheAzurerm.Names())), expressions: cacheExpressions},
		{name: ownCache, kind: kindCache, cache: true, change: changeOf(ownCacheSpec()),
			expressions: append([]string{"private_endpoint", "diagnostic_settings"}, cacheExpressions...)},
		{name: "azapi_resource", kind: kindAzapi, cache: true, paths: map[string]string{"subnet_id": "body.properties.subnetId"},
			change: changeOf(azapiSpec()), expressions: []string{"type", "parent_id", "sensitive_body", "body"}},
		{name: "azapi_update_resource", kind: kindAzapiUpdate, cache: true, change: changeOf(azapiSpec()),
			expressions: []string{"resource_id", "parent_id", "sensitive_body", "body"}},
		{name: azapiDataPlane, kind: kindDataPlane, change: changeOf(dataPlaneSpec()), expressions: []string{"type", "sensitive_body", "body"}},
		{name: "azapi_resource_action", kind: kindAction, change: changeOf(actionSpec()),
			expressions: []string{"type", "method", "resource_id", "body", "sensitive_body"}},
		{name: "azurerm_private_endpoint", kind: kindEndpoint, change: changeOf(endpointSpec()),
			expressions: []string{"private_service_connection", "private_dns_zone_group"}},
		{name: "azurerm_monitor_diagnostic_setting", kind: kindDiagnostic, change: changeOf(diagnosticSpec()),
			expressions: append([]string{"target_resource_id"}, destinations...)},
		{name: "azurerm_redis_firewall_rule", kind: kindFirewall,
			change:      changeOf(keep("name", "redis_cache_name", "resource_group_name", "start_ip", "end_ip")),
			expressions: []string{"redis_cache_name"}},
		{name: "azurerm_redis_cache_access_policy_assignment", kind: kindAccessAssignment,
			change: changeOf(keep("name", "redis_cache_id", "access_policy_name")), expressions: []string{"redis_cache_id"}},
		{name: "azurerm_redis_cache_access_policy", kind: kindAccessPolicy, change: changeOf(keep("name", "redis_cache_id", "permissions")),
			expressions: []string{"redis_cache_id"}},
		policyType("azurerm_resource_policy_assignment", kindPolicyAssignment, "resource_id"),
		policyType("azurerm_resource_group_policy_assignment", kindPolicyAssignment, "resource_group_id"),
		policyType("azurerm_subscription_policy_assignment", kindPolicyAssignment, "subscription_id"),
		policyType("azurerm_management_group_policy_assignment", kindPolicyAssignment, "management_group_id"),
		policyType("azurerm_resource_policy_exemption", kindPolicyExemption, "resource_id"),
		policyType("azurerm_resource_group_policy_exemption", kindPolicyExemption, "resource_group_id"),
		policyType("azurerm_subscription_policy_exemption", kindPolicyExemption, "subscription_id"),
		policyType("azurerm_management_group_policy_exemption", kindPolicyExemption, "management_group_id"),
		{name: "azurerm_subnet", kind: kindSubnet, change: changeOf(keep("id", "name", "resource_group_name", "virtual_network_name",
			"address_prefixes", "network_security_group_id")), expressions: []string{"network_security_group_id_wo"}},
		{name: "azurerm_virtual_network", kind: kindVirtualNetwork,
			change: changeOf(keep("id", "name", "resource_group_name").with("subnet",
				keep("id", "name", "address_prefix", "address_prefixes", "security_group")))},
		{name: "azurerm_subnet_network_security_group_association", kind: kindSecurityAssociation,
			change: changeOf(keep("subnet_id", "network_security_group_id")), expressions: []string{"subnet_id", "network_security_group_id"}},
		{name: "azurerm_network_security_group", kind: kindSecurityGroup,
			change: changeOf(keep("id", "name", "resource_group_name").with("security_rule", securityRuleSpec()))},
		{name: "azurerm_network_security_rule", kind: kindSecurityRule, change: changeOf(securityRuleSpec()),
			expressions: []string{"network_security_group_name"}},
		{name: "azurerm_resource_group", kind: kindResourceGroup, change: changeOf(keep("id", "name"))},
		{name: "azurerm_private_dns_zone", kind: kindZone, change: changeOf(keep("id", "name", "resource_group_name"))},
		{name: "azurerm_private_dns_zone_virtual_network_link", kind: kindZoneLink,
			change: changeOf(keep("private_dns_zone_name", "resource_group_name")), expressions: []string{"private_dns_zone_name"}},
	} {
		resourceTypes[t.name] = t
	}
	for name, attributes := range managedEndpoints {
		target, subresource := attributes[0], attributes[1]
		resourceTypes[name] = &resourceType{name: name, kind: kindManagedEndpoint,
			paths:  map[string]string{managedTarget: target, managedSubresource: subresource},
			change: changeOf(keep("id", target, subresource)), expressions: []string{target}}
	}
	for name := range service.UnjudgedAzurerm {
		resourceTypes[name] = &resourceType{name: name, kind: kindUnjudged, change: changeOf(keep("id")), expressions: []string{}}
	}
	for _, scope := range []string{"resource_group", "subscription", "management_group", "tenant"} {
		t := &resourceType{name: "azurerm_" + scope + "_template_deployment", kind: kindDeployment, change: changeOf(deploymentSpec()),
			expressions: []string{}}
		resourceTypes[t.name] = t
	}
}

var cacheExpressions = []string{"subnet_id", "resource_group_name", "non_ssl_port_enabled", "enable_non_ssl_port", "redis_configuration"}

// changeOf is what is kept of a change, given what is kept of the object.
func changeOf(attrs *spec) *spec {
	s := keep("actions")
	for _, part := range []string{"before", "after", "after_unknown", "before_sensitive", "after_sensitive"} {
		s.with(part, attrs)
	}
	return s
}
