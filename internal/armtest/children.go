package armtest

import (
	"maps"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

var (
	ruleName   = regexp.MustCompile(`^\w{1,256}$`)
	policyName = regexp.MustCompile(`^([a-zA-Z0-9][a-zA-Z0-9- ]*[a-zA-Z0-9]|[a-zA-Z0-9])$`)
	days       = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Everyday", "Weekend"}
)

// checkChild returns the service's refusal of a child of a cache.
func (s *Server) checkChild(r, existing *resource) response {
	properties := objectAt(r.body, "properties")
	switch r.typeKey() {
	case redisType + "/firewallrules":
		return checkFirewallRule(r.lastName(), properties)
	case redisType + "/patchschedules":
		return checkPatchSchedule(r.lastName(), properties)
	case redisType + "/linkedservers":
		cache := s.store.resources[r.cacheKey()]
		if !strings.EqualFold(textAt(cache.body, "properties", "sku", "name"), "Premium") {
			return badRequest("Geo-replication is available for Premium caches only.")
		}
		for _, name := range []string{"linkedRedisCacheId", "linkedRedisCacheLocation", "serverRole"} {
			if textAt(properties, name) == "" {
				return invalid("properties.%s is required", name)
			}
		}
	case redisType + "/accesspolicies":
		if existing != nil && textAt(existing.body, "properties", "type") == "BuiltIn" {
			return badRequest("The built-in access policy '%s' cannot be changed.", r.lastName())
		}
		if !policyName.MatchString(r.lastName()) {
			return invalid("'%s' is not a name of an access policy", r.lastName())
		}
		if textAt(properties, "permissions") == "" {
			return invalid("properties.permissions is required")
		}
	case redisType + "/accesspolicyassignments":
		for _, name := range []string{"accessPolicyName", "objectId", "objectIdAlias"} {
			if textAt(properties, name) == "" {
				return invalid("properties.%s is required", name)
			}
		}
		policy := parseTarget(r.cacheKey() + "/accesspolicies/" + textAt(properties, "accessPolicyName"))
		if found := s.store.find(policy); found == nil || found.gone {
			return badRequest("The access policy '%s' does not exist.", textAt(properties, "accessPolicyName"))
		}
	case "microsoft.insights/diagnosticsettings":
		return checkDiagnosticSetting(properties)
	case "microsoft.network/privateendpoints":
		return s.checkEndpoint(properties)
	}
	return response{}
}

func invalid(format string, args ...any) response {
	return failure(http.StatusBadRequest, "InvalidRequestBody", "The request body is not valid: "+format+".", args...)
}

func checkFirewallRule(name string, properties object) response {
	if !ruleName.MatchString(name) {
		return invalid("'%s' is not a name of a firewall rule", name)
	}
	start, startErr := netip.ParseAddr(textAt(properties, "startIP"))
	end, endErr := netip.ParseAddr(textAt(properties, "endIP"))
	if startErr != nil || endErr != nil || !start.Is4() || !end.Is4() {
		return invalid("startIP and endIP must be IPv4 addresses")
	}
	if end.Less(start) {
		return invalid("startIP must not be above endIP")
	}
	return response{}
}

func checkPatchSchedule(name string, properties object) response {
	if name != "default" {
		return invalid("a patch schedule is named default")
	}
	entries, _ := properties["scheduleEntries"].([]any)
	if len(entries) == 0 {
		return invalid("properties.scheduleEntries must not be empty")
	}
	for _, entry := range entries {
		hour, isNumber := at(entry, "startHourUtc").(float64)
		if !slices.Contains(days, textAt(entry, "dayOfWeek")) || !isNumber || hour < 0 || hour > 23 {
			return invalid("a schedule entry needs dayOfWeek and startHourUtc")
		}
	}
	return response{}
}

// logCategories and logGroups are the log categories and category groups of a cache.
var (
	logCategories = []string{"ConnectedClientList", "MSEntraAuthenticationAuditLog"}
	logGroups     = []string{"allLogs", "audit"}
)

func checkDiagnosticSetting(properties object) response {
	if !slices.ContainsFunc([]string{"storageAccountId", "workspaceId", "eventHubAuthorizationRuleId", "marketplacePartnerId"},
		func(name string) bool { return textAt(properties, name) != "" }) {
		return badRequest("At least one data sink needs to be specified.")
	}
	logs, _ := properties["logs"].([]any)
	for _, log := range logs {
		if category := textAt(log, "category"); category != "" && !slices.Contains(logCategories, category) {
			return badRequest("Category '%s' is not supported.", category)
		}
		if group := textAt(log, "categoryGroup"); group != "" && !slices.Contains(logGroups, group) {
			return badRequest("Category group '%s' is not supported.", group)
		}
	}
	return response{}
}

// completeChild adds the properties that the service sets to those that were sent.
func completeChild(r, existing *resource, cache Cache) {
	delete(r.body, "id")
	delete(r.body, "name")
	delete(r.body, "type")
	properties := objectAt(r.body, "properties")
	if properties == nil {
		properties = object{}
		r.body["properties"] = properties
	}
	if r.kind.showsState && existing == nil {
		setDefault(properties, "provisioningState", "Succeeded")
	}
	switch r.typeKey() {
	case redisType + "/patchschedules":
		if cache.Location != "" {
			r.body["location"] = cache.Location
		}
		entries, _ := properties["scheduleEntries"].([]any)
		for _, entry := range entries {
			if one, isObject := entry.(object); isObject {
				setDefault(one, "maintenanceWindow", "PT5H")
			}
		}
	case redisType + "/accesspolicies":
		setDefault(properties, "type", "Custom")
	case redisType + "/linkedservers":
		setDefault(properties, "primaryHostName", strings.ToLower(cache.Name)+".redis.cache.windows.net")
		setDefault(properties, "geoReplicatedPrimaryHostName", strings.ToLower(cache.Name)+".geo.redis.cache.windows.net")
	case redisType + "/privateendpointconnections":
		setDefault(properties, "privateLinkServiceConnectionState",
			object{"status": "Approved", "description": "Auto-Approved", "actionsRequired": "None"})
		setDefault(properties, "privateEndpoint",
			object{"id": parentPath(parentPath(parentPath(parentPath(r.id[:len(r.id)-len(r.lastName())-1])))) +
				"/Microsoft.Network/privateEndpoints/" + strings.SplitN(r.lastName(), ".", 2)[0]})
	case "microsoft.insights/diagnosticsettings":
		for _, name := range []string{"storageAccountId", "serviceBusRuleId", "workspaceId", "eventHubAuthorizationRuleId", "eventHubName",
			"marketplacePartnerId", "logAnalyticsDestinationType"} {
			setDefault(properties, name, nil)
		}
		for _, list := range []string{"logs", "metrics"} {
			setDefault(properties, list, []any{})
			entries, _ := properties[list].([]any)
			for _, entry := range entries {
				if one, isObject := entry.(object); isObject {
					setDefault(one, "category", nil)
					if list == "logs" {
						setDefault(one, "categoryGroup", nil)
					}
					setDefault(one, "retentionPolicy", object{"enabled": false, "days": float64(0)})
				}
			}
		}
	}
}

func setDefault(m object, name string, value any) {
	if _, set := m[name]; !set {
		m[name] = value
	}
}

func (s *Server) checkDelete(r *resource) response {
	if r.typeKey() == redisType+"/accesspolicies" {
		if textAt(r.body, "properties", "type") == "BuiltIn" {
			return badRequest("The built-in access policy '%s' cannot be deleted.", r.lastName())
		}
		for _, assignment := range s.store.in(r.cacheKey() + "/accesspolicyassignments") {
			if strings.EqualFold(textAt(assignment.body, "properties", "accessPolicyName"), r.lastName()) {
				return badRequest("The access policy '%s' is assigned to '%s'.", r.lastName(), assignment.lastName())
			}
		}
	}
	if r.typeKey() == redisType && len(s.store.in(r.key+"/linkedservers")) > 0 {
		return badRequest("The cache '%s' is linked for geo-replication; unlink it first.", r.lastName())
	}
	return response{}
}

// sortedKeys are the keys of an object in order, for loops whose order shows in answers.
func sortedKeys(m object) []string { return slices.Sorted(maps.Keys(m)) }
