package armtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var cacheName = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)

func (s *Server) putCache(r *http.Request, t target, version string, body object) response {
	existing := s.store.find(t)
	if existing != nil {
		if location := textAt(body, "location"); location != "" && region(location) != region(textAt(existing.body, "location")) {
			return failure(http.StatusConflict, "InvalidResourceLocation",
				"The resource '%s' already exists in location '%s' in resource group '%s'. A resource with the same name cannot be created in "+
					"location '%s'.",
				t.lastName(), region(textAt(existing.body, "location")), t.group, region(location))
		}
		if zones, sent := body["zones"]; sent && !sameJSON(zones, existing.body["zones"]) {
			return unchangeable("zones")
		}
		return s.updateCache(r, existing, version, body, http.StatusOK)
	}
	if s.opts.Retired {
		return badRequest("%s", RetirementMessage)
	}
	if !cacheName.MatchString(t.lastName()) || len(t.lastName()) > 63 {
		return invalid("'%s' is not a name of a cache", t.lastName())
	}
	if _, taken := s.store.cacheNames[strings.ToLower(t.lastName())]; taken {
		return nameTaken(t.lastName())
	}
	if textAt(body, "location") == "" {
		return failure(http.StatusBadRequest, "LocationRequired", "The location property is required for this definition.")
	}
	sent, answer := s.readProperties(body, version)
	if answer.failed() {
		return answer
	}
	sku, answer := checkSKU(objectAt(sent, "sku"))
	if answer.failed() {
		return answer
	}
	created := newProperties(t.lastName(), sku)
	merge(created, sent)
	created["sku"] = sku
	if answer := checkCache(created, sent); answer.failed() {
		return answer
	}
	stored := object{"location": locationName(textAt(body, "location")), "tags": object{}, "properties": created}
	s.topLevel(stored, body, version, t.path)
	if zones, sent := body["zones"].([]any); sent && len(zones) > 0 {
		stored["zones"] = zones
	}
	switch {
	case s.zoneless(textAt(body, "location")):
		created["zonalAllocationPolicy"] = "NoZones"
	case created["zonalAllocationPolicy"] == nil:
		created["zonalAllocationPolicy"] = defaultZones(stored, sku)
	}
	res := newResource(t.path, stored)
	s.store.add(res)
	for _, policy := range builtInPolicies(t.path) {
		s.store.add(policy)
	}
	o := &operation{states: []string{"Creating"}, result: s.renderWithKeys}
	answer = s.begin(r, res, o, version, response{status: http.StatusCreated})
	answer.body = s.renderWithKeys(res, version)
	return answer
}

func defaultZones(body, sku object) string {
	switch {
	case body["zones"] != nil:
		return "UserDefined"
	case textAt(sku, "name") == "Basic":
		return "NoZones"
	}
	return "Automatic"
}

func (s *Server) patchCache(r *http.Request, existing *resource, version string, body object) response {
	for _, name := range []string{"location", "zones"} {
		if value, sent := body[name]; sent && value != nil && s.opts.RefuseUnknownProperties {
			return invalid("'%s' is not part of an update", name)
		}
	}
	// Updates became long-running operations with this version.
	if slices.Index(redisVersions, strings.ToLower(version)) < slices.Index(redisVersions, "2022-06-01") {
		return s.updateCache(r, existing, version, body, http.StatusOK)
	}
	return s.updateCache(r, existing, version, body, http.StatusAccepted)
}

func (s *Server) updateCache(r *http.Request, existing *resource, version string, body object, status int) response {
	if existing.op != nil {
		return busy(existing.lastName())
	}
	sent, answer := s.readProperties(body, version)
	if answer.failed() {
		return answer
	}
	current := objectAt(existing.body, "properties")
	if sku := objectAt(sent, "sku"); sku != nil {
		if sent["sku"], answer = checkSKU(sku); answer.failed() {
			return answer
		}
		if answer := checkScale(objectAt(current, "sku"), objectAt(sent, "sku")); answer.failed() {
			return answer
		}
	}
	if answer := checkUpdate(existing.body, body, sent, version); answer.failed() {
		return answer
	}
	if answer := s.checkLinked(existing, sent); answer.failed() {
		return answer
	}
	if s.zoneless(textAt(existing.body, "location")) {
		delete(sent, "zonalAllocationPolicy") // taken, and without effect
	}
	after := clone(existing.body)
	properties := objectAt(after, "properties")
	scaling := changed(current, sent, "sku") || changed(current, sent, "shardCount")
	if scaling {
		// A scale request rescales the reservations and ignores those it carries.
		if configuration := objectAt(sent, "redisConfiguration"); configuration != nil {
			for name := range configuration {
				if reservation(name) {
					delete(configuration, name)
				}
			}
		}
		if sku := objectAt(sent, "sku"); sku != nil {
			merge(objectAt(properties, "redisConfiguration"), defaultConfiguration(sku))
		}
	}
	state := updateState(existing.body, body, sent, scaling)
	merge(properties, sent)
	if answer := checkCache(properties, sent); answer.failed() {
		return answer
	}
	s.topLevel(after, body, version, existing.path)

	before := existing.body
	existing.body = after
	o := &operation{states: []string{state}, before: before, result: s.renderWithKeys}
	answer = s.begin(r, existing, o, version, response{status: status})
	if slices.Index(redisVersions, strings.ToLower(version)) < slices.Index(redisVersions, "2022-06-01") {
		answer.header = nil
	}
	answer.body = s.renderWithKeys(existing, version)
	return answer
}

