package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// enterpriseKeysOnly says why the Enterprise tiers lack what rests on Microsoft Entra ID.
const enterpriseKeysOnly = "not supported: the Enterprise tiers let clients in by access keys only"

// managedGrant is what to write to give an identity access to the data.
var managedGrant = []Remedy{{
	Azurerm:    `add an azurerm_managed_redis_access_policy_assignment with managed_redis_id = {id} and the object_id of the identity`,
	Enterprise: `move to azurerm_managed_redis, and add an azurerm_managed_redis_access_policy_assignment with its id`,
	Azapi: `add an azapi_resource of type Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments with parent_id = ` +
		`{database}, and properties = { accessPolicyName = "default", user = { objectId = var.object_id } } inside body`,
	Az: `az redisenterprise database access-policy-assignment create --cluster-name {name} {group} --database-name default ` +
		`--access-policy-assignment-name app --access-policy-name default --object-id "$OBJECT_ID"`,
}}

// assignmentAt is what evidence calls access policy assignments.
const assignmentAt = "access_policy_assignment"

// accessKeys returns whether access keys authenticate. The Enterprise tiers have keys
// unless a body or an answer says that they are off: the default of an api-version does
// not count there.
func accessKeys(c *posture.Cache) posture.Value[bool] {
	keys := c.AccessKeyAuthentication
	byDefault := keys.IsKnown() && !keys.V && keys.Source.Origin == posture.OriginDefault
	silent := keys.IsUnknown() && keys.Why() == posture.ReasonNotObserved && hasDatabase(c) == posture.True
	if !byDefault && !silent && !keys.IsUnset() {
		return keys
	}
	switch tier := service.IsEnterprise(c); {
	case tier == posture.True:
		keys.State = posture.StateUnset
		return keys.OrDefault(true)
	case silent:
		return keys
	case tier == posture.False:
		return keys.OrDefault(false)
	default:
		keys.State, keys.Reason = posture.StateUnknown, whyTier(c)
		return keys.WithDetail("the tier is not known, and the Enterprise tiers have access keys only")
	}
}

var managedEntra = &Rule{
	ID: "IM-1/azure-ad-authentication",
	Documentation: Documentation{
		Summary: "Clients sign in with Microsoft Entra ID.",
		Why: "Azure Managed Redis always accepts Microsoft Entra ID: there is no switch. What can be seen is whether anybody uses it: access " +
			"keys are off, or an access policy assignment lets an identity in. Assignments often live elsewhere, so that none in sight proves " +
			"nothing. The Enterprise tiers do not know Microsoft Entra ID.",
		Good: `resource "azurerm_managed_redis_access_policy_assignment" "app" {
  managed_redis_id = azurerm_managed_redis.example.id
  object_id        = azurerm_user_assigned_identity.app.principal_id
}`,
		Bad: `default_database {
  access_keys_authentication_enabled = true # and no assignment
}`,
		Property: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments", APIVersion: "2024-09-01-preview",
		References: []Reference{refManagedEntra},
	},
	Remedies: managedGrant,
	Check:    exceptEnterprise(enterpriseKeysOnly, ofDatabase(checkManagedEntra)),
}

func checkManagedEntra(c *posture.Cache) Verdict {
	keys := accessKeys(c)
	switch {
	case posture.Is(keys, false) == posture.True:
		return compliant("access keys are off, so that nothing but Microsoft Entra ID lets clients in", evidence(keys))
	case len(c.AccessPolicyAssignments.Items) > 0:
		return granted(c, " lets an identity sign in with Microsoft Entra ID")
	case keys.IsUnknown():
		return notKnown(keys, "whether access keys are on is not known", evidence(keys))
	default:
		return noGrant(c, evidence(keys))
	}
}

// granted is the verdict that an assignment names an identity.
func granted(c *posture.Cache, does string) Verdict {
	a := c.AccessPolicyAssignments.Items[0]
	return compliant(named("", a.Address, "an access policy assignment", does),
		seenAt(assignmentAt, a.Asserted, firstOf(a.Address, "present")))
}

// noGrant is the verdict where no assignment is in sight, which is never a violation.
func noGrant(c *posture.Cache, ev ...report.Evidence) Verdict {
	set := c.AccessPolicyAssignments
	switch {
	case len(set.Doubts) > 0:
		d := set.Doubts[0]
		return undecided(d.Reason, hidden(named("", d.Address, "an access policy assignment", " may or may not be for this cache"),
			d.Detail), append(ev, unknownAt(assignmentAt))...)
	case set.Observed:
		return undecided(set.Why(), "there is no access policy assignment yet, and another configuration may add one",
			append(ev, noneAt(assignmentAt))...)
	default:
		return undecided(set.Why(), hidden("no access policy assignment is visible here", set.Detail), append(ev, unknownAt(assignmentAt))...)
	}
}

