package tfplan

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// deployed is a template that the plan deploys, or whose resources it deletes.
type deployed struct {
	by       *instance
	does     string // for messages: what is done with a template
	template templateSummary
	seen     bool // the plan shows all of the template
	complete bool // in complete mode
	// subscription and group are where it is deployed to; an empty group is not
	// known, or wider than one resource group.
	subscription, group string
}

// deploymentOf reads one side of a deployment.
func (p *linker) deploymentOf(in *instance, v view, does string) deployed {
	mode, template := in.at(v, vocabulary.Mode), in.at(v, vocabulary.Template)
	d := deployed{by: in, does: does}
	d.template, d.seen = templateOf(template, in.at(v, vocabulary.TemplateLink))
	d.complete = strings.EqualFold(mode.val.str(), "Complete") || mode.isUnknown() && !template.isUnknown()
	id, known := parseID(in.at(v, vocabulary.ID).val.str())
	switch {
	case in.typ.arm:
		id, _ = parseID(in.at(v, vocabulary.Parent).val.str())
	case !known:
		id.subscription, id.group = p.subscriptionOf(in).id, strings.ToLower(in.at(v, vocabulary.ResourceGroup).val.str())
	}
	d.subscription, d.group = id.subscription, id.group
	return d
}

// collectDeployments files what the deployments of the plan write.
func (p *linker) collectDeployments() {
	for _, in := range p.ofKind(kindDeployment) {
		before, after := in.both()
		switch {
		case in.deferred, in.untyped && in.applied():
			p.deploy(p.deploymentOf(in, after, "may deploy a template"))
		case in.applied():
			p.deploy(p.deploymentOf(in, after, "deploys a template"))
		case in.after() && !in.untyped:
			p.tellDeployed(p.deploymentOf(in, after, ""))
		}
		// azurerm deletes what a deployment to a resource group has deployed.
		if in.destroyed() && in.typ.name == "azurerm_resource_group_template_deployment" {
			p.deploy(p.deploymentOf(in, before, "is destroyed, which deletes what it deployed from a template"))
		}
	}
}

// deploy files what one deployment writes.
func (p *linker) deploy(d deployed) {
	address := d.by.address
	if !d.seen {
		detail := fmt.Sprintf("%s %s that is not seen and may contain this cache", address, d.does)
		p.writes.all(everyCache(nil), detail)
		p.anyCompanions(companionWrite{address, detail, true, true})
		if len(p.caches) == 0 {
			p.notes = append(p.notes, fmt.Sprintf("%s %s that is not seen; if it makes a cache, that was not judged", address, d.does))
		}
	}
	if d.template.complete {
		d.group = "" // one that is nested, and may be deployed to any resource group
	}
	if d.complete || d.template.complete {
		verb := "deploys"
		if d.by.deferred || d.by.untyped {
			verb = "may deploy"
		}
		detail := address + " " + verb + " in complete mode to the resource group of this cache, which deletes what is not in its template"
		p.writes.all(d.places(), detail)
		for k := range aroundCache {
			p.writes.around(d.places(), k, companionWrite{address, detail, true, false})
		}
	}
	for _, r := range d.template.resources {
		p.deployResource(d, r)
	}
}

// places are the names under which a write to where it deploys is filed.
func (d deployed) places() []string {
	if d.group == "" {
		return everyCache(nil)
	}
	return filedUnder(d.subscription, d.group, "")
}

// deployResource files what a template says of one resource.
func (p *linker) deployResource(d deployed, r templateResource) {
	detail := fmt.Sprintf("%s %s that contains ", d.by.address, d.does)
	if s := service.Of(r.arm); s != nil {
		p.deployCache(s, d, r, detail)
		return
	}
	if s := serviceOfType(r.arm); s != nil {
		p.deployDatabase(s, d, r, detail+"the database of this cache")
		return
	}
	k := writtenKinds[r.arm]
	x := companionWrite{d.by.address, detail + "a " + aroundCache[k], k == kindSubnet || k == kindSecurityGroup, true}
	s, _ := service.Within(r.arm)
	switch cache, _, below := strings.Cut(r.name, "/"); {
	case s != nil && below:
		x.changes = true
		p.writes.around(p.cacheInTemplate(s, d, cache).all(), k, x)
	case s != nil:
		p.writes.around(everyCache(s), k, x)
	default:
		p.writes.to(k, x, everyCompanion)
	}
}

