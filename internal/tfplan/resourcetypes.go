package tfplan

import (
	"path"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
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
	kindPatchSchedule
	kindManagedEndpoint
	kindDataPlane
	kindDatabase
	kindGeoReplication
	kindLinkedServer
	kindRoleAssignment
	kindReference // a doubt about who takes an attribute of a cache; no resource is of this kind
)

// resourceType is a type of resources that counts: a Terraform type, or an ARM
// type of azapi. Adding a companion means adding it here, and the file of its kind.
type resourceType struct {
	name  string // of the Terraform type
	kind  kind
	cache bool
	arm   bool // written in the words of ARM
	// service is that of the cache, or of the cache that the resource lies within; nil
	// for a resource that caches of every service may have.
	service *service.Service
	// facts are where a cache has its facts; nil for azapi, whose resources may be of
	// any service.
	facts *vocabulary.Dialect[posture.Cache]
	// migration are where a cache has what only its migration depends on.
	migration *vocabulary.Dialect[posture.Cache]
	// apart says that the data of the cache lies in a database, a resource of its own.
	apart bool
	// change is what is kept of a resource change.
	change *spec
	// expressions are the top-level arguments whose references are kept.
	expressions []string
	// migrationExpressions are those that are kept only where the facts of a migration are asked for.
	migrationExpressions []string
	// connection says that it is a private endpoint as one of its several connections has it.
	connection bool
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

// cacheType is a cache of a service by azurerm, or by this provider, given its judged facts
// and those of a migration.
func cacheType(name string, s *service.Service, facts, migration *vocabulary.Dialect[posture.Cache]) *resourceType {
	// What links it, and what azurerm 3 has under two names.
	expressions := []string{"subnet_id", "resource_group_name", "customer_managed_key", "identity"}
	for _, path := range sortedKeys(facts.Aliases()) {
		if name, _, _ := strings.Cut(path, "."); !slices.Contains(expressions, name) {
			expressions = append(expressions, name)
		}
	}
	return &resourceType{name: name, kind: kindCache, cache: true, service: s, facts: facts, migration: migration,
		change:      changeOf(keep().withNames(facts.Names()).withMigration(keep().withNames(migration.Names()))),
		expressions: expressions, migrationExpressions: migration.Computed()}
}

// azurermType is a companion by azurerm.
func azurermType(name string, k kind, c vocabulary.Companion) *resourceType {
	attributes := keep().withArguments(c.Judged(), vocabulary.InAzurerm).
		withMigration(keep().withArguments(c.ForMigration(), vocabulary.InAzurerm))
	return &resourceType{name: name, kind: k, change: changeOf(attributes), expressions: c.Judged().Arguments(),
		migrationExpressions: c.ForMigration().Arguments(), terms: c.Azurerm()}
}

// armType is a companion by azapi.
func armType(k kind, c vocabulary.Companion) *resourceType {
	return &resourceType{name: "azapi_resource", kind: k, arm: true, terms: c.Azapi()}
}

// companionType is a kind of companion with its name for messages, the resource type
// of azurerm and the ARM type that make one, and what is asked of it.
type companionType struct {
	kind    kind
	noun    string // empty where no write to it is followed
	azurerm string // empty where azurerm has none, or several
	arm     string // empty where ARM has no resource of its own for it
	terms   vocabulary.Companion
	service *service.Service // nil where caches of every service may have one
}

// companionTypes are the types of companions. [newResourceTypes] adds the types of
// azurerm of which there is one for each scope, or for each service with managed
// private endpoints.
var companionTypes = newCompanionTypes()

func newCompanionTypes() []companionType {
	list := []companionType{
		{kindEndpoint, "private endpoint", "azurerm_private_endpoint", endpointKind, vocabulary.PrivateEndpoint, nil},
		{kindDiagnostic, "diagnostic setting", "azurerm_monitor_diagnostic_setting", diagnosticKind, vocabulary.DiagnosticSetting, nil},
		{kindPolicyAssignment, "policy assignment", "", assignmentKind, vocabulary.PolicyAssignment(""), nil},
		{kindPolicyExemption, "policy exemption", "", exemptionKind, vocabulary.PolicyExemption(""), nil},
		{kindVirtualNetwork, "", "azurerm_virtual_network", networkKind, vocabulary.VirtualNetwork, nil},
		{kindSubnet, "subnet", "azurerm_subnet", subnetKind, vocabulary.Subnet, nil},
		{kindSecurityAssociation, "", "azurerm_subnet_network_security_group_association", "", vocabulary.SubnetAssociation, nil},
		{kindSecurityGroup, "network security group", "azurerm_network_security_group", groupKind, vocabulary.NetworkSecurityGroup, nil},
		{kindSecurityRule, "", "azurerm_network_security_rule", ruleKind, vocabulary.NetworkSecurityRule, nil},
		{kindZone, "", "azurerm_private_dns_zone", zoneKind, vocabulary.PrivateDNSZone, nil},
		{kindZoneLink, "", "azurerm_private_dns_zone_virtual_network_link", zoneKind + "/virtualnetworklinks", vocabulary.ZoneLink, nil},
		{kindZoneGroup, "", "", endpointKind + "/privatednszonegroups", vocabulary.PrivateDNSZoneGroup, nil},
		{kindResourceGroup, "", "azurerm_resource_group", "", vocabulary.ResourceGroups, nil},
		{kindDeployment, "", "", deploymentKind, vocabulary.Deployment, nil},
		{kindDeployment, "", "", stackKind, vocabulary.Deployment, nil},
	}
	for _, s := range service.All {
		for _, c := range s.Collections {
			child := companionType{azurerm: c.Azurerm, arm: strings.ToLower(s.Type + "/" + c.Segment), service: s}
			switch path.Base(c.Segment) {
			case service.FirewallRules:
				child.kind, child.noun, child.terms = kindFirewall, "firewall rule", vocabulary.FirewallRule
			case service.AccessPolicies:
				child.kind, child.noun, child.terms = kindAccessPolicy, "access policy", vocabulary.AccessPolicy
			case service.AccessPolicyAssignments:
				child.kind, child.noun, child.terms = kindAccessAssignment, "access policy assignment", vocabulary.AccessPolicyAssignment
				if s.Database != "" {
					child.terms = vocabulary.ManagedAccessPolicyAssignment
				}
			case service.Databases:
				child.kind, child.terms = kindDatabase, vocabulary.Database
			case service.PatchSchedules:
				child.kind, child.terms = kindPatchSchedule, vocabulary.PatchSchedule
			default:
				continue // not judged
			}
			list = append(list, child)
		}
	}
	return list
}

// resourceTypes are the Terraform types that count, by name.
var resourceTypes = newResourceTypes()

func newResourceTypes() map[string]*resourceType {
	list := []*resourceType{
		ownCacheType(),
		{name: "azapi_resource", kind: kindAzapi, cache: true, change: changeOf(azapiSpec),
			expressions: []string{"type", "parent_id", "sensitive_body", "body", "identity"}},
		{name: "azapi_update_resource", kind: kindAzapiUpdate, cache: true, change: changeOf(azapiSpec),
			expressions: []string{"resource_id", "parent_id", "sensitive_body", "body"}},
		{name: azapiDataPlane, kind: kindDataPlane, change: changeOf(dataPlaneSpec()), expressions: []string{"type", "sensitive_body", "body"}},
		{name: "azapi_resource_action", kind: kindAction, change: changeOf(actionSpec),
			expressions: append([]string{"type", "method", "action", "when", "resource_id", "body", "sensitive_body"}, exports...)},
	}
	for _, s := range service.All {
		for _, name := range s.Azurerm {
			t := cacheType(name, s, vocabulary.Of(s).Azurerm(), vocabulary.Migration(s).Azurerm())
			if s.Database != "" && name != s.Azurerm[0] {
				cluster, _ := vocabulary.Of(s).Parts()
				migration, _ := vocabulary.Migration(s).Parts()
				t = cacheType(name, s, cluster.Enterprise(), migration.Enterprise())
				t.apart = true
			}
			list = append(list, t)
		}
	}
	for _, c := range companionTypes {
		if c.azurerm != "" {
			t := azurermType(c.azurerm, c.kind, c.terms)
			t.service = c.service
			list = append(list, t)
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
	geo := azurermType("azurerm_managed_redis_geo_replication", kindGeoReplication, vocabulary.GeoReplication)
	geo.service = service.ManagedRedis
	list = append(list, geo)
	out := map[string]*resourceType{}
	for _, t := range list {
		out[t.name] = t
	}
	return out
}

// linkedServer is the type of azurerm that links two caches.
const linkedServer = "azurerm_redis_linked_server"

// migrationTypes and migrationARMTypes are the types that count for a migration only, as
// resourceTypes and armTypes are the others.
var migrationTypes, migrationARMTypes = newMigrationTypes()

func newMigrationTypes() (azurerm, arm map[string]*resourceType) {
	server := azurermType(linkedServer, kindLinkedServer, vocabulary.LinkedServer)
	byAzapi := armType(kindLinkedServer, vocabulary.LinkedServer)
	server.service, byAzapi.service = service.Redis, service.Redis
	role := azurermType("azurerm_role_assignment", kindRoleAssignment, vocabulary.RoleAssignment)
	return map[string]*resourceType{server.name: server, role.name: role}, map[string]*resourceType{
		strings.ToLower(service.Redis.Type + "/" + service.LinkedServers): byAzapi,
		roleKind: armType(kindRoleAssignment, vocabulary.RoleAssignment),
	}
}

// typeNamed is a Terraform type that counts; nil for another one.
func typeNamed(name string, migration bool) *resourceType {
	if t := resourceTypes[name]; t != nil || !migration {
		return t
	}
	return migrationTypes[name]
}

// armTypes are the companions of azapi by ARM type in lower case; see
// azapiManualEndpoint too.
var armTypes = newARMTypes()

func newARMTypes() map[string]*resourceType {
	out := map[string]*resourceType{}
	for _, c := range companionTypes {
		t := armType(c.kind, c.terms)
		t.service = c.service
		out[c.arm] = t
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
		terms: vocabulary.SubnetAssociation.Azapi()}
)

// azapiCompanionSpec adds what is kept of companions to the properties of a body,
// whose type is not known while they are read.
func azapiCompanionSpec(properties *spec) *spec {
	all, inProperties := vocabulary.ManualPrivateEndpoint, vocabulary.Companion{}
	all = append(append(all, vocabulary.LinkedServer...), vocabulary.RoleAssignment...)
	for _, c := range companionTypes {
		all = append(all, c.terms...)
	}
	for _, name := range sortedKeys(vocabulary.ManagedEndpointsARM) {
		all = append(all, vocabulary.ManagedEndpointsARM[name]...)
	}
	for _, a := range all {
		if path, ok := strings.CutPrefix(a.ARM, "properties."); ok {
			a.ARM = path
			inProperties = append(inProperties, a)
		}
	}
	properties.withArguments(inProperties.Judged(), vocabulary.InARM).
		withMigration(keep().withArguments(inProperties.ForMigration(), vocabulary.InARM))
	return outboundRuleSpec(properties).
		with(managedNetwork, keep().with(outboundRules, mapOf(outboundRuleSpec(keep())))).
		with("privateLinkServiceConnectionState", keep("status"))
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