var managedKeys = &Rule{
	ID: "IM-1/local-authentication-methods",
	Documentation: Documentation{
		Summary: "Access keys are switched off.",
		Why: "A key that exists can leak, grants everything and says nothing about who used it. They are off by default in azurerm and from " +
			"api-version 2025-07-01 on, and on by default in older versions of the interface. Switching them off drops all connections; in a " +
			"geo-replication group the databases have to be unlinked first. The Enterprise tiers have keys only, so that only the move to Azure " +
			"Managed Redis mends it.",
		Good: `default_database {
  access_keys_authentication_enabled = false
}`,
		Bad: `default_database {
  access_keys_authentication_enabled = true
}`,
		Property: "databases/default: properties.accessKeysAuthentication", APIVersion: "2024-09-01-preview",
		References: []Reference{refManagedEntra, refManagedMove},
		Peers:      []Peer{{"azqr", "redis-017", "is not automated"}},
	},
	Remedies: []Remedy{{
		Azurerm:    `set access_keys_authentication_enabled = false inside default_database`,
		Enterprise: moveTo(`leave access_keys_authentication_enabled out of default_database`),
		Azapi:      `set properties.accessKeysAuthentication = "Disabled" inside body of the database{move}`,
		Az:         patchDatabase(`{"accessKeysAuthentication":"Disabled"}`) + `{move}`,
		Set:        keysOff,
	}},
	Check: ofDatabase(checkManagedKeys),
}

func checkManagedKeys(c *posture.Cache) Verdict {
	keys := accessKeys(c)
	message := "access-key authentication is on"
	if service.IsEnterprise(c) == posture.True {
		message += ": the Enterprise tiers have access keys only, and the remedy is the move to Azure Managed Redis"
	}
	return byFact(keys, posture.Is(keys, true), violated(message, "accepts access keys"), compliant("access-key authentication is off"),
		"whether access-key authentication is on is not known")
}

// managedAssignment is the rule that an identity is let in. Azure Resource Manager does not
// tell its kind, so that the rules for managed identities and for service principals
// judge the same.
func managedAssignment(id, summary, why, objectID string) *Rule {
	return &Rule{
		ID: id,
		Documentation: Documentation{
			Summary: summary, Why: why,
			Good: `resource "azurerm_managed_redis_access_policy_assignment" "app" {
  managed_redis_id = azurerm_managed_redis.example.id
  object_id        = ` + objectID + `
}`,
			Bad:        `# no azurerm_managed_redis_access_policy_assignment`,
			Property:   "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments: properties.user.objectId",
			APIVersion: "2024-09-01-preview",
			References: []Reference{refManagedEntra, refManagedAccess},
		},
		Remedies: managedGrant,
		Check: exceptEnterprise(enterpriseKeysOnly, ofDatabase(func(c *posture.Cache) Verdict {
			if len(c.AccessPolicyAssignments.Items) > 0 {
				return granted(c, " names an identity, of which Azure Resource Manager does not tell the kind")
			}
			return noGrant(c)
		})),
	}
}

var managedIdentities = managedAssignment("IM-3/managed-identities", "An access policy assignment lets an identity in.",
	"A managed identity needs no secret to be kept. Azure Resource Manager tells the object id of an assignment and not what kind of "+
		"identity it is, so that this rule and IM-3/service-principals say the same. The cluster's own identity block serves Key Vault, and "+
		"does not count.",
	"azurerm_user_assigned_identity.app.principal_id")

var managedPrincipals = managedAssignment("IM-3/service-principals",
	"An access policy assignment lets an identity in, which may be a service principal.",
	"Where an application cannot have a managed identity, a service principal signs in. Azure Resource Manager does not tell one from "+
		"the other, so that this rule and IM-3/managed-identities say the same.",
	"azuread_service_principal.app.object_id")

