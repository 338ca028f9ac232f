package migrate

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// secretType is the resource type of a secret, with the dot behind it.
const secretType = "azurerm_key_vault_secret."

var accessDifferences = []difference{
	{
		Entry: Entry{
			ID: "migration/passwordless-clients", Severity: Blocker, Title: "Clients without authentication",
			Action: "let every client sign in with Microsoft Entra ID: the target has no mode without authentication", Source: fromSkill,
			Look: "az redis show prints authnotrequired",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			required := r.AuthenticationRequired.OrDefault(true)
			off := posture.Is(required, false)
			if off == posture.Maybe && r.Injected() == posture.False {
				return unconcerned // only an injected cache can do without
			}
			return byFact(required, off, "clients need not authenticate, and on the target they must",
				"whether clients must authenticate is not known")
		},
	},
	{
		Entry: Entry{
			ID: "migration/custom-access-policies", Severity: Blocker, Title: "Custom access policies",
			Action: "decide which identities get the policy default, which grants everything, or write accessString by azapi with " +
				"api-version 2026-09-01 or newer; azurerm has neither custom policies nor accessString",
			Source: fromAccess,
			Look:   "az redis access-policy list shows them",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			return r.ofIdentities(bySet(&r.AccessPolicies, accessPolicyAddress,
				"custom access policies limit what identities may do, and they have no counterpart",
				"custom access policies may limit what identities may do, and they have no counterpart"))
		},
	},
	{
		Entry: Entry{
			ID: "migration/access-keys", Severity: Change, Title: "Access keys",
			Action: "let clients sign in with Microsoft Entra ID; where one cannot yet, switch keys on at the target for the time of the move, " +
				"which the baseline reports, and give it the new key",
			Source: fromEntra,
			Look:   "CLIENT LIST prints the user of each connection, which is default for those with a key",
		},
		check: checkAccessKeys,
	},
	{
		Entry: Entry{
			ID: "migration/access-policy-assignments", Severity: Change, Title: "Rights of identities",
			Action: "assign the policy default to each identity, which grants every command on every key, or let those that only read " +
				"keep to accessString by azapi with api-version 2026-09-01 or newer",
			Source: fromSkill,
			Look:   "az redis access-policy-assignment list shows them",
		},
		of:    service.Redis,
		check: func(r *retiring) concern { return r.ofIdentities(checkGrants(r)) },
	},
	{
		Entry: Entry{
			ID: "migration/entra-groups", Severity: Change, Title: "Groups of Microsoft Entra ID",
			Action: "assign the users, principals and managed identities of the group one by one", Source: fromEntra,
			Look: "az ad group show finds the object ids that are groups",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			const message = "whether an identity with an access policy is a group is not shown, and the target accepts no groups"
			c := r.ofIdentities(bySet(&r.AccessPolicyAssignments, grantAddress, message, message))
			if c.is == posture.True {
				c.is = posture.Maybe
			}
			return c
		},
	},
	{
		Entry: Entry{
			ID: "migration/role-assignments", Severity: Change, Title: "Roles on the cache",
			Action: "assign roles on the target; the role Redis Cache Contributor has no rights on it", Source: fromSkill,
			Look: "az role assignment list --scope ID shows them",
		},
		check: func(r *retiring) concern {
			return bySet(&r.RoleAssignments, roleAddress, "roles are assigned on the id of the cache, and a new cache has another id",
				"roles may be assigned on the id of the cache, and a new cache has another id")
		},
	},
	{
		Entry: Entry{
			ID: "migration/key-vault-secrets", Severity: Change, Title: "Secrets in Key Vault",
			Action: "leave the secrets as they are until the old cache is deleted: a new version would switch all readers at once and leave no " +
				"way back; let readers sign in with Microsoft Entra ID, and give one that needs a key a secret of its own with the key of the target",
			Source: fromSecure,
			Look:   "az keyvault secret list shows the secrets of a vault",
		},
		check: func(r *retiring) concern {
			return r.byReference([]string{secretType}, "secrets of Key Vault take values of the cache",
				"secrets of Key Vault may hold values of the cache")
		},
	},
	{
		Entry: Entry{
			ID: "migration/identity", Severity: Notice, Title: "Identity of the cache",
			Action: "drop the role assignments of the old identity with the old cache: the target needs an identity for a customer-managed key only",
			Source: fromSkill,
			Look:   "az redis show prints identity",
		},
		of: service.Redis,
		check: func(r *retiring) concern {
			own := posture.Is(r.SystemIdentity, true)
			assigned := posture.Is(posture.Map(r.Identities, func(ids []string) bool { return len(ids) > 0 }), true)
			if own.Or(assigned) == posture.Maybe && own == posture.False {
				return unsure(r.Identities, "whether the cache has an identity is not known")
			}
			return byFact(r.SystemIdentity, own.Or(assigned), "the cache has an identity of its own, which the target does not take over",
				"whether the cache has an identity is not known")
		},
	},
}

