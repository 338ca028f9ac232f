package baseline

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var entraAuthentication = &Rule{
	ID: "advisory/entra-authentication", Title: "Microsoft Entra authentication", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Clients can sign in with Microsoft Entra ID.",
		Why: "The service has offered it on Basic, Standard and Premium since May 2024. Without it every client shares the access " +
			"keys, which never expire and say nothing about who used them.",
		Good: `redis_configuration {
  active_directory_authentication_enabled = true
}`,
		Bad: `redis_configuration {
  active_directory_authentication_enabled = false
}`,
		Property: `properties.redisConfiguration["aad-enabled"]`, APIVersion: "2023-05-01-preview",
		References: []Reference{refEntra},
		Peers: []Peer{
			{"PSRule", "Azure.Redis.EntraID (AZR-000427)", ""},
			{"tflint-ruleset-azurerm-security", "azurerm_redis_cache_active_directory_authentication_enabled",
				"looks for the argument outside redis_configuration, where it never is, and so always warns"},
		},
	},
	Remedies: []Remedy{{
		Azurerm: `set active_directory_authentication_enabled = true inside redis_configuration; switching it on restarts the ` +
			`nodes`,
		Azapi: `set aad-enabled = "true" inside body.properties.redisConfiguration; switching it on restarts the nodes`,
		Az:    `az resource patch {resource} --properties '{"redisConfiguration":{"aad-enabled":"true"}}' # restarts the nodes`,
		Set:   entraOn,
	}},
	Check: func(c *posture.Cache) Verdict {
		entra := c.EntraAuthentication.OrDefault(false)
		return byFact(entra, posture.Is(entra, true),
			compliant("Microsoft Entra authentication is on"),
			violated("Microsoft Entra authentication is off", "does not let clients sign in with Microsoft Entra ID"),
			"whether Microsoft Entra authentication is on is not known")
	},
}

var accessKeysDisabled = &Rule{
	ID: "advisory/access-keys-disabled", Title: "Access-key authentication", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Access keys are switched off.",
		Why: "A key that exists can leak, and grants everything. With Microsoft Entra authentication on, keys can be switched off " +
			"altogether; that drops the connections that use them, and a geo-replicated cache has to be unlinked first. azurerm 3 cannot switch " +
			"them off.",
		Good:     `access_keys_authentication_enabled = false`,
		Bad:      `access_keys_authentication_enabled = true # the default`,
		Property: "properties.disableAccessKeyAuthentication", APIVersion: "2024-03-01",
		References: []Reference{refEntra},
		Policies: []Policy{{"3827af20-8f80-4b15-8300-6db0873ec901",
			"passes a cache that leaves the property out, although keys are on by default"}},
		Peers: []Peer{{"PSRule", "Azure.Redis.LocalAuth (AZR-000496)", ""}},
	},
	Remedies: []Remedy{{
		Azurerm: `set access_keys_authentication_enabled = false, which needs active_directory_authentication_enabled = true ` +
			`inside redis_configuration`,
		Azurerm3: `upgrade azurerm to version 4 or newer, and set access_keys_authentication_enabled = false, which needs ` +
			`active_directory_authentication_enabled = true inside redis_configuration`,
		Azapi: `set properties.disableAccessKeyAuthentication = true inside body, which needs aad-enabled = "true" inside ` +
			`properties.redisConfiguration`,
		Az:  `az resource patch {resource} --properties '{"disableAccessKeyAuthentication":true}'`,
		Set: keysOff,
	}},
	Check: func(c *posture.Cache) Verdict {
		keys := c.AccessKeyAuthentication.OrDefault(true)
		return byFact(keys, posture.Is(keys, true),
			violated("access-key authentication is on", "accepts access keys"),
			compliant("access-key authentication is off"),
			"whether access-key authentication is on is not known")
	},
}

