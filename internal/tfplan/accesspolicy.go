package tfplan

import (

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

func accessAssignment(address string, v view, policies []view) posture.AccessPolicyAssignment {
	const path = "access_policy_name"
	a := posture.AccessPolicyAssignment{
		Address: address, PolicyName: v.get(path).str(path),
		Permissions: posture.Unknown[string](posture.ReasonNotObserved, "permissions"),
	}
	if !a.PolicyName.IsKnown() {
		return a
	}
	if service.Redis.HasAccessPolicy(a.PolicyName.V) {
		a.Permissions = posture.Unset[string]("permissions")
		return a
	}
	for _, policy := range policies {
		if policy.get("name").val.str() == a.PolicyName.V {
			a.Permissions = policy.get("permissions").str("permissions")
		}
	}
	return a
}
