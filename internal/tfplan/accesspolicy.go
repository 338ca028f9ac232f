package tfplan

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

func accessPolicyOf(in *instance, v view) posture.AccessPolicy {
	return posture.AccessPolicy{Address: in.address, Name: in.at(v, vocabulary.Name).str(in.evidence(vocabulary.Name)),
		Permissions: in.at(v, vocabulary.Permissions).str(in.evidence(vocabulary.Permissions))}
}

func accessAssignmentOf(in *instance, v view, policies []posture.AccessPolicy) posture.AccessPolicyAssignment {
	policy := in.at(v, vocabulary.Policy).str(in.evidence(vocabulary.Policy))
	if in.path(vocabulary.Policy) == "" {
		policy = posture.Known(in.typ.service.AccessPolicies[0].Name, "access_policy_name") // azurerm knows no other
	}
	a := accessAssignment(in.typ.service, in.address, policy, policies)
	if in.typ.arm && in.path(vocabulary.Permissions) != "" {
		if access := in.at(v, vocabulary.Permissions).str(in.evidence(vocabulary.Permissions)); !access.IsUnset() {
			a.Permissions = access
		}
	}
	return a
}

// accessAssignment looks the policy of an assignment up among those that every cache
// of a service has, and among the custom ones that are known to be in this cache.
func accessAssignment(s *service.Service, address string, policy posture.Value[string],
	policies []posture.AccessPolicy) posture.AccessPolicyAssignment {
	a := posture.AccessPolicyAssignment{
		Address: address, PolicyName: policy, Permissions: posture.Unknown[string](posture.ReasonNotObserved, "permissions"),
	}
	if !policy.IsKnown() {
		return a
	}
	if s.HasAccessPolicy(policy.V) {
		a.Permissions = posture.Unset[string]("permissions")
		return a
	}
	for _, custom := range policies {
		if posture.Is(custom.Name, policy.V) == posture.True {
			a.Permissions = custom.Permissions
		}
	}
	return a
}