func checkAccessKeys(r *retiring) concern {
	consumers := addresses(r.KeyConsumers.Items, consumerAddress)
	switch {
	case r.keys == posture.False:
		return unconcerned
	case r.keys == posture.Maybe:
		c := unsure(r.AccessKeyAuthentication, "whether clients sign in with access keys is not known")
		c.objects = consumers
		return c
	case len(consumers) > 0:
		return concerned("access keys of the cache are handed on; those of the target are others, and off", consumers...)
	case r.service == service.Enterprise:
		return concerned("clients sign in with access keys, the only way of the Enterprise tiers; those of the target are off")
	case r.KeyConsumers.Observed && len(r.KeyConsumers.Doubts) == 0:
		return concern{message: "access keys are on, and off on the target; nothing in this source takes them, and clients elsewhere may"}
	default:
		return concern{message: hidden("access keys are on, and off on the target; whether clients use them is not shown",
			whyOpen(&r.KeyConsumers))}
	}
}

// ofIdentities is a concern about the rights of identities: those that are not seen have
// none while Microsoft Entra authentication is off.
func (r *retiring) ofIdentities(c concern) concern {
	if c.is == posture.Maybe && len(c.objects) == 0 && posture.Is(r.EntraAuthentication.OrDefault(false), false) == posture.True {
		return unconcerned
	}
	return c
}

// checkGrants looks for rights that the only built-in policy of the target widens.
func checkGrants(r *retiring) concern {
	set := &r.AccessPolicyAssignments
	narrow, open := none, none
	seen, maybe, reads := false, false, Severity("")
	for i := range set.Items {
		switch policy, ok := set.Items[i].PolicyName.Get(); {
		case !ok:
			open, maybe = append(open, set.Items[i].Address), true
		case !strings.EqualFold(policy, "Data Owner"):
			narrow, seen = append(narrow, set.Items[i].Address), true
			if strings.EqualFold(policy, "Data Reader") {
				reads = Blocker // those that only read would write: who decides that, decides it before
			}
		}
	}
	switch {
	case seen:
		c := concerned("identities hold less than every right, and the only built-in policy of the target grants every command on every key",
			sorted(narrow)...)
		c.severity = reads
		return c
	case maybe:
		return concern{message: "which rights identities hold is not known, and the only built-in policy of the target grants every command " +
			"on every key", objects: sorted(open)}
	case !set.Observed || len(set.Doubts) > 0:
		return concern{message: hidden("identities may hold rights that are not shown, and each has to be assigned anew", whyOpen(set))}
	default:
		return unconcerned
	}
}

// sorted returns the texts that are not empty, sorted and each once.
func sorted(list []string) []string {
	return addresses(list, consumerAddress)
}

// byReference is the concern by references of the estate whose consumer is of one of
// several resource types, each with the dot behind it.
func (r *retiring) byReference(types []string, message, open string) concern {
	consumers := none
	for i := range r.References.Items {
		consumer := r.References.Items[i].Consumer
		if slices.ContainsFunc(types, func(of string) bool { return strings.Contains(consumer, of) }) {
			consumers = append(consumers, consumer)
		}
	}
	switch {
	case len(consumers) > 0:
		return concerned(message, sorted(consumers)...)
	case r.References.Observed && len(r.References.Doubts) == 0:
		return unconcerned
	default:
		return concern{message: hidden(open, whyOpen(&r.References))}
	}
}
