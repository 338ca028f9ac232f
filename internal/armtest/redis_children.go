package armtest

import (
	"maps"
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

func checkFirewallRule(_ *Server, rule change) response {
	name, properties := rule.lastName(), objectAt(rule.body, "properties")
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

func checkPatchSchedule(_ *Server, schedule change) response {
	if schedule.lastName() != "default" {
		return invalid("a patch schedule is named default")
	}
	entries, _ := at(schedule.body, "properties", "scheduleEntries").([]any)
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

func completePatchSchedule(schedule *resource, cache Cache) {
	if cache.Location != "" {
		schedule.body["location"] = cache.Location
	}
	entries, _ := at(schedule.body, "properties", "scheduleEntries").([]any)
	for _, entry := range entries {
		if one, isObject := entry.(object); isObject {
			setDefault(one, "maintenanceWindow", "PT5H")
		}
	}
}

func checkLinkedServer(s *Server, link change) response {
	cache := s.store.resources[link.cacheKey()]
	if !strings.EqualFold(textAt(cache.body, "properties", "sku", "name"), "Premium") {
		return badRequest("Geo-replication is available for Premium caches only.")
	}
	return required(link, "linkedRedisCacheId", "linkedRedisCacheLocation", "serverRole")
}

func completeLinkedServer(link *resource, cache Cache) {
	properties := objectAt(link.body, "properties")
	setDefault(properties, "primaryHostName", strings.ToLower(cache.Name)+".redis.cache.windows.net")
	setDefault(properties, "geoReplicatedPrimaryHostName", strings.ToLower(cache.Name)+".geo.redis.cache.windows.net")
}

func checkAccessPolicy(_ *Server, policy change) response {
	if policy.existing != nil && textAt(policy.existing.body, "properties", "type") == "BuiltIn" {
		return badRequest("The built-in access policy '%s' cannot be changed.", policy.lastName())
	}
	if !policyName.MatchString(policy.lastName()) {
		return invalid("'%s' is not a name of an access policy", policy.lastName())
	}
	return required(policy, "permissions")
}

func completeAccessPolicy(policy *resource, _ Cache) {
	setDefault(objectAt(policy.body, "properties"), "type", "Custom")
}

func checkDeleteOfAccessPolicy(s *Server, policy *resource) response {
	if textAt(policy.body, "properties", "type") == "BuiltIn" {
		return badRequest("The built-in access policy '%s' cannot be deleted.", policy.lastName())
	}
	for _, assignment := range s.store.in(policy.cacheKey() + "/accesspolicyassignments") {
		if strings.EqualFold(textAt(assignment.body, "properties", "accessPolicyName"), policy.lastName()) {
			return badRequest("The access policy '%s' is assigned to '%s'.", policy.lastName(), assignment.lastName())
		}
	}
	return response{}
}

func checkAccessPolicyAssignment(s *Server, assignment change) response {
	if answer := required(assignment, "accessPolicyName", "objectId", "objectIdAlias"); answer.failed() {
		return answer
	}
	name := textAt(assignment.body, "properties", "accessPolicyName")
	if found := s.store.find(parseTarget(assignment.cacheKey() + "/accesspolicies/" + name)); found == nil || found.gone {
		return badRequest("The access policy '%s' does not exist.", name)
	}
	return response{}
}

// required refuses an object that lacks a property.
func required(c change, names ...string) response {
	for _, name := range names {
		if textAt(c.body, "properties", name) == "" {
			return invalid("properties.%s is required", name)
		}
	}
	return response{}
}

// completeConnection fills in the connection of a private endpoint that was
// seeded with its name only: it is approved.
func completeConnection(connection *resource, _ Cache) {
	properties := objectAt(connection.body, "properties")
	setDefault(properties, "privateLinkServiceConnectionState",
		object{"status": "Approved", "description": "Auto-Approved", "actionsRequired": "None"})
	setDefault(properties, "privateEndpoint", object{"id": strings.TrimSuffix(connection.scope, "/") +
		"/providers/Microsoft.Network/privateEndpoints/" + strings.SplitN(connection.lastName(), ".", 2)[0]})
}

// completeObject adds the properties that the service sets to those that were sent
// or seeded.
func completeObject(r, existing *resource, cache Cache) {
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
	if r.kind.complete != nil {
		r.kind.complete(r, cache)
	}
}

func setDefault(m object, name string, value any) {
	if _, set := m[name]; !set {
		m[name] = value
	}
}

// sortedKeys are the keys of an object in order, for loops whose order shows in answers.
func sortedKeys(m object) []string { return slices.Sorted(maps.Keys(m)) }