var managedLeastPrivilege = &Rule{
	ID: "advisory/least-privilege-access-policy", Title: "Privileges of access policies", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "No access string of an assignment holds every command on every key.",
		Why: "From api-version 2026-05-01-preview on an assignment can carry an access control list of its own. One with +@all on " +
			"~* asks for a " +
			"list and then grants everything. The policy default grants everything too, and azurerm knows no other, so that it is never held " +
			"against a cache.",
		Good:     `accessString = "+@read ~app:*"`,
		Bad:      `accessString = "+@all ~*"`,
		Property: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments: properties.accessString", APIVersion: "2026-05-01-preview",
		References: []Reference{refManagedAccess},
	},
	Remedies: []Remedy{{
		Azurerm: `azurerm has no argument for it: give the assignment an access string by other means, which names the ` +
			`commands and keys that are needed`,
		Enterprise: moveTo(`name the commands and keys that are needed in its access policy assignments`),
		Azapi:      `set properties.accessString = "+@read ~app:*" inside body of the access policy assignment, or what else is needed`,
		Az:         `az resource patch --ids "$ASSIGNMENT_ID" --properties '{"accessString":"+@read ~app:*"}' # or what else is needed`,
	}},
	Check: ofDatabase(func(c *posture.Cache) Verdict {
		v := checkGrants(c, accessStringOfEverything)
		if len(c.AccessPolicyAssignments.Items) == 0 {
			return ifDatabase(c, v)
		}
		return v
	}),
}

// accessStringOfEverything reports whether the access string of an assignment grants
// everything; the policy default is never held against anybody.
func accessStringOfEverything(a posture.AccessPolicyAssignment) posture.Tri {
	byDefault := posture.Is(posture.Map(a.PolicyName, func(s string) bool { return strings.EqualFold(s, "default") }), true)
	return byDefault.Not().And(posture.Is(posture.Map(a.Permissions, isEverything), true))
}

var managedKeysInState = &Rule{
	ID: "advisory/keys-in-state", Title: "Keys handed on in state", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "No output or other resource takes an access key of the cache.",
		Why: "Whatever takes a key stores one more copy of it, in state and often in the settings of an application. An identity needs " +
			"none.",
		Good: `resource "azurerm_managed_redis_access_policy_assignment" "app" {
  managed_redis_id = azurerm_managed_redis.example.id
  # ...
}`,
		Bad: `output "redis" {
  value     = azurerm_managed_redis.example.default_database[0].primary_access_key
  sensitive = true
}`,
		References: []Reference{refManagedEntra},
	},
	Remedies: managedGrant,
	Check:    checkKeyConsumers,
}

var managedNoLogin = &Rule{
	ID: "advisory/no-login", Title: "Sign-in", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Somebody can sign in.",
		Why: "With access keys off, clients sign in with Microsoft Entra ID, which needs TLS and an access policy assignment. A database " +
			"without keys that clients reach in plaintext, or that a plan makes without an assignment, lets nobody in.",
		Good: `resource "azurerm_managed_redis_access_policy_assignment" "app" {
  managed_redis_id = azurerm_managed_redis.example.id
  object_id        = var.object_id
}`,
		Bad: `default_database {
  client_protocol                    = "Plaintext"
  access_keys_authentication_enabled = false
}`,
		Property: "databases/default: properties.accessKeysAuthentication, properties.clientProtocol", APIVersion: "2024-09-01-preview",
		References: []Reference{refManagedEntra, refManagedAccess},
	},
	Remedies: []Remedy{managedGrant[0].of("assignment"), managedEncrypted.of("protocol")},
	Check:    ofDatabase(checkManagedLogin),
}

func checkManagedLogin(c *posture.Cache) Verdict {
	keys, set := accessKeys(c), c.AccessPolicyAssignments
	plain := plaintext(c)
	made := c.Change == posture.ChangeCreate || c.Change == posture.ChangeReplace || c.AsNew
	none := made && set.Observed && len(set.Items)+len(set.Doubts) == 0
	off := posture.Is(keys, false)
	switch {
	case posture.Is(keys, true) == posture.True:
		return compliant("clients sign in with access keys", evidence(keys))
	case off == posture.True && posture.Is(plain, true) == posture.True:
		return violated("access keys are off, and Microsoft Entra ID needs TLS, which clients do without", "lets nobody sign in",
			evidence(keys), evidence(c.ClientProtocol)).part("protocol")
	case off == posture.True && none:
		return violated("access keys are off, and no access policy assignment lets anybody in", "lets nobody sign in",
			evidence(keys), noneAt(assignmentAt)).part("assignment")
	case posture.Is(plain, false) == posture.True && len(set.Items) > 0:
		return granted(c, " lets an identity in")
	case keys.IsUnknown():
		return notKnown(keys, "whether access keys are on is not known", evidence(keys))
	case plain.IsUnknown():
		return notKnown(plain, "whether clients connect in plaintext is not known", evidence(c.ClientProtocol))
	default:
		return noGrant(c, evidence(keys))
	}
}
