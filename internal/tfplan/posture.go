package tfplan

import (
	"cmp"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// build makes the postures of one cache.
func (p *linker) build(c *cacheEntry) Planned {
	before, after := c.in.both()
	out := Planned{}
	if c.in.typ.kind == kindAzapiUpdate || c.in.typ.kind == kindDatabase && c.in.after() {
		return p.buildUpdate(c, before, after)
	}
	if before.exists() {
		out.Before = p.facts(c, before, true)
		out.Before.Change = posture.ChangeNone
		p.companionsOf(c, out.Before, true, nil)
	}
	if !c.in.after() {
		out.After = &posture.Cache{Address: c.in.address, Type: c.service.Type, Change: posture.ChangeDelete}
		if out.Before != nil {
			out.After.Name, out.After.ResourceID = out.Before.Name, out.Before.ResourceID
		}
		return out
	}
	out.After = p.facts(c, after, false)
	out.After.Change, out.After.Places = c.in.change, p.places.of(c, out.After)
	if c.service.Database != "" {
		out.After.Recreated = recreated(c, out.Before, out.After)
	}
	var subnet *instance
	out.After.SubnetID, subnet = p.subnetReference(c.in, out.After.SubnetID)
	p.companionsOf(c, out.After, false, subnet)
	p.overwrite(c, out.After, out.Before)
	p.explain(c.in, out.After)
	out.Notes = p.driftNotes(c)
	if p.unplanned && c.in.change == posture.ChangeUpdate {
		out.Notes = append(out.Notes, "the configuration imports it: it exists already, and what stands around it in Azure is not seen")
	}
	switch {
	case c.in.deferred && p.unplanned:
		out.Notes = append(out.Notes, p.perhaps(c.in))
	case c.in.deferred:
		out.Notes = append(out.Notes, "Terraform defers the change of this cache, so that nothing of it is known yet")
	}
	out.Notes = append(out.Notes, c.misdirected...)
	switch c.in.change {
	case posture.ChangeForget:
		out.Notes = append(out.Notes, "the plan only removes this cache from the state; it stays in Azure and was judged by what it was")
	case posture.ChangeReplace:
		note := "the plan destroys this cache and creates it again"
		if c.service.Retirement.NewTenants != "" {
			note += "; the service is being retired, so a new cache may be refused"
		}
		out.Notes = append(out.Notes, note)
	}
	return out
}

// read maps one side of a change of a cache of a service. fresh says that the object is
// created by this plan.
func (p *references) read(s *service.Service, in *instance, v view, fresh bool) *posture.Cache {
	if in.typ.facts == nil {
		return p.azapiFacts(s, v, fresh)
	}
	return p.azurermFacts(in, v, fresh)
}

// facts reads one side of a cache, with the updates that change it.
func (p *linker) facts(c *cacheEntry, v view, before bool) *posture.Cache {
	out := p.read(c.service, c.in, v, !before && c.in.created())
	if c.in.typ.kind == kindAzapi {
		if before || !c.in.created() {
			existing(out)
		}
		p.hideSensitive(c.service, c.in, v, out)
	}
	out.Address = c.in.address
	if c.apart() {
		p.database(c, out, before)
	} else if c.service.Database != "" {
		withoutDatabase(out)
	}
	p.keyIdentity(c, out, before)
	p.applyUpdates(c, out, before)
	if before {
		return out
	}
	for _, g := range c.groups {
		if d := p.doubtsOf(c.service, g); d != nil {
			doubtOverlay(out, d.patch, d.detail)
		}
	}
	return out
}

// buildUpdate makes the posture of a cache of which only an azapi_update_resource
// is in the plan: what the update does not set is unknown.
func (p *linker) buildUpdate(c *cacheEntry, before, after view) Planned {
	side := func(v view, before bool) *posture.Cache {
		id := cacheID(v.get("resource_id"))
		var out *posture.Cache
		if c.in.typ.kind == kindDatabase {
			id, out = targetID(c.in, v), p.onlyDatabase(c, before)
			p.applyUpdates(c, out, before)
		} else {
			out = p.patchOf(c.service, c.in, v)
			if together := p.updatesTogether(c, before); together != nil {
				overlay(out, together)
			}
			existing(out)
		}
		out.Address = c.in.address
		out.ResourceID = id.str("resource_id")
		if name := c.name; out.Name.IsUnset() && name != "" {
			out.Name = posture.Known(armid.Last(cmp.Or(id.val.str(), name)), "resource_id")
			if id.isSensitive() {
				out.Name = out.Name.Sensitive()
			}
		}
		if out.Location.IsUnset() {
			out.Location = posture.Unknown[string](posture.ReasonNotObserved, "location")
		}
		return out
	}
	out := Planned{After: side(after, false), Before: side(before, true)}
	out.After.Change, out.After.Places = posture.ChangeUpdate, p.places.of(c, out.After)
	if c.in.unchanged() {
		out.After.Change = c.in.change
	}
	p.companionsOf(c, out.After, false, nil)
	p.overwrite(c, out.After, out.Before)
	return out
}

// companionsOf fills the sets of companions on one side of a cache.
func (p *linker) companionsOf(c *cacheEntry, out *posture.Cache, before bool, subnet *instance) {
	// Absence is seen for a cache that this whole plan makes, and for what the
	// plan destroys; an azapi_update_resource makes no cache, and a database no cluster.
	seen := !before && c.in.created() && !c.in.deferred && c.in.typ.kind != kindAzapiUpdate && c.in.typ.kind != kindDatabase && p.whole()
	gone := map[kind]bool{}
	var policies []posture.AccessPolicy
	for _, l := range c.links {
		if l.in.typ.kind == kindAccessPolicy && l.on(before) {
			policies = append(policies, accessPolicyOf(l.in, l.in.side(before)))
		}
	}
	if p.migration {
		out.AccessPolicies.Items = policies
	}
	policies = slices.Concat(policies, ownPolicies(c.in, before))
	for _, l := range c.links {
		if l.before && !l.after && !l.onCluster {
			gone[l.in.typ.kind] = true
		}
		if !l.on(before) {
			continue
		}
		v := l.in.side(before)
		switch l.in.typ.kind {
		case kindEndpoint:
			out.PrivateEndpoints.Items = append(out.PrivateEndpoints.Items, p.endpoint(l.in, v))
		case kindDiagnostic:
			d := p.diagnostic(l.in, v)
			d.OnCluster = l.onCluster
			out.DiagnosticSettings.Items = append(out.DiagnosticSettings.Items, d)
		case kindManagedEndpoint:
			out.PrivateEndpoints.Items = append(out.PrivateEndpoints.Items, managedEndpoint(l.in))
		case kindPatchSchedule:
			p.patchSchedule(l.in, v, out)
		case kindFirewall:
			out.FirewallRules.Items = append(out.FirewallRules.Items, firewallRule(l.in, v))
		case kindGeoReplication:
			geoReplicas(c, l.in, v, out)
		case kindAccessAssignment:
			a := accessAssignmentOf(l.in, v, policies)
			if p.migration {
				id := l.in.at(v, vocabulary.Principal).str(l.in.evidence(vocabulary.Principal))
				a.ObjectID = p.idOrReference(l.in, l.in.path(vocabulary.Principal), id)
			}
			out.AccessPolicyAssignments.Items = append(out.AccessPolicyAssignments.Items, a)
		case kindRoleAssignment:
			out.RoleAssignments.Items = append(out.RoleAssignments.Items, roleAssignment(l.in, v))
		}
	}
	for _, l := range c.linkedBy {
		if l.on(before) {
			linkedReplicas(l.in, l.in.side(before), out)
		}
	}
	out.PolicyAssignments.Items, out.PolicyAssignments.Doubts = p.assignments(c, before)
	switch id, injected := out.SubnetID.Get(); {
	case injected && before:
		out.Subnet = p.subnetBefore(id)
	case injected:
		out.Subnet = p.subnetOf(id, subnet)
	}
	if before {
		if p.migration {
			maintenanceDays(out)
		}
		p.ownChildren(c, out, before, policies)
		return
	}
	out.PrivateEndpoints.Doubts = append(p.doubts.of(kindEndpoint, c), p.doubts.of(kindManagedEndpoint, c)...)
	p.doubtGeoReplicas(c, out)
	p.noPatchSchedule(c, out, seen || gone[kindPatchSchedule])
	if p.migration {
		maintenanceDays(out)
		out.AccessPolicies.Doubts = p.doubts.of(kindAccessPolicy, c)
		out.AccessPolicies.Observed = seen || gone[kindAccessPolicy]
	}
	out.DiagnosticSettings.Doubts = p.doubts.of(kindDiagnostic, c)
	out.FirewallRules.Doubts = p.doubts.of(kindFirewall, c)
	out.AccessPolicyAssignments.Doubts = p.doubts.of(kindAccessAssignment, c)
	out.PolicyAssignments.Doubts = append(out.PolicyAssignments.Doubts, p.doubts.of(kindPolicyAssignment, c)...)
	out.PrivateEndpoints.Observed = seen || gone[kindEndpoint]
	out.DiagnosticSettings.Observed = seen || gone[kindDiagnostic]
	out.FirewallRules.Observed = seen || gone[kindFirewall]
	out.AccessPolicyAssignments.Observed = seen || gone[kindAccessAssignment]
	// Plan JSON hides what locals, dynamic blocks and keys refer to, so that it
	// cannot show that nothing takes a key.
	out.KeyConsumers = posture.Set[string]{Items: c.keys, Doubts: p.doubts.of(kindCache, c), Observed: c.keysSeen,
		Detail: "plan JSON does not show what locals and dynamic blocks refer to"}
	if p.migration {
		out.References = p.referencesOf(c)
		out.Links.Items, out.Links.Doubts = c.geo, slices.Concat(p.doubts.of(kindLinkedServer, c), p.doubts.of(kindGeoReplication, c))
		out.Links.Observed = seen || gone[kindLinkedServer]
		out.RoleAssignments.Doubts = p.doubts.of(kindRoleAssignment, c)
		out.RoleAssignments.Observed = seen || gone[kindRoleAssignment]
	}
	p.ownChildren(c, out, before, policies)
}
