package armtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Subscription is a subscription that the fake knows.
type Subscription struct {
	ID   string
	Name string // default: made from the id
	// ManagementGroups are those above the subscription, the nearest first.
	ManagementGroups []string
}

// PutSubscription adds or replaces a subscription.
func (s *Server) PutSubscription(sub Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putSubscription(sub)
}

func (s *Server) putSubscription(sub Subscription) {
	key := strings.ToLower(sub.ID)
	if sub.Name == "" {
		sub.Name = "subscription " + key[:min(8, len(key))]
	}
	if s.store.subscriptions[key] == nil {
		at, _ := slices.BinarySearch(s.store.order, key)
		s.store.order = slices.Insert(s.store.order, at, key)
	}
	s.store.subscriptions[key] = &sub
}

// PutResourceGroup adds a resource group, and its subscription if need be.
func (s *Server) PutResourceGroup(subscription, name, location string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putGroup(subscription, name, location)
}

func (s *Server) putGroup(subscription, name, location string) {
	if s.store.subscriptions[strings.ToLower(subscription)] == nil {
		s.putSubscription(Subscription{ID: subscription})
	}
	id := "/subscriptions/" + subscription + "/resourceGroups/" + name
	if s.store.groups[strings.ToLower(id)] == nil {
		s.store.groups[strings.ToLower(id)] = object{
			"id": id, "name": name, "type": "Microsoft.Resources/resourceGroups", "location": region(location),
			"properties": object{"provisioningState": "Succeeded"},
		}
	}
}

// Cache is a cache to seed. The zero value of each field is what ARM shows for
// a Standard C1 cache that was created with the least possible.
type Cache struct {
	Subscription  string // default DefaultSubscription
	ResourceGroup string // default "rg"
	Name          string // default "cache"
	Location      string // default "West Europe"
	SKU           string // tier, family and capacity: "Premium P1"; default "Standard C1"

	// Properties replace the usual ones; null removes one. Names that the
	// api-version does not know are left out of answers; names that no version
	// knows are shown by all, as a future property would be.
	Properties object
	// Configuration is redisConfiguration; its keys replace the usual ones.
	Configuration map[string]string
	Identity      object
	Zones         []string
	Tags          map[string]string

	// Children by path below the cache, with their properties:
	// "firewallRules/office", "patchSchedules/default",
	// "accessPolicyAssignments/app", "privateEndpointConnections/pe",
	// "linkedServers/other", "providers/Microsoft.Insights/diagnosticSettings/logs".
	Children map[string]object
}

func (c *Cache) defaults() {
	for _, field := range []struct {
		value    *string
		fallback string
	}{
		{&c.Subscription, DefaultSubscription}, {&c.ResourceGroup, "rg"}, {&c.Name, "cache"},
		{&c.Location, "West Europe"}, {&c.SKU, "Standard C1"},
	} {
		if *field.value == "" {
			*field.value = field.fallback
		}
	}
}

// ID is the cache's id in the casing of requests.
func (c Cache) ID() string {
	c.defaults()
	return "/subscriptions/" + c.Subscription + "/resourceGroups/" + c.ResourceGroup + "/providers/Microsoft.Cache/redis/" + c.Name
}

func (c Cache) body() object {
	c.defaults()
	sku := parseSKU(c.SKU)
	properties := newProperties(c.Name, sku)
	configuration := objectAt(properties, "redisConfiguration")
	for key, value := range c.Configuration {
		configuration[key] = value
	}
	for key, value := range plain(c.Properties) {
		if value == nil {
			delete(properties, key)
		} else {
			properties[key] = value
		}
	}
	body := object{"location": c.Location, "tags": object{}, "properties": properties}
	for key, value := range c.Tags {
		objectAt(body, "tags")[key] = value
	}
	if c.Identity != nil {
		body["identity"] = identity(plain(c.Identity), c.ID())
	}
	if c.Zones != nil {
		var zones []any
		for _, zone := range c.Zones {
			zones = append(zones, zone)
		}
		body["zones"] = zones
	}
	return body
}

// children makes the resources in and on the cache; only, the path of a list or of an
// object in lower case, leaves out those that cannot be meant.
func (c Cache) children(only string) []*resource {
	id := c.ID()
	wanted := func(path string) bool {
		path = strings.ToLower(path)
		return only == "" || strings.HasPrefix(only[min(len(id)+1, len(only)):], path[:strings.LastIndexByte(path, '/')])
	}
	var children []*resource
	if wanted("accessPolicies/") {
		children = builtInPolicies(id)
	}
	for path, properties := range c.Children {
		if !wanted(path) {
			continue
		}
		properties = plain(properties)
		child := newResource(id+"/"+path, object{"properties": properties})
		completeObject(child, nil, c)
		children = append(children, child)
	}
	return children
}

