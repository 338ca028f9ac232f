package provider

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheShape lists what rules ask of a cache, in the names of
// azurerm 3.114 to 5. Nothing that is not listed ever enters this process.
var cacheShape = shapeOf(vocabulary.Cache)

var securityRuleShape = shapeOf(vocabulary.SecurityRule).with(map[string]*shape{"name": text("Name of the rule.")})

// shapeOf is the object of a table as azurerm has it.
func shapeOf[P any](t vocabulary.Table[P]) *shape {
	out := object(map[string]*shape{})
	add := func(path string, s *shape) {
		block, name, nested := strings.Cut(path, ".")
		switch {
		case path == "":
		case !nested:
			out.attrs[path] = s
		default:
			if out.attrs[block] == nil {
				out.attrs[block] = list(object(map[string]*shape{}), "The block `"+block+"`.")
			}
			out.attrs[block].elem.attrs[name] = s
		}
	}
	for _, f := range t {
		at := f.Azurerm
		if at.None != "" {
			continue
		}
		one := &shape{kind: kindText, doc: f.Doc, link: f.Link}
		switch f.Field(new(P)).(type) {
		case *posture.Value[bool]:
			one.kind = kindFlag
		case *posture.Value[int]:
			one.kind = kindNumber
		case *posture.Value[[]string]:
			one = set(text(""), f.Doc)
		}
		if at.Form == vocabulary.Count {
			one = list(object(map[string]*shape{at.Column: text(at.ColumnDoc)}), f.Doc)
		}
		add(at.Path, one)
		add(at.Other, &shape{kind: one.kind, doc: "Name of `" + at.Path[strings.LastIndex(at.Path, ".")+1:] + "` in azurerm 3."})
		add(at.Plural, set(text(""), f.PluralDoc))
		add(at.Groups, set(text(""), f.GroupsDoc))
	}
	return out
}

// selectionShape is what rules ask of an override or a resource selector.
var selectionShape = object(map[string]*shape{
	"selectors": list(object(map[string]*shape{
		"kind":   text("What it selects by: `resourceType`, `policyDefinitionReferenceId` and others."),
		"in":     list(text(""), "Values that are selected."),
		"not_in": list(text(""), "Values that are left out."),
	}), "Conditions that all have to hold."),
})

// companionShape is the union of what rules ask of all kinds of companions.
// Names that several kinds share have the same type in all of them.
var companionShape = object(map[string]*shape{
	"id":                  link("ARM id."),
	"name":                text("Name."),
	"resource_group_name": link("Resource group."),

	// azurerm_private_endpoint
	"private_service_connection": list(object(map[string]*shape{
		"is_manual_connection":           flag("Whether a person must approve the connection."),
		"private_connection_resource_id": link("Id of the cache."),
		"subresource_names":              list(text(""), "`"+service.Redis.Subresource+"` for a cache."),
	}), "Private endpoint: the connection."),
	"private_dns_zone_group": list(object(map[string]*shape{
		"private_dns_zone_ids": list(text(""), "Ids of private DNS zones."),
	}), "Private endpoint: the DNS zone group."),

	// azurerm_monitor_diagnostic_setting
	"target_resource_id": link("Diagnostic setting: id of the cache."),
	"enabled_log": set(object(map[string]*shape{
		"category":       text("Log category."),
		"category_group": text("Log category group."),
	}), "Diagnostic setting: enabled logs."),
	"log": set(object(map[string]*shape{
		"category":       text("Log category."),
		"category_group": text("Log category group."),
		"enabled":        flag("Whether the log is enabled."),
	}), "Diagnostic setting: logs in the form of azurerm 3."),
	"log_analytics_workspace_id":     text("Diagnostic setting: destination workspace."),
	"storage_account_id":             text("Diagnostic setting: destination storage account."),
	"eventhub_authorization_rule_id": text("Diagnostic setting: destination event hub rule."),
	"partner_solution_id":            text("Diagnostic setting: destination partner solution."),

	// azurerm_subnet_network_security_group_association
	"subnet_id":                 link("Network security group association: the subnet."),
	"network_security_group_id": link("Network security group association: the group."),

	// azurerm_network_security_group
	"security_rule": set(securityRuleShape, "Network security group: its rules."),

	// azurerm_redis_firewall_rule
	"redis_cache_name": link("Firewall rule: name of the cache."),
	"start_ip":         text("Firewall rule: first address."),
	"end_ip":           text("Firewall rule: last address."),

	// azurerm_*_policy_assignment
	"policy_definition_id": text("Policy assignment: definition or initiative."),
	"enforce":              flag("Policy assignment: whether it is enforced."),
	"not_scopes":           list(text(""), "Policy assignment: excluded scopes."),
	"parameters":           text("Policy assignment: parameters as JSON."),
	"overrides":            list(selectionShape, "Policy assignment: overrides."),
	"resource_selectors":   list(selectionShape, "Policy assignment: which resources it is for."),
	"resource_id":          link("Policy assignment: the resource."),
	"resource_group_id":    link("Policy assignment: the resource group."),
	"subscription_id":      link("Policy assignment: the subscription."),
	"management_group_id":  link("Policy assignment: the management group."),

	// access policy assignment
	"redis_cache_id":     link("Access policy assignment: id of the cache."),
	"access_policy_name": text("Access policy assignment: the policy."),
})

// snapshotShape is what snapshot returns and redisbaseline_evaluation takes: the
// cache, its companions, and what is not known yet.
var snapshotShape = cacheShape.with(map[string]*shape{
	"companions": list(companionShape.with(map[string]*shape{
		"kind": text("Resource type; told from the attributes when the snapshot was taken."),
	}), "What stands around the cache."),
	"undecided": list(text(""), "Paths of the attributes that are not known yet."),
}).ordered()
