package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// azapiSpec is what is kept of azapi_resource and azapi_update_resource. Body is
// an object in azapi 2 and JSON text in azapi 1.
func azapiSpec() *spec {
	properties := keep("enableNonSslPort", "minimumTlsVersion", "publicNetworkAccess", "disableAccessKeyAuthentication", "subnetId",
		"shardCount", "redisVersion", "zonalAllocationPolicy").
		with("sku", keep("name", "family", "capacity")).
		with("redisConfiguration", keep("authnotrequired", "aad-enabled", "rdb-backup-enabled", "aof-backup-enabled",
			"preferred-data-persistence-auth-method", "maxmemory-reserved", "maxfragmentationmemory-reserved"))
	body := keep("zones", "location").with("properties", azapiCompanionSpec(properties))
	body.ignoreCase().asText(body.jsonText)
	return keep("id", "type", "name", "parent_id", "resource_id", "location").with("body", body)
}

// isRedisType reports whether either side is of type Microsoft.Cache/redis@*.
func isRedisType(before, after view) bool {
	for _, v := range []view{after, before} {
		typ, _, _ := strings.Cut(strings.ToLower(v.get("type").val.str()), "@")
		if typ != "" {
			return typ == redisKind
		}
	}
	return false
}

func (p *cacheIndex) identifyAzapi(in *instance, before, after view) *cacheEntry {
	c := &cacheEntry{}
	c.fromID(before, after)
	if c.afterID != "" || !in.after() {
		return c
	}
	name := after.get("name").str("")
	c.name = strings.ToLower(name.V)
	c.removed = name.IsUnknown() && name.Reason == posture.ReasonRemoved
	parent := after.get("parent_id")
	if id, ok := parseID(parent.val.str()); ok {
		c.subscription, c.group = id.subscription, id.group
		return c
	}
	if leaves := p.trace(in, "parent_id"); parent.isUnknown() && len(leaves) == 1 && leaves[0].sure && leaves[0].attribute == "id" {
		if rg := p.instances[leaves[0].address]; rg != nil && rg.typ.kind == kindResourceGroup {
			c.group = strings.ToLower(rg.view().get("name").val.str())
			c.subscription, c.provider = p.subscription(rg), p.providerOf(rg)
		}
	}
	return c
}

// collectUpdates gives every azapi_update_resource of the type to the cache of
// the plan that it changes, or makes it a cache of its own.
func (p *linker) collectUpdates() {
	for _, in := range p.byType[resourceTypes["azapi_update_resource"]] {
		before, after := in.both()
		if !in.after() || !isRedisType(before, after) {
			continue // taking the update away leaves the cache as it is
		}
		t := p.updateTarget(in, before, after)
		if t.cache != nil {
			t.cache.overlays = append(t.cache.overlays, in)
			p.cacheAt[in.address] = t.cache
			continue
		}
		for _, g := range t.groups {
			if in.applied() {
				p.overlayDoubts[g] = append(p.overlayDoubts[g], overlayDoubt{in, t.detail})
			}
		}
		c := named(in, p.identifyUpdate(after))
		p.addCache(c)
		if c.afterID != "" {
			p.updatesOf[c.afterID] = append(p.updatesOf[c.afterID], in)
		}
	}
	for _, x := range p.patches {
		if !x.touches.has(kindCache) {
			continue
		}
		before, after := x.in.both()
		t := p.updateTarget(x.in, before, after)
		if t.cache != nil {
			t.groups = []string{t.cache.in.address}
		}
		for _, g := range t.groups {
			p.overlayDoubts[g] = append(p.overlayDoubts[g], overlayDoubt{x.in, x.detail})
		}
	}
}

// updateTarget returns the cache that an update or an action changes.
func (p *cacheIndex) updateTarget(in *instance, before, after view) target {
	if after.get("resource_id").val.str() == "" && !p.config.resources[in.cfg].has("resource_id") {
		return p.updateByParent(in, after)
	}
	return p.targetOf(in, after.get("resource_id"), before.get("resource_id"), "resource_id", "id")
}

