package azure

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The kinds of everything that an evaluation reads beside the caches and what
// they hold. The built-in role Reader holds the action to read each of them.
var (
	diagnosticSettings = arm.ResourceKind{What: "the diagnostic settings", Type: "Microsoft.Insights/diagnosticSettings",
		Version: "2021-05-01-preview"}
	subnets        = arm.ResourceKind{What: "the subnet", Type: "Microsoft.Network/virtualNetworks/subnets", Version: "2024-05-01"}
	securityGroups = arm.ResourceKind{What: "the network security group", Type: "Microsoft.Network/networkSecurityGroups",
		Version: "2024-05-01"}
	policyAssignments = arm.ResourceKind{What: "the policy assignments", Type: "Microsoft.Authorization/policyAssignments",
		Version: "2023-04-01"}
	policySets = arm.ResourceKind{What: "the policy set definition", Type: "Microsoft.Authorization/policySetDefinitions",
		Version: "2023-04-01"}
	policyExemptions = arm.ResourceKind{What: "the policy exemptions", Type: "Microsoft.Authorization/policyExemptions",
		Version: "2022-07-01-preview"}
	subscriptions          = arm.ResourceKind{What: "the subscriptions", Type: "Microsoft.Resources/subscriptions", Version: "2022-12-01"}
	managementGroupMembers = arm.ResourceKind{What: "the subscriptions of the management group",
		Type: "Microsoft.Management/managementGroups/descendants", Version: "2020-05-01"}
)

// cacheKind is a cache of a service.
func cacheKind(s *service.Service) arm.ResourceKind {
	return arm.ResourceKind{What: "the cache", Type: s.Type, Version: s.APIVersion}
}

// cachesKind is the list of the caches of a service in a subscription.
func cachesKind(s *service.Service) arm.ResourceKind {
	return arm.ResourceKind{What: "the caches of the subscription", Type: s.Type, Version: s.APIVersion}
}

// collectionKind is a collection within a cache.
func collectionKind(s *service.Service, segment string) arm.ResourceKind {
	c := s.Collection(segment)
	return arm.ResourceKind{What: c.What, Type: s.Type + "/" + c.Segment, Version: s.APIVersion}
}
