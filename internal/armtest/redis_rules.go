package armtest

import (
	"reflect"
	"slices"
	"strings"
)

var tiers = []string{"Basic", "Standard", "Premium"}

func reservation(name string) bool {
	return name == "maxmemory-reserved" || name == "maxmemory-delta" || name == "maxfragmentationmemory-reserved"
}

func unchangeable(names ...string) response {
	return badRequest("The requested update to the cache contains properties that cannot be modified: '%s'.", strings.Join(names, "', '"))
}

// checkSKU returns the SKU in the service's own casing.
func checkSKU(sku object) (object, response) {
	if sku == nil {
		return nil, invalid("properties.sku is required")
	}
	tier := ""
	for _, name := range tiers {
		if strings.EqualFold(name, textAt(sku, "name")) {
			tier = name
		}
	}
	family := strings.ToUpper(textAt(sku, "family"))
	capacity, isNumber := sku["capacity"].(float64)
	switch {
	case !isNumber || capacity != float64(int(capacity)):
		return nil, invalid("properties.sku.capacity must be a whole number")
	case tier == "":
		return nil, invalid("'%s' is not a tier", textAt(sku, "name"))
	case tier == "Premium" && (family != "P" || capacity < 1 || capacity > 5),
		tier != "Premium" && (family != "C" || capacity < 0 || capacity > 6):
		return nil, invalid("the tier %s has no size %s%v", tier, family, capacity)
	}
	return object{"name": tier, "family": family, "capacity": capacity}, response{}
}

// checkScale refuses a change of size that no cache can make in one step, or at all.
func checkScale(from, to object) response {
	fromTier, toTier := slices.Index(tiers, textAt(from, "name")), slices.Index(tiers, textAt(to, "name"))
	fromSize, toSize := number(from["capacity"]), number(to["capacity"])
	switch {
	case toTier < fromTier:
		return badRequest("Scaling from tier '%s' to tier '%s' is not supported.", tiers[fromTier], tiers[toTier])
	case fromTier == 0 && toTier == 2:
		return badRequest("Scaling from tier 'Basic' to tier 'Premium' is not supported; scale to 'Standard' first.")
	case fromTier == 0 && toTier == 1 && fromSize != toSize:
		return badRequest("Scaling from tier 'Basic' to tier 'Standard' and to another size in one request is not supported.")
	case toTier < 2 && toSize == 0 && fromSize > 0:
		return badRequest("Scaling down to size C0 is not supported.")
	}
	return response{}
}

// checkUpdate refuses changes that no update can make, and changes that ARM wants one
// at a time.
func checkUpdate(current, body, sent object, version string) response {
	properties := objectAt(current, "properties")
	for _, name := range []string{"subnetId", "staticIP"} {
		if wanted := textAt(sent, name); wanted != "" && !strings.EqualFold(wanted, textAt(properties, name)) {
			return unchangeable("properties." + name)
		}
	}
	if wanted := textAt(sent, "redisConfiguration", "databases"); wanted != "" &&
		wanted != textAt(properties, "redisConfiguration", "databases") {
		return unchangeable("properties.redisConfiguration.databases")
	}
	var alone []string
	if wanted := body["identity"]; wanted != nil && knows(firstTopLevel, "identity", version) && !sameIdentity(current["identity"], wanted) {
		alone = append(alone, "identity")
	}
	for _, name := range []string{"publicNetworkAccess", "redisVersion", "sku"} {
		if changed(properties, sent, name) {
			alone = append(alone, "properties."+strings.ToLower(name))
		}
	}
	if len(alone) > 1 {
		return badRequest("The following updates can't be processed in one single request, please send separate requests to update them: '%s'.",
			strings.Join(alone, "', '"))
	}
	if wanted := textAt(sent, "redisVersion"); wanted != "" && wanted < textAt(properties, "redisVersion") {
		return badRequest("The version of Redis cannot be lowered from '%s' to '%s'.", textAt(properties, "redisVersion"), wanted)
	}
	return response{}
}

func changed(current, sent object, name string) bool {
	wanted, isSent := sent[name]
	return isSent && !sameJSON(wanted, current[name])
}

func sameJSON(a, b any) bool {
	if text, isText := a.(string); isText {
		other, _ := b.(string)
		return strings.EqualFold(text, other)
	}
	return reflect.DeepEqual(a, b)
}

// sameIdentity compares types and the ids of user-assigned identities; the rest
// is the service's.
func sameIdentity(current, wanted any) bool {
	kindOf := func(v any) string {
		text := strings.ReplaceAll(strings.ToLower(textAt(v, "type")), " ", "")
		if text == "none" {
			return ""
		}
		return text
	}
	ids := func(v any) []string {
		var all []string
		for id := range objectAt(v, "userAssignedIdentities") {
			all = append(all, strings.ToLower(id))
		}
		slices.Sort(all)
		return all
	}
	return kindOf(current) == kindOf(wanted) && slices.Equal(ids(current), ids(wanted))
}

// checkCache refuses a cache that cannot be: properties are those after the
// change, sent are those of the request.
func checkCache(properties, sent object) response {
	tier := textAt(properties, "sku", "name")
	configuration, sentConfiguration := objectAt(properties, "redisConfiguration"), objectAt(sent, "redisConfiguration")
	if tier != "Premium" {
		for _, name := range []string{"subnetId", "staticIP"} {
			if textAt(sent, name) != "" {
				return badRequest("The property '%s' is supported by the Premium tier only.", name)
			}
		}
		for _, name := range []string{"shardCount", "replicasPerPrimary"} {
			if number(sent[name]) > 1 || name == "shardCount" && number(sent[name]) > 0 {
				return badRequest("The property '%s' is supported by the Premium tier only.", name)
			}
		}
		for _, name := range sortedKeys(sentConfiguration) {
			if enabled := strings.EqualFold(textAt(sentConfiguration, name), "true"); enabled &&
				(name == "rdb-backup-enabled" || name == "aof-backup-enabled") {
				return badRequest("Data persistence ('%s') is supported by the Premium tier only.", name)
			}
		}
	}
	if tier == "Basic" {
		for _, name := range sortedKeys(sentConfiguration) {
			if reservation(name) {
				return badRequest("The setting '%s' is not allowed on 'Basic' cache instances.", name)
			}
		}
	}
	if textAt(properties, "staticIP") != "" && textAt(properties, "subnetId") == "" {
		return badRequest("A static IP address needs a subnet.")
	}
	if off := textAt(configuration, "authnotrequired"); (strings.EqualFold(off, "true") || strings.EqualFold(off, "yes")) &&
		textAt(properties, "subnetId") == "" {
		return badRequest("The setting 'authnotrequired' is allowed only for caches in a virtual network.")
	}
	if properties["disableAccessKeyAuthentication"] == true && !strings.EqualFold(textAt(configuration, "aad-enabled"), "true") {
		return badRequest("Access key authentication can be disabled only when Microsoft Entra authentication is enabled.")
	}
	for name, allowed := range map[string][]string{
		"publicNetworkAccess":   {"Enabled", "Disabled"},
		"updateChannel":         {"Stable", "Preview"},
		"zonalAllocationPolicy": {"Automatic", "UserDefined", "NoZones"},
		// Lower versions can be read, but no longer be set.
		"minimumTlsVersion": {"1.2"},
	} {
		if wanted := textAt(sent, name); wanted != "" && !slices.Contains(allowed, wanted) {
			return invalid("'%s' is not a value of properties.%s", wanted, name)
		}
	}
	return response{}
}