// updateByParent resolves an update that names its target by parent and name.
func (p *cacheIndex) updateByParent(in *instance, after view) target {
	parent, name := after.get("parent_id").val.str(), after.get("name").val.str()
	if leaves := p.trace(in, "parent_id"); parent == "" && name != "" && len(leaves) == 1 && leaves[0].sure && leaves[0].attribute == "id" {
		if rg := p.instances[leaves[0].address]; rg != nil && rg.typ.kind == kindResourceGroup && rg.after() {
			return p.match(armID{subscription: p.subscription(rg), group: strings.ToLower(rg.view().get("name").val.str()), kind: redisKind,
				names: []string{strings.ToLower(name)}})
		}
	}
	if parent == "" || name == "" {
		return target{groups: []string{everyCache}, reason: posture.ReasonUnresolvedReference,
			detail: "its target is not known; --config would settle it"}
	}
	return p.matchID(strings.TrimRight(parent, "/") + "/providers/Microsoft.Cache/redis/" + name)
}

func (p *cacheIndex) identifyUpdate(after view) *cacheEntry {
	c := &cacheEntry{}
	id := after.get("resource_id").val.str()
	if id == "" && after.get("parent_id").val.str() != "" && after.get("name").val.str() != "" {
		id = after.get("parent_id").val.str() + "/providers/Microsoft.Cache/redis/" + after.get("name").val.str()
	}
	if arm, ok := parseID(id); ok && arm.kind == redisKind {
		c.subscription, c.group, c.name = arm.subscription, arm.group, arm.name()
		c.afterID = strings.ToLower(id)
		c.beforeID = c.afterID
	}
	return c
}

// azapiFacts maps a body. What it does not set is unset; see existing.
func azapiFacts(v view) *posture.Cache {
	body := v.get("body")
	if body.isUnknown() {
		body.val = node{}
	}
	props, config := body.get("properties"), body.at("properties", "redisConfiguration")
	const pp, cp = "body.properties.", "body.properties.redisConfiguration."
	c := &posture.Cache{
		Type: posture.TypeRedis,
		Name: v.get("name").str("name"), ResourceID: v.get("id").str("id"), Location: v.get("location").str("location"),
		Tier:     props.at("sku", "name").str(pp + "sku.name"),
		Family:   props.at("sku", "family").str(pp + "sku.family"),
		Capacity: props.at("sku", "capacity").integer(pp + "sku.capacity"),

		ShardCount:             props.get("shardCount").integer(pp + "shardCount"),
		SubnetID:               props.get("subnetId").str(pp + "subnetId"),
		PublicNetworkAccess:    enabled(props.get("publicNetworkAccess"), pp+"publicNetworkAccess").In(posture.WordsEnabled),
		NonTLSPort:             props.get("enableNonSslPort").boolean(pp + "enableNonSslPort"),
		MinimumTLSVersion:      props.get("minimumTlsVersion").str(pp + "minimumTlsVersion"),
		AuthenticationRequired: required(config.get("authnotrequired"), cp+"authnotrequired").In(posture.WordsNotText),
		EntraAuthentication:    config.get("aad-enabled").settingFlag(cp + "aad-enabled"),
		AccessKeyAuthentication: posture.Map(props.get("disableAccessKeyAuthentication").boolean(pp+"disableAccessKeyAuthentication"),
			not).In(posture.WordsNegated),

		RDBBackup:                      config.get("rdb-backup-enabled").settingFlag(cp + "rdb-backup-enabled"),
		AOFBackup:                      config.get("aof-backup-enabled").settingFlag(cp + "aof-backup-enabled"),
		PersistenceAuthentication:      config.get("preferred-data-persistence-auth-method").str(cp + "preferred-data-persistence-auth-method"),
		MaxmemoryReserved:              config.get("maxmemory-reserved").settingNumber(cp + "maxmemory-reserved"),
		MaxfragmentationmemoryReserved: config.get("maxfragmentationmemory-reserved").settingNumber(cp + "maxfragmentationmemory-reserved"),
		Zones:                          body.get("zones").list("body.zones"),
		ZonalAllocationPolicy:          props.get("zonalAllocationPolicy").str(pp + "zonalAllocationPolicy"),
		RedisVersion:                   props.get("redisVersion").str(pp + "redisVersion"),
		MaintenanceWindows:             posture.Unknown[int](posture.ReasonNotObserved, "patchSchedules/default"),
	}
	if c.Location.IsUnset() {
		c.Location = body.get("location").str("body.location")
	}
	if n, ok := c.ShardCount.Get(); ok && n == 0 {
		c.ShardCount = posture.Unset[int](pp + "shardCount")
	}
	return c
}

