package migrate

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// The kinds of objects that are made anew.
const (
	KindEndpoint = "private endpoint"
	KindZone     = "private DNS zone"
	KindSetting  = "diagnostic setting"
	KindGrant    = "access policy assignment"
	KindKey      = "customer-managed key"
	KindGeoGroup = "geo-replication group"
	KindRole     = "role assignment"
	KindPolicy   = "policy assignment"
	KindWindows  = "maintenance window"
)

// remade returns the objects around the cache that are made anew, by kind and address.
func (r *retiring) remade() []Remade {
	zone := r.newZone()
	out := []Remade{{Kind: KindZone, What: zone + ", linked to the networks of the clients"}}
	each(&out, KindEndpoint, r.PrivateEndpoints.Items, endpointAddress, "sub-resource redisEnterprise on the id of the new cache, zone "+zone)
	if len(r.PrivateEndpoints.Items) == 0 {
		out = append(out, Remade{Kind: KindEndpoint, What: "in a subnet of your choice: public access to the target is off"})
	}
	each(&out, KindSetting, r.DiagnosticSettings.Items, settingAddress,
		"on databases/default of the new cache, category group allLogs, to the same destination")
	if len(r.DiagnosticSettings.Items) == 0 {
		out = append(out, Remade{Kind: KindSetting,
			What: "on databases/default of the new cache, category group allLogs, to a workspace of your choice"})
	}
	grants := len(out)
	for i := range r.AccessPolicyAssignments.Items {
		a := &r.AccessPolicyAssignments.Items[i]
		what := "policy default, which grants every command on every key"
		if name, ok := text(a.PolicyName); ok {
			if policy, builtIn := service.Redis.AccessPolicy(name); builtIn {
				what += ", instead of " + policy.Name
			}
		}
		if id, ok := text(a.ObjectID); ok && isObjectID(id) {
			what += ", for the object id " + id
		}
		out = append(out, Remade{Kind: KindGrant, Address: a.Address, What: what})
	}
	sortRemade(out[grants:])
	if len(out) == grants {
		out = append(out, Remade{Kind: KindGrant, What: "policy default for the object id of each client"})
	}
	if r.service == service.Enterprise && posture.Is(r.CustomerManagedKey, true) == posture.True {
		out = append(out, Remade{Kind: KindKey, What: "the same key, read by a user-assigned identity of the new cache"})
	}
	if r.replicated == posture.True {
		out = append(out, Remade{Kind: KindGeoGroup, What: "active geo-replication with the targets of the other members"})
	}
	roles := len(out)
	for i := range r.RoleAssignments.Items {
		a, what := &r.RoleAssignments.Items[i], "on the id of the new cache"
		if role, ok := text(a.Role); ok && isCacheContributor(role) {
			what = "of another role, on the id of the new cache: Redis Cache Contributor has no rights on it"
		}
		out = append(out, Remade{Kind: KindRole, Address: a.Address, What: what})
	}
	sortRemade(out[roles:])
	if r.watchedByPolicy() == report.Compliant && r.service != service.Enterprise {
		each(&out, KindPolicy, r.PolicyAssignments.Items, assignmentAddress, "of a definition for Microsoft.Cache/redisEnterprise")
	}
	if windows, ok := r.MaintenanceWindows.Get(); ok && windows > 0 {
		what := "two or more a week, 18 hours in all, by azapi"
		if days, ok := r.MaintenanceDays.Get(); ok && len(days) > 0 && !r.MaintenanceDays.Source.Sensitive {
			what += "; today " + strings.Join(days, ", ")
		}
		out = append(out, Remade{Kind: KindWindows, What: what})
	}
	if r.Places != nil {
		for i := range out {
			if at := r.Places.Companions[out[i].Address]; at.File != "" {
				out[i].Position = &report.Position{File: at.File, Line: at.Line}
			}
		}
	}
	return out
}

// isCacheContributor reports whether a role is Redis Cache Contributor, by its name or the
// id of its definition. Source: Azure built-in roles.
func isCacheContributor(role string) bool {
	return strings.EqualFold(role, "Redis Cache Contributor") ||
		strings.HasSuffix(strings.ToLower(role), "e0f68234-74aa-48ed-b826-c38b57376e17")
}