var leastPrivilegeAccessPolicy = &Rule{
	ID: "advisory/least-privilege-access-policy", Title: "Privileges of access policies", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "No identity holds every command on every key.",
		Why: "Data Owner, or a custom policy with +@all on all keys, gives an application the commands of an administrator. Most need " +
			"Data Contributor or Data Reader.",
		Good:     `access_policy_name = "Data Contributor"`,
		Bad:      `access_policy_name = "Data Owner"`,
		Property: "Microsoft.Cache/redis/accessPolicyAssignments: properties.accessPolicyName", APIVersion: "2023-05-01-preview",
		References: []Reference{refAccess},
	},
	Remedies: []Remedy{{
		Azurerm: `set access_policy_name = "Data Contributor" or "Data Reader" inside ` +
			`azurerm_redis_cache_access_policy_assignment, or the name of a policy whose permissions name the commands and ` +
			`keys that are needed`,
		Azapi: `set properties.accessPolicyName = "Data Contributor" or "Data Reader" inside body of the access policy ` +
			`assignment, or the name of a policy whose permissions name the commands and keys that are needed`,
		Own: `set access_policy_name = "Data Contributor" or "Data Reader" inside access_policy_assignments, or the name of a ` +
			`policy whose permissions name the commands and keys that are needed`,
		Az: `az redis access-policy-assignment update {cache} --policy-assignment-name ` +
			`"$ASSIGNMENT" --access-policy-name "Data Contributor"`,
	}},
	Check: checkLeastPrivilege,
}

func checkLeastPrivilege(c *posture.Cache) Verdict {
	of := service.OfCache(c)
	return checkGrants(c, func(a posture.AccessPolicyAssignment) posture.Tri { return grantsEverything(of, a) })
}

// checkGrants looks for an access policy assignment that grants everything.
func checkGrants(c *posture.Cache, everything func(posture.AccessPolicyAssignment) posture.Tri) Verdict {
	const path = "access_policy_assignment"
	set := c.AccessPolicyAssignments
	unknown := unknownAt(path)
	doubt, detail := posture.Reason(""), ""
	for _, a := range set.Items {
		switch everything(a) {
		case posture.True:
			return violated(named("", a.Address, "an access policy assignment", " grants every command on every key"),
				"gives an identity every command on every key",
				seenAt(path, a.Asserted, firstOf(a.Address, "present"))).about(a.Address)
		case posture.Maybe:
			doubt, detail = a.PolicyName.Why(), a.PolicyName.Source.Detail
			if a.PolicyName.IsKnown() || a.PolicyName.IsUnset() && a.Permissions.IsUnknown() {
				doubt, detail = a.Permissions.Why(), a.Permissions.Source.Detail
			}
		}
	}
	var open *posture.Doubt
	for i, d := range set.Doubts {
		if d.Access == nil || everything(*d.Access) != posture.False {
			open = &set.Doubts[i]
			break
		}
	}
	switch {
	case doubt != "":
		return undecided(doubt, hidden("what an access policy assignment grants is not known", detail), unknown)
	case open != nil:
		return maybeRelated(*open, "", "an access policy assignment", " may or may not be for this cache", unknown)
	case !set.Observed:
		return undecided(set.Why(), hidden("not all access policy assignments are visible here", set.Detail), unknown)
	default:
		return compliant("no access policy assignment grants every command on every key", noneAt(path))
	}
}

func grantsEverything(s *service.Service, a posture.AccessPolicyAssignment) posture.Tri {
	name, ok := a.PolicyName.Get()
	if !ok {
		return posture.Maybe
	}
	if builtIn, ok := s.AccessPolicy(name); ok {
		return posture.FromBool(builtIn.Everything)
	}
	if a.Permissions.IsUnset() {
		return posture.Maybe
	}
	return posture.Is(posture.Map(a.Permissions, isEverything), true)
}

// isEverything reports whether an access control list of Redis grants every command on
// every key.
func isEverything(acl string) bool {
	words := strings.Fields(strings.ToLower(acl))
	allCommands := slices.Contains(words, "+@all") || slices.Contains(words, "allcommands")
	allKeys := slices.Contains(words, "~*") || slices.Contains(words, "allkeys")
	return allCommands && allKeys
}

