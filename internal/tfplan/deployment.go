package tfplan

import (
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// deploymentKind is the ARM type of the deployment of a template.
const deploymentKind = "microsoft.resources/deployments"

// stackKind is that of a deployment stack, which deploys a template too.
const stackKind = "microsoft.resources/deploymentstacks"

// deploymentSpec is what is kept of a deployment of azurerm.
func deploymentSpec() *spec {
	return keep("id", "resource_group_name", "deployment_mode", "template_spec_version_id").with("template_content", templateSpec())
}

// deploymentFromARM puts a deployment or a stack by azapi into the same terms.
func deploymentFromARM(v view) view {
	props := v.at("body", "properties")
	link := props.get("templateLink")
	if link.val.kind == '{' {
		link.val = node{kind: '"', text: "a link"}
	}
	template := props.get("template")
	if props.isUnknown() {
		template = view{unknown: node{kind: 't'}}
	}
	return fields(v,
		member{"parent_id", v.get("parent_id")},
		member{"deployment_mode", props.get("mode")},
		member{"template_content", template},
		member{"template_spec_version_id", link},
	)
}

// collectDeployments files what the deployments of the plan write.
func (p *linker) collectDeployments() {
	for _, in := range p.ofKind(kindDeployment) {
		before, after := in.both()
		switch {
		case in.created(), in.change == posture.ChangeUpdate:
			p.deploy(in, after, "deploys")
		case in.after():
			p.tellDeployed(in, after)
		}
		// azurerm deletes what a deployment to a resource group has deployed.
		destroyed := in.change == posture.ChangeDelete || in.change == posture.ChangeReplace
		if destroyed && in.typ.name == "azurerm_resource_group_template_deployment" {
			p.deploy(in, before, "is destroyed, and with it goes")
		}
	}
}

// place is where a deployment deploys to; an empty group is not known, or wider
// than one resource group.
func (p *linker) placeOf(in *instance, v view) (subscription, group string) {
	if in.translated {
		id, _ := parseID(v.get("parent_id").val.str())
		return id.subscription, id.group
	}
	if id, ok := parseID(v.get("id").val.str()); ok {
		return id.subscription, id.group
	}
	return p.subscriptionOf(in).id, strings.ToLower(v.get("resource_group_name").val.str())
}

// deploy files what one deployment writes.
func (p *linker) deploy(in *instance, v view, does string) {
	subscription, group := p.placeOf(in, v)
	mode := v.get("deployment_mode")
	complete := strings.EqualFold(mode.val.str(), "Complete") || mode.isUnknown() && !v.get("template_content").isUnknown()
	p.deployTemplate(in, v, does, complete, subscription, group)
}

func (p *linker) deployTemplate(in *instance, v view, does string, complete bool, subscription, group string) {
	template, seen := templateOf(v)
	all := func(places []string, detail string) {
		for _, at := range places {
			writeAt(p.writes.caches, at).all(detail)
		}
	}
	if !seen {
		detail := fmt.Sprintf("%s %s a template that is not seen and may contain this cache", in.address, does)
		all([]string{everyCache}, detail)
		p.anyCompanions(companionWrite{in.address, detail, true, true})
		if len(p.caches) == 0 {
			p.notes = append(p.notes, fmt.Sprintf("%s %s a template that is not seen; if it makes a cache, that was not judged", in.address, does))
		}
	}
	if complete || template.complete {
		if template.complete {
			group = ""
		}
		detail := in.address + " deploys in complete mode to the resource group of this cache, which deletes what is not in its template"
		places := deployedTo(subscription, group)
		all(places, detail)
		for _, at := range places {
			for _, k := range aroundCache {
				touch(writeAt(p.writes.caches, at).companions, k, companionWrite{in.address, detail, true, false})
			}
		}
	}
	for _, r := range template.resources {
		p.deployResource(in, r, does, template.elsewhere, subscription, group)
	}
}

// deployedTo are the names under which a write to a resource group is filed.
func deployedTo(subscription, group string) []string {
	if group == "" {
		return []string{everyCache}
	}
	return filedUnder(subscription, group, "")
}

// deployResource files what a template says of one resource.
func (p *linker) deployResource(in *instance, r templateResource, does string, elsewhere bool, subscription, group string) {
	detail := fmt.Sprintf("%s %s a template that contains ", in.address, does)
	if r.arm == redisKind {
		p.deployCache(in, r, detail, elsewhere, subscription, group)
		return
	}
	if typ, ok := service.Unjudged(r.arm); ok {
		p.tellInTemplate(in, r, typ)
		return
	}
	k := writtenKinds[r.arm]
	x := companionWrite{by: in.address, detail: detail + "a " + words[k], makes: true}
	x.changes = k == kindSubnet || k == kindSecurityGroup
	if name, _, below := strings.Cut(r.name, "/"); below && strings.HasPrefix(r.arm, redisKind+"/") {
		x.changes = true
		t := p.match(armID{subscription: subscription, group: group, kind: redisKind, names: []string{strings.ToLower(name)}})
		if elsewhere || group == "" {
			t = p.named(name)
		}
		for _, g := range groupsOfTarget(t) {
			touch(writeAt(p.writes.caches, g).companions, k, x)
		}
		return
	}
	touch(p.writes.companions, companionKey{k, everyCompanion}, x)
}

// deployCache files a cache that stands in a template.
func (p *linker) deployCache(in *instance, r templateResource, detail string, elsewhere bool, subscription, group string) {
	if r.name == "" {
		places := []string{everyCache}
		if !elsewhere {
			places = deployedTo(subscription, group)
		}
		for _, at := range places {
			writeAt(p.writes.caches, at).all(detail + "a cache whose name is an expression, which may be this one")
		}
		if len(p.caches) == 0 && in.after() {
			p.tellInTemplate(in, r, service.Redis.Type)
		}
		return
	}
	t := p.cacheInTemplate(r, elsewhere, subscription, group)
	for _, g := range groupsOfTarget(t) {
		if t.guess {
			writeAt(p.writes.caches, g).all(detail + "a cache that may be this one")
			continue
		}
		writeAt(p.writes.caches, g).all(detail + "this cache")
	}
	if t.undescribed() && in.after() {
		p.tellInTemplate(in, r, service.Redis.Type)
	}
}

// cacheInTemplate finds the cache of the plan that a template names.
func (p *linker) cacheInTemplate(r templateResource, elsewhere bool, subscription, group string) target {
	if elsewhere || group == "" {
		return p.named(r.name)
	}
	return p.match(armID{subscription: subscription, group: group, kind: redisKind, names: []string{strings.ToLower(r.name)}})
}

// named finds the caches of a name, which is unique in Azure.
func (p *linker) named(name string) target {
	var t target
	for _, c := range p.byName[strings.ToLower(name)] {
		t.groups = append(t.groups, c.in.address)
	}
	if len(t.groups) == 0 {
		return p.perhapsNameless("", "")
	}
	return t
}

// undescribed reports whether no cache of the plan is known to be the target.
func (t target) undescribed() bool { return t.guess || len(groupsOfTarget(t)) == 0 }

func groupsOfTarget(t target) []string {
	if t.cache != nil {
		return []string{t.cache.in.address}
	}
	return t.groups
}

// tellDeployed tells of the caches that a deployment has made which the plan
// leaves as it is.
func (p *linker) tellDeployed(in *instance, v view) {
	template, _ := templateOf(v)
	subscription, group := p.placeOf(in, v)
	for _, r := range template.resources {
		typ, unjudged := service.Unjudged(r.arm)
		switch {
		case unjudged:
			p.tellInTemplate(in, r, typ)
		case r.arm == redisKind && r.name == "" && len(p.caches) == 0,
			r.arm == redisKind && r.name != "" && p.cacheInTemplate(r, template.elsewhere, subscription, group).undescribed():
			p.tellInTemplate(in, r, service.Redis.Type)
		}
	}
}

// tellInTemplate tells of a Redis resource that only a template describes.
func (p *linker) tellInTemplate(in *instance, r templateResource, typ string) {
	why := "its template makes a Redis resource that nothing else in the plan describes"
	v := in.view() // an action or an update has the template in its body
	if r.name != "" && !anyTrue(v.get("template_content").sensitive) && !anyTrue(v.get("body").sensitive) {
		why = fmt.Sprintf("its template makes %q, which nothing else in the plan describes", r.name)
	}
	p.unjudged = append(p.unjudged, posture.Unjudged{Address: in.address, Type: typ, Why: why})
}