// updateState is the provisioning state that fits the change. The service shows
// more states than it documents.
func updateState(current, body, sent object, scaling bool) string {
	properties := objectAt(current, "properties")
	switch configuration := objectAt(sent, "redisConfiguration"); {
	case scaling:
		return "Scaling"
	case changed(properties, sent, "redisVersion"):
		return "UpgradingRedisServerVersion"
	case body["identity"] != nil && !sameIdentity(current["identity"], body["identity"]):
		return "UpdatingManagedIdentity"
	case changed(objectAt(properties, "redisConfiguration"), configuration, "aad-enabled"):
		return "ConfiguringAAD"
	}
	return "Updating"
}

// topLevel takes over tags and identity, which replace those before.
func (s *Server) topLevel(stored, body object, version, owner string) {
	if tags := objectAt(body, "tags"); tags != nil {
		stored["tags"] = clone(tags)
	}
	if wanted := objectAt(body, "identity"); wanted != nil && knows(firstTopLevel, "identity", version) {
		stored["identity"] = identity(wanted, owner)
		if strings.EqualFold(textAt(wanted, "type"), "None") {
			delete(stored, "identity")
		}
	}
}

// merge lays an update over properties: redisConfiguration by key, all else as
// a whole.
func merge(into, from object) {
	for name, value := range from {
		inner, isObject := value.(object)
		existing := objectAt(into, name)
		if isObject && name == "redisConfiguration" && existing != nil {
			merge(existing, inner)
			continue
		}
		into[name] = cloneAny(value)
	}
}

// readProperties checks the types of the properties that were sent, and leaves out
// those that the api-version does not know or that cannot be written. Null means: not
// sent.
func (s *Server) readProperties(body object, version string) (object, response) {
	sent := object{}
	if body["properties"] != nil && objectAt(body, "properties") == nil {
		return nil, invalid("properties must be an object")
	}
	for name, value := range objectAt(body, "properties") {
		want, known := writable[name]
		if !known || !knows(firstVersion, name, version) {
			if s.opts.RefuseUnknownProperties {
				return nil, invalid("api-version %s has no property '%s' to write", version, name)
			}
			continue
		}
		if value == nil {
			continue
		}
		if jsonType(value) != want {
			return nil, invalid("properties.%s must be of type %s", name, want)
		}
		sent[name] = cloneAny(value)
	}
	configuration := objectAt(sent, "redisConfiguration")
	for name, value := range configuration {
		if value == nil || slices.Contains(readOnlyConfiguration, name) || !knows(firstConfiguration, name, version) {
			delete(configuration, name)
			continue
		}
		if jsonType(value) != "string" {
			return nil, invalid("properties.redisConfiguration.%s must be of type string", name)
		}
	}
	if replicas, set := sent["replicasPerMaster"]; set {
		delete(sent, "replicasPerMaster")
		setDefault(sent, "replicasPerPrimary", replicas)
	}
	switch wanted := textAt(sent, "redisVersion"); wanted {
	case "6", "latest", "Latest":
		sent["redisVersion"] = "6.0"
	case "4":
		sent["redisVersion"] = "4.0"
	}
	return sent, response{}
}

func jsonType(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "bool"
	case float64:
		return "number"
	case object:
		return "object"
	}
	return "other"
}

// regions are the long names of regions, which ARM returns for caches, by the short
// ones.
var regions = map[string]string{
	"westeurope": "West Europe", "northeurope": "North Europe", "eastus": "East US", "eastus2": "East US 2",
	"westus": "West US", "westus2": "West US 2", "germanywestcentral": "Germany West Central", "swedencentral": "Sweden Central",
}

func locationName(location string) string {
	if name := regions[region(location)]; name != "" {
		return name
	}
	return location
}