// each adds one object for each companion.
func each[T any](out *[]Remade, kind string, items []T, address func(*T) string, what string) {
	first := len(*out)
	for i := range items {
		*out = append(*out, Remade{Kind: kind, Address: address(&items[i]), What: what})
	}
	sortRemade((*out)[first:])
}

func sortRemade(list []Remade) {
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b Remade) int {
			if c := strings.Compare(a.Address, b.Address); c != 0 {
				return c
			}
			return strings.Compare(a.What, b.What)
		})
	}
}

// isObjectID reports whether a text has the form of an id of Microsoft Entra ID.
func isObjectID(s string) bool {
	return len(s) == 36 && strings.Count(s, "-") == 4 && strings.Trim(s, "-0123456789abcdefABCDEF") == ""
}

// references returns the places of the estate that refer to the cache, but for the
// companions, which are made anew or go with the cache, and whether all are seen.
func (r *retiring) references() (list []Reference, seen string) {
	list = []Reference{}
	companion, told := r.companions(), map[string]bool{}
	for _, address := range companion {
		told[resourceOf(address)] = true
	}
	for i := range r.References.Items {
		if ref := &r.References.Items[i]; ref.Attribute != "" {
			told[resourceOf(ref.Consumer)] = true
		}
	}
	for i := range r.References.Items {
		ref := &r.References.Items[i]
		if ref.Attribute == "" && told[resourceOf(ref.Consumer)] {
			continue // its other lines say what it takes
		}
		if slices.Contains(companion, ref.Consumer) ||
			ref.Argument == "cluster_id" && strings.Contains(ref.Consumer, "azurerm_redis_enterprise_database.") {
			continue // the database is a part of the cache
		}
		one := Reference{Consumer: ref.Consumer, Argument: ref.Argument, Attribute: ref.Attribute, Action: actionFor(ref)}
		if ref.Position.File != "" {
			one.Position = &report.Position{File: ref.Position.File, Line: ref.Position.Line}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Reference) int {
		for _, c := range [...]int{
			strings.Compare(a.Consumer, b.Consumer), strings.Compare(a.Argument, b.Argument), strings.Compare(a.Attribute, b.Attribute),
		} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
	switch {
	case r.References.Observed && len(r.References.Doubts) == 0:
		seen = "all"
	case r.References.Observed:
		seen = hidden("some may or may not be for this cache", whyOpen(&r.References))
	default:
		seen = hidden("what lies outside of this source is not shown", r.References.Detail)
	}
	return list, seen
}

// resourceOf is the address of an instance without its key.
func resourceOf(address string) string {
	if i := strings.LastIndexByte(address, '['); i > 0 && strings.HasSuffix(address, "]") {
		return address[:i]
	}
	return address
}

// companions are the addresses of objects around the cache that other parts of the plan
// name.
func (r *retiring) companions() []string {
	if len(r.References.Items) == 0 {
		return nil
	}
	return slices.Concat(addresses(r.PrivateEndpoints.Items, endpointAddress), addresses(r.DiagnosticSettings.Items, settingAddress),
		addresses(r.FirewallRules.Items, ruleAddress), addresses(r.AccessPolicyAssignments.Items, grantAddress),
		addresses(r.AccessPolicies.Items, accessPolicyAddress), addresses(r.PolicyAssignments.Items, assignmentAddress),
		addresses(r.Links.Items, linkAddress), addresses(r.RoleAssignments.Items, roleAddress))
}

// actionFor says what to do about a reference.
func actionFor(ref *posture.Reference) string {
	attribute := ref.Attribute
	switch {
	case strings.Contains(ref.Consumer, secretType):
		return "leave the secret as it is until the old cache is deleted; a reader that needs a value of the target gets a secret of its own"
	case strings.Contains(attribute, "key"), strings.Contains(attribute, "connection_string"):
		return "sign in with Microsoft Entra ID, or take the key of the target while its keys are on"
	case strings.HasSuffix(attribute, "hostname"), strings.HasSuffix(attribute, "hostName"),
		strings.HasSuffix(attribute, "private_static_ip_address"):
		return "take hostname of the target"
	case strings.HasSuffix(attribute, "port"), strings.HasSuffix(attribute, "Port"):
		return "take port 10000"
	case attribute == "id":
		return "take id of the target; for logs, that of its database"
	case attribute == "name":
		return "take name of the target"
	case attribute == "":
		return "look which attributes it takes, and take those of the target"
	default:
		return "take the value of the target, where it has one"
	}
}