// deployDatabase files the database of a cache of a service that stands in a template.
func (p *linker) deployDatabase(s *service.Service, d deployed, r templateResource, detail string) {
	t := target{groups: everyCache(s)}
	if cluster, _, below := strings.Cut(r.name, "/"); below {
		t = p.cacheInTemplate(s, d, cluster)
	}
	for _, g := range t.all() {
		writeAt(p.writes.caches, g).set(p.databaseWritten(s), detail)
	}
	for _, k := range onDatabase {
		p.writes.around(t.all(), k, companionWrite{d.by.address, detail, true, false})
	}
	if (t.undescribed() || len(p.caches) == 0) && d.by.after() {
		p.tellInTemplate(d.by, r, s.Type)
	}
}

// deployCache files a cache of a service that stands in a template.
func (p *linker) deployCache(s *service.Service, d deployed, r templateResource, detail string) {
	if r.name == "" {
		places := everyCache(s)
		if !d.template.elsewhere && d.group != "" {
			places = filedUnder(d.subscription, d.group, s.Type)
		}
		p.writes.all(places, detail+"a cache whose name is an expression, which may be this one")
		if len(p.caches) == 0 && d.by.after() {
			p.tellInTemplate(d.by, r, s.Type)
		}
		return
	}
	t, what := p.cacheInTemplate(s, d, r.name), "this cache"
	if t.nameless {
		what = "a cache that may be this one"
	}
	p.writes.all(t.all(), detail+what)
	if t.undescribed() && d.by.after() {
		p.tellInTemplate(d.by, r, s.Type)
	}
}

// cacheInTemplate finds the cache of a service that a template names.
func (p *linker) cacheInTemplate(s *service.Service, d deployed, name string) target {
	if d.template.elsewhere || d.group == "" {
		return p.named(s, name)
	}
	return p.match(s, armID{subscription: d.subscription, group: d.group, names: []string{strings.ToLower(name)}})
}

// named finds the caches of a service that have a name, which is unique in Azure.
func (p *linker) named(s *service.Service, name string) target {
	var t target
	for _, c := range p.byName[strings.ToLower(name)] {
		if c.service == s {
			t.groups = append(t.groups, c.in.address)
		}
	}
	if len(t.groups) == 0 {
		return p.perhapsNameless(s, "", "")
	}
	return t
}

// undescribed reports whether no cache of the plan is known to be the target.
func (t target) undescribed() bool { return t.nameless || len(t.all()) == 0 }

// tellDeployed notes the caches that a deployment has made which the plan does not
// change.
func (p *linker) tellDeployed(d deployed) {
	for _, r := range d.template.resources {
		s := serviceOfType(r.arm)
		cache, _, _ := strings.Cut(r.name, "/") // of the database, too
		if s != nil && (cache == "" && len(p.caches) == 0 || cache != "" && p.cacheInTemplate(s, d, cache).undescribed()) {
			p.tellInTemplate(d.by, r, s.Type)
		}
	}
}

// tellInTemplate notes a Redis resource that only a template describes.
func (p *linker) tellInTemplate(in *instance, r templateResource, typ string) {
	why := "its template makes a Redis resource that nothing else in the plan describes"
	v := in.view()
	sensitive := v.get("body").sensitive // of an action or an update, which has the template in it
	if in.typ.kind == kindDeployment {
		sensitive = in.at(v, vocabulary.Template).sensitive
	}
	if r.name != "" && !anyTrue(sensitive) {
		why = fmt.Sprintf("its template makes %q, which nothing else in the plan describes", r.name)
	}
	p.unjudged = append(p.unjudged, posture.Unjudged{Address: in.address, Type: typ, Why: why})
}