func not(b bool) bool { return !b }

func enabled(v view, path string) posture.Value[bool] {
	return value(v, path, func(n node) (bool, bool) {
		on := n.kind == '"' && strings.EqualFold(n.text, "Enabled")
		off := n.kind == '"' && strings.EqualFold(n.text, "Disabled")
		return on, on || off
	})
}

// required reads authnotrequired, a string without an enumeration.
func required(v view, path string) posture.Value[bool] {
	return value(v, path, func(n node) (bool, bool) {
		switch strings.ToLower(n.text) {
		case "yes", "true":
			return false, true
		case "no", "false":
			return true, true
		}
		switch n.kind {
		case 't':
			return false, true
		case 'f':
			return true, true
		}
		return false, false
	})
}

// hideBehindSensitiveBody leaves of a body only what it decides against the
// cache: sensitive_body is merged over it, write-only, and never read.
func hideBehindSensitiveBody(c *posture.Cache) {
	old := posture.Map(c.MinimumTLSVersion, func(v string) bool { return v == "1.0" || v == "1.1" })
	against := map[any]posture.Tri{
		&c.NonTLSPort:              posture.Is(c.NonTLSPort, true),
		&c.PublicNetworkAccess:     posture.Is(c.PublicNetworkAccess, true),
		&c.AuthenticationRequired:  posture.Is(c.AuthenticationRequired, false),
		&c.AccessKeyAuthentication: posture.Is(c.AccessKeyAuthentication, true),
		&c.EntraAuthentication:     posture.Is(c.EntraAuthentication, false),
		&c.MinimumTLSVersion:       posture.Is(old, true),
	}
	each(c, c, func(x property) {
		if against[x.key()] != posture.True {
			x.lose(posture.ReasonWriteOnly, "sensitive_body may set it")
		}
	})
}

// overlay puts what an azapi_update_resource sets over a cache.
func overlay(dst, src *posture.Cache) {
	each(dst, src, func(x property) {
		if !x.other().unset() {
			x.take()
		}
	})
}

// doubtOverlay makes unknown what an azapi_update_resource sets whose target may
// be this cache.
func doubtOverlay(dst, src *posture.Cache, detail string) {
	each(dst, src, func(x property) {
		if !x.other().unset() && !x.same() {
			x.lose(posture.ReasonUnresolvedReference, detail)
		}
	})
}

// existing leaves unknown what a body does not set of a cache that exists: it may
// have been set elsewhere, and only a cache that is created takes the service's
// defaults. Basic and Standard are never in a virtual network.
func existing(c *posture.Cache) {
	subnet := c.SubnetID
	unobserved(c)
	if tier, ok := c.Tier.Get(); ok && (strings.EqualFold(tier, "Basic") || strings.EqualFold(tier, "Standard")) {
		c.SubnetID = subnet
	}
}

// unobserved makes unknown what a body does not set.
func unobserved(c *posture.Cache) {
	each(c, c, func(x property) {
		if x.now().unset() {
			x.lose(posture.ReasonNotObserved, "")
		}
	})
}