var persistenceIdentity = &Rule{
	ID: "advisory/persistence-identity", Title: "Identity for persistence", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "Persistence reaches its storage account with a managed identity.",
		Why: "Otherwise the cache holds a key to the storage account, in a connection string that Terraform has to be given. The " +
			"service takes a managed identity since September 2022.",
		Good: `redis_configuration {
  rdb_backup_enabled                     = true
  data_persistence_authentication_method = "ManagedIdentity"
}`,
		Bad: `redis_configuration {
  rdb_backup_enabled                     = true
  data_persistence_authentication_method = "SAS"
}`,
		Property: `properties.redisConfiguration["preferred-data-persistence-auth-method"]`, APIVersion: "2022-05-01",
		References: []Reference{refMI, refPersist},
	},
	Remedies: []Remedy{{
		Azurerm: `set data_persistence_authentication_method = "ManagedIdentity" inside redis_configuration, and add an identity ` +
			`with the role Storage Blob Data Contributor`,
		Azapi: `set preferred-data-persistence-auth-method = "ManagedIdentity" inside body.properties.redisConfiguration, and ` +
			`add an identity with the role Storage Blob Data Contributor`,
		Az: `give the cache an identity; ` +
			`az role assignment create --role "Storage Blob Data Contributor" --assignee "$PRINCIPAL_ID" --scope "$STORAGE_ID"; ` +
			`az resource patch {resource} --properties ` +
			`'{"redisConfiguration":{"preferred-data-persistence-auth-method":"ManagedIdentity"}}'`,
	}},
	Check: func(c *posture.Cache) Verdict {
		rdb, aof := c.RDBBackup.OrDefault(false), c.AOFBackup.OrDefault(false)
		method := c.PersistenceAuthentication.OrDefault("SAS")
		on := posture.Is(rdb, true).Or(posture.Is(aof, true))
		identity := posture.Is(posture.Map(method, func(s string) bool { return strings.EqualFold(s, "ManagedIdentity") }), true)
		ev := []report.Evidence{evidence(rdb), evidence(aof)}
		switch {
		case on == posture.False:
			return notApplicable("persistence is off", ev...)
		case on == posture.True && identity == posture.True:
			return compliant("persistence uses a managed identity", ev...)
		case on == posture.True && identity == posture.False:
			return violated("persistence is on and uses a storage key instead of a managed identity", "persists data with a storage key", ev...).
				about(method.Source.Path, rdb.Source.Path, aof.Source.Path)
		}
		reason, detail := rdb.Why(), rdb.Source.Detail
		for _, candidate := range []struct {
			unknown bool
			reason  posture.Reason
			detail  string
		}{{method.IsUnknown(), method.Why(), method.Source.Detail}, {aof.IsUnknown(), aof.Why(), aof.Source.Detail},
			{rdb.IsUnknown(), rdb.Why(), rdb.Source.Detail}} {
			if candidate.unknown {
				reason, detail = candidate.reason, candidate.detail
			}
		}
		return undecided(reason, hidden("how persistence reaches its storage account is not known", detail), ev...)
	},
}

var keysInState = &Rule{
	ID: "advisory/keys-in-state", Title: "Keys handed on in state", Severity: report.Warning,
	Documentation: Documentation{
		Summary: "No output or other resource takes an access key or connection string of the cache.",
		Why: "Whatever takes a key stores one more copy of it, in state and often in the settings of an application. An identity " +
			"needs none.",
		Good: `resource "azurerm_redis_cache_access_policy_assignment" "app" {
  redis_cache_id     = azurerm_redis_cache.example.id
  access_policy_name = "Data Contributor"
  # ...
}`,
		Bad: `output "redis" {
  value     = azurerm_redis_cache.example.primary_connection_string
  sensitive = true
}`,
		References: []Reference{refEntra},
	},
	Remedies: []Remedy{{
		Azurerm: `give the application an identity and an azurerm_redis_cache_access_policy_assignment with redis_cache_id = {id} ` +
			`instead of primary_access_key or primary_connection_string`,
		Azapi: `give the application an identity and an azapi_resource of type Microsoft.Cache/redis/accessPolicyAssignments ` +
			`with parent_id = {id} instead of a key`,
		Own: `give the application an identity and an entry in access_policy_assignments instead of a key, which this ` +
			`resource never hands out`,
		Az: `az redis access-policy-assignment create {cache} --policy-assignment-name app ` +
			`--access-policy-name "Data Contributor" --object-id "$OBJECT_ID" --object-id-alias app`,
	}},
	Check: checkKeyConsumers,
}

func checkKeyConsumers(c *posture.Cache) Verdict {
	const path = "access_key"
	set := c.KeyConsumers
	switch {
	case len(set.Items) > 0:
		return violated("an access key or connection string is taken by "+list(set.Items), "hands its keys to "+list(set.Items),
			seenAt(path, false, list(set.Items))).about(set.Items...)
	case len(set.Doubts) > 0:
		return maybeRelated(set.Doubts[0], "", "something", " may take an access key of this cache", unknownAt(path))
	case !set.Observed:
		return undecided(set.Why(), hidden("who takes the access keys is not visible here", set.Detail), unknownAt(path))
	default:
		return compliant("nothing in this configuration takes an access key", noneAt(path))
	}
}

// list joins the first names of a list.
func list(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
