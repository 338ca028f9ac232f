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

// templateSpec keeps of a template the types and names of what it deploys that
// counts for a cache, never the template. It is JSON text, or an object by azapi.
func templateSpec() *spec {
	s := keep().asText(func(w *encoder, text string) {
		switch n, err := parseNode([]byte(text)); {
		case text == "":
			w.kind('n')
		case err != nil || n.kind != '{':
			w.str(unexpected)
		default:
			summarise(w, n)
		}
	})
	s.distilled = func(w *encoder, raw []byte) {
		switch n, err := parseNode(raw); {
		case err != nil:
			w.str(unexpected)
		case isMask(n):
			w.kind(map[bool]byte{true: 't', false: 'f'}[anyTrue(n)])
		default:
			summarise(w, n)
		}
	}
	return s
}

// isMask reports whether an object says which parts of a template are unknown or
// sensitive: a template has text in it, a mask has none.
func isMask(n node) bool {
	mask := true
	for _, k := range n.members() {
		mask = mask && isMask(k)
	}
	for k := range n.elems() {
		mask = mask && isMask(k)
	}
	return mask && n.kind != '"' && n.kind != '0'
}

// The members of a summary of a template.
const (
	summaryHidden    = "hidden"    // a part of it comes from elsewhere
	summaryElsewhere = "elsewhere" // a part is deployed to another scope
	summaryComplete  = "complete"  // a nested deployment is in complete mode
	summaryResources = "resources"
)

// templateSummary is what counts of a template.
type templateSummary struct {
	hidden, elsewhere, complete bool
	resources                   []templateResource
}

// templateResource is a resource of a template; the name is empty where it is
// an expression.
type templateResource struct{ arm, name string }

// summarise writes what counts of a template.
func summarise(w *encoder, template node) {
	var s templateSummary
	s.read(template, "", "", 0)
	start := w.open('{')
	for _, flag := range []struct {
		name string
		on   bool
	}{{summaryHidden, s.hidden}, {summaryElsewhere, s.elsewhere}, {summaryComplete, s.complete}} {
		if flag.on {
			w.name([]byte(flag.name))
			w.kind('t')
		}
	}
	w.name([]byte(summaryResources))
	list := w.open('[')
	for _, r := range s.resources {
		item := w.open('{')
		w.name([]byte("type"))
		w.str(r.arm)
		w.name([]byte("name"))
		w.str(r.name)
		w.close(item)
	}
	w.close(list)
	w.close(start)
}

// mostNested bounds how deeply templates and resources nest: ARM allows less.
const mostNested = 20

// read goes through the resources of a template, or of a resource that has
// children within it. They are a list, or an object by symbolic names.
func (s *templateSummary) read(parent node, arm, name string, depth int) {
	if depth > mostNested {
		s.hidden = true
		return
	}
	resources := s.part(parent, "resources")
	for r := range resources.elems() {
		s.resource(r, arm, name, depth)
	}
	for _, r := range resources.members() {
		s.resource(r, arm, name, depth)
	}
	if resources.kind == '"' {
		s.hidden = true // an expression
	}
}

// part returns a member of a template, whose name ARM takes in any case. Where
// two could be meant, what the template deploys is not seen.
func (s *templateSummary) part(of node, name string) node {
	var found node
	n := 0
	for have, kid := range of.members() {
		if strings.EqualFold(have, name) {
			found = kid
			n++
		}
	}
	s.hidden = s.hidden || n > 1
	return found
}

func (s *templateSummary) resource(r node, parentType, parentName string, depth int) {
	if s.part(r, "existing").isTrue() || s.part(r, "condition").kind == 'f' {
		return
	}
	arm, name := strings.ToLower(s.part(r, "type").str()), literalText(s.part(r, "name").str())
	if arm == "" || strings.HasPrefix(arm, "[") {
		s.hidden = true
		return
	}
	if parentType != "" && !strings.Contains(arm, ".") {
		arm = parentType + "/" + arm
		if name != "" && parentName != "" {
			name = parentName + "/" + name
		} else {
			name = ""
		}
	}
	if i := strings.LastIndex(arm, "/providers/"); i >= 0 {
		arm = extensionTypes[arm[i+len("/providers/"):]] // an extension of what the type begins with
	}
	if arm == deploymentKind || arm == stackKind {
		s.nested(r, depth)
	}
	if _, counts := writtenKinds[arm]; counts || arm == redisKind || isUnjudged(arm) {
		s.resources = append(s.resources, templateResource{arm, name})
	}
	s.read(r, arm, name, depth+1)
}

// extensionTypes are the types of extension resources, by the last step.
var extensionTypes = map[string]string{
	"diagnosticsettings": diagnosticKind, "policyassignments": "microsoft.authorization/policyassignments",
	"policyexemptions": "microsoft.authorization/policyexemptions",
}

func isUnjudged(arm string) bool {
	_, ok := service.Unjudged(arm)
	return ok
}

// nested goes through the template of a nested deployment.
func (s *templateSummary) nested(r node, depth int) {
	s.elsewhere = s.elsewhere || !s.part(r, "resourceGroup").absent() || !s.part(r, "subscriptionId").absent() || !s.part(r, "scope").absent()
	props := s.part(r, "properties")
	s.complete = s.complete || strings.EqualFold(s.part(props, "mode").str(), "Complete")
	template := s.part(props, "template")
	if template.kind != '{' {
		s.hidden = true // linked, or an expression
		return
	}
	s.read(template, "", "", depth+1)
}

// literalText returns the text that a string of a template stands for; empty
// for an expression.
func literalText(text string) string {
	if rest, escaped := strings.CutPrefix(text, "[["); escaped {
		return "[" + rest
	}
	if strings.HasPrefix(text, "[") {
		return ""
	}
	return text
}

// templateOf reads a summary back; ok is false where the template is not seen.
func templateOf(v view) (out templateSummary, ok bool) {
	template := v.get("template_content")
	link := v.get("template_spec_version_id")
	if template.isUnknown() || template.lost() || template.val.kind != '{' || !link.isAbsentOrEmpty() {
		return templateSummary{hidden: true}, false
	}
	n := template.val
	out = templateSummary{hidden: n.get(summaryHidden).isTrue(), elsewhere: n.get(summaryElsewhere).isTrue(),
		complete: n.get(summaryComplete).isTrue()}
	for r := range n.get(summaryResources).elems() {
		out.resources = append(out.resources, templateResource{r.get("type").str(), r.get("name").str()})
	}
	return out, !out.hidden
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
			p.tellInTemplate(in, r, posture.TypeRedis)
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
		p.tellInTemplate(in, r, posture.TypeRedis)
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
			p.tellInTemplate(in, r, posture.TypeRedis)
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
