package tfplan

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// accessPolicy is a custom access policy of a cache.
type accessPolicy struct {
	name        string
	permissions posture.Value[string]
}

func accessPolicyOf(in *instance, v view) accessPolicy {
	return accessPolicy{in.at(v, vocabulary.Name).val.str(), in.at(v, vocabulary.Permissions).str(in.evidence(vocabulary.Permissions))}
}

func accessAssignmentOf(in *instance, v view, policies []accessPolicy) posture.AccessPolicyAssignment {
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
	policies []accessPolicy) posture.AccessPolicyAssignment {
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
		if custom.name == policy.V {
			a.Permissions = custom.permissions
		}
	}
	return a
}