// plain turns the Go maps and slices of a test into decoded JSON.
func plain(v object) object {
	if v == nil {
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var decoded object
	if err := json.Unmarshal(raw, &decoded); err != nil {
		panic(err)
	}
	return decoded
}

func parseSKU(text string) object {
	var tier, size string
	if n, err := fmt.Sscanf(text, "%s %s", &tier, &size); n != 2 || err != nil || len(size) < 2 {
		panic("armtest: not a SKU: " + text)
	}
	capacity, err := strconv.Atoi(size[1:])
	if err != nil {
		panic("armtest: not a SKU: " + text)
	}
	return object{"name": tier, "family": size[:1], "capacity": float64(capacity)}
}

// PutCache adds or replaces a cache with its children, and its subscription and
// resource group if need be. It returns the id.
func (s *Server) PutCache(c Cache) string {
	c.defaults()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putGroup(c.Subscription, c.ResourceGroup, c.Location)
	s.store.drop(strings.ToLower(c.ID()))
	s.store.add(newResource(c.ID(), c.body()))
	for _, child := range c.children("") {
		s.store.add(child)
	}
	return c.ID()
}

// Put adds or replaces any object: body is what answers hold beside id, name
// and type. Subnets and security rules that stand in their parent's body become
// objects of their own, as in ARM.
func (s *Server) Put(id string, body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := newResource(id, plain(body))
	if r.sub != "" && r.group != "" {
		s.putGroup(r.sub, r.group, "westeurope")
	} else if r.sub != "" && s.store.subscriptions[r.sub] == nil {
		s.putSubscription(Subscription{ID: r.sub})
	}
	s.store.materialize(r.target)
	if cache := s.store.resources[r.cacheKey()]; cache != nil && cache.key != r.key {
		completeObject(r, nil, Cache{Name: cache.lastName(), Location: textAt(cache.content(), "location")})
	} else if r.kind.complete != nil {
		completeObject(r, nil, Cache{})
	}
	s.adopt(r)
}

// ManagedCache is a cluster of Azure Managed Redis or of the Enterprise tiers to
// seed, with its database.
type ManagedCache struct {
	Subscription  string // default DefaultSubscription
	ResourceGroup string // default "rg"
	Name          string // default "managed"
	Location      string // default "westeurope"
	SKU           string // default "Balanced_B5"

	// Properties are those of the cluster; one that is not set has the service's
	// default, but publicNetworkAccess, which clusters of older api-versions lack.
	Properties object
	Identity   object
	Zones      []string
	Tags       map[string]string
	// Database are the properties of databases/default, with the defaults of
	// api-version 2025-07-01; nil for a cluster that has no database.
	Database object

	// Children by path below the cluster, with their properties:
	// "databases/default/accessPolicyAssignments/app", "privateEndpointConnections/pe",
	// "databases/default/providers/Microsoft.Insights/diagnosticSettings/logs".
	Children map[string]object
}

// PutManagedCache adds or replaces a cluster with all that stands in it, and its
// subscription and resource group if need be. It returns the id.
func (s *Server) PutManagedCache(c ManagedCache) string {
	first := func(text, fallback string) string {
		if text == "" {
			return fallback
		}
		return text
	}
	id := "/subscriptions/" + first(c.Subscription, DefaultSubscription) + "/resourceGroups/" + first(c.ResourceGroup, "rg") +
		"/providers/Microsoft.Cache/redisEnterprise/" + first(c.Name, "managed")
	body := object{"location": first(c.Location, "westeurope"), "sku": object{"name": first(c.SKU, "Balanced_B5")}, "properties": c.Properties}
	if c.Identity != nil {
		body["identity"] = identity(plain(c.Identity), id)
	}
	if c.Zones != nil {
		body["zones"] = c.Zones
	}
	if c.Tags != nil {
		body["tags"] = c.Tags
	}
	s.Remove(id)
	s.Put(id, body)
	if c.Database != nil {
		s.PutChild(id, "databases/default", c.Database)
	}
	for path, properties := range c.Children {
		s.PutChild(id, path, properties)
	}
	return id
}

// PutChild adds or replaces a resource in or on a cache; path and properties are as in
// Cache.Children.
func (s *Server) PutChild(cacheID, path string, properties map[string]any) {
	s.Put(cacheID+"/"+path, object{"properties": properties})
}

// Remove removes an object at once, as if somebody else had deleted it.
func (s *Server) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := parseTarget(id)
	s.store.materialize(t)
	s.store.drop(t.key)
}

// Change edits an object, as if somebody had been in the portal. The function gets the
// body and may change it, and must not keep it.
func (s *Server) Change(id string, edit func(body map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := parseTarget(id)
	s.store.materialize(t)
	r := s.store.resources[t.key]
	if r == nil {
		panic("armtest: no such object: " + id)
	}
	edit(r.body)
	r.body = plain(r.body)
}

// Object returns the body of an object, or nil, with the connection strings that
// answers never show.
func (s *Server) Object(id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.store.find(parseTarget(id))
	if r == nil || r.gone {
		return nil
	}
	return clone(r.content())
}

// IDs lists the objects of a type (any case) in the casing of answers, sorted.
func (s *Server) IDs(typ string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, r := range s.store.resources {
		if strings.EqualFold(r.typeKey(), typ) && !r.gone {
			ids = append(ids, r.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Fleet is many caches, made anew for each read so that they need no memory.
type Fleet struct {
	Subscriptions, Caches int
	// Edit changes the i-th cache. It must do the same for the same i, and must not
	// change names or groups.
	Edit func(i int, c *Cache)
}

// FleetSubscription is the id of the n-th subscription of a Fleet.
func FleetSubscription(n int) string { return fmt.Sprintf("33333333-0000-4000-8000-%012d", n) }

// PutFleet adds a fleet; the caches lie evenly over the subscriptions.
func (s *Server) PutFleet(f Fleet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := range f.Subscriptions {
		s.putGroup(FleetSubscription(n), "rg-fleet", "westeurope")
	}
	for i := range f.Caches {
		first := Cache{Subscription: FleetSubscription(i % f.Subscriptions), ResourceGroup: "rg-fleet", Name: fmt.Sprintf("fleet-%05d", i)}
		first.defaults()
		r := newResource(first.ID(), nil)
		r.build = func() Cache {
			c := first
			if f.Edit != nil {
				f.Edit(i, &c)
			}
			return c
		}
		s.store.add(r)
	}
}

// region is a location in the short form: "West Europe" is westeurope.
func region(location string) string {
	return strings.ToLower(strings.ReplaceAll(location, " ", ""))
}
