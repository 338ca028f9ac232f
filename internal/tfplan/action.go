package tfplan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// actionSpec is what is kept of the arguments of an action: an action block of
// Terraform 1.14 and newer, or an azapi_resource_action. Of a sensitive_body only
// is kept that there is one.
var actionSpec = (&spec{fields: maps.Clone(azapiSpec.fields)}).
	with("method", nil).with("action", nil).with("when", nil).with("redis_cache_id", nil).
	with("managed_redis_database_id", nil).with("linked_database_ids", nil).
	with(exports[0], nil).with(exports[1], nil).
	with("sensitive_body", keep().asText(func(w *encoder, _ string) { w.str("set") }))

// invocationSpec is what is kept of an item of action_invocations.
var invocationSpec = keep("address", "type").
	with("config_values", actionSpec).with("config_unknown", actionSpec).with("config_sensitive", actionSpec).
	with("lifecycle_action_trigger", keep("triggering_resource_address", "action_trigger_event")).
	with("invoke_action_trigger", keep("calling_resource_address"))

// azapiAction is azapi_resource_action as an action block.
var azapiAction = &resourceType{name: "azapi_resource_action", kind: kindAction}

// invocation is how the plan comes to run an action block.
type invocation struct {
	// caller is the resource instance that triggers it, event when.
	caller, event string
	invoked       bool // by -invoke
}

// The events of Terraform, as plan JSON writes them.
const beforeCreate, beforeUpdate = "BeforeCreate", "BeforeUpdate"

// readInvocation reads an item of action_invocations.
func (r *reader) readInvocation(dec *jsontext.Decoder, skew int64) error {
	if dec.PeekKind() != '{' {
		return unexpectedKind(dec, "an action is expected here")
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	w := &r.scratch
	w.buf = w.buf[:0]
	if w.pick(&scanner{b: raw}, invocationSpec) != nil {
		return &InputError{Cause: causeDuplicate, Offset: dec.InputOffset() + skew, Path: place(dec.StackPointer())}
	}
	n, _ := cut(string(w.buf))
	address, typ := n.get("address").str(), n.get("type").str()
	if address == "" || typ == "" {
		return &InputError{Cause: "the input is no plan: an action has no address or no type", Path: place(dec.StackPointer())}
	}
	if typ != "azapi_resource_action" && !strings.HasPrefix(typ, "azurerm_") {
		return nil // its provider does not write to Azure
	}
	kept := node{kind: '{'}
	for _, part := range [][2]string{{"after", "config_values"}, {"after_unknown", "config_unknown"},
		{"after_sensitive", "config_sensitive"}} {
		kept = with(kept, part[0], n.get(part[1]))
	}
	in := &instance{address: address, typ: azapiAction, change: posture.ChangeCreate, kept: encoded(kept)}
	if typ != azapiAction.name {
		in.typ = &resourceType{name: typ, kind: kindAction}
	}
	in.module, in.cfg = r.split(address)
	trigger, invoke := n.get("lifecycle_action_trigger"), n.get("invoke_action_trigger")
	r.actions = append(r.actions, in)
	r.invocations[in] = invocation{
		caller: trigger.get("triggering_resource_address").str() + invoke.get("calling_resource_address").str(), // at most one of the two is set
		event:  trigger.get("action_trigger_event").str(), invoked: invoke.kind == '{'}
	return nil
}

// harmlessPosts are the operations of a cache that change nothing that is
// judged, with what they do to its data, by the names of ARM, or of azurerm for an action
// block. Source: the operations of its ARM type, 2024-11-01, and of redisEnterprise,
// 2025-07-01.
var harmlessPosts = map[string]string{
	"listkeys": "", "regeneratekey": "", "export": "",
	"flush":       "deletes all data of",
	"import":      "replaces the data of",
	"forcereboot": "reboots nodes of, and may lose data of,",

	"listskusforscaling": "", "upgradedbredisversion": "",
	"azurerm_managed_redis_databases_flush": "deletes all data of",
}

// azurermAction is a prefix of names of actions of azurerm, and the ARM type of the
// resource that actions with the prefix write to.
type azurermAction struct{ prefix, arm string }

// azurermActions are the prefixes that count. azurerm 5.2 has no such action: its own
// write to other services. One that a later version brings may change anything.
var azurermActions = newAzurermActions()

func newAzurermActions() []azurermAction {
	list := []azurermAction{
		{"azurerm_private_endpoint_", endpointKind}, {"azurerm_monitor_diagnostic_setting_", diagnosticKind},
		{"azurerm_subnet_", subnetKind}, {"azurerm_network_security_", groupKind},
	}
	for typ, s := range cacheTypes {
		for _, name := range s.Azurerm {
			list = append(list, azurermAction{name + "_", typ})
		}
	}
	for _, c := range companionTypes {
		if c.service != nil && c.azurerm != "" {
			list = append(list, azurermAction{c.azurerm + "_", c.arm})
		}
	}
	return list
}

// request is what an action, or a resource of azapi, sends to Azure Resource Manager.
type request struct {
	by     *instance
	v      view // the arguments
	id     view // of the resource that it is sent to
	arm    string
	method string // in capitals; "?" where it is not known
	name   string // of an operation, in lower case; "?" where it is not known
}

const notKnown = "?"

// word reads an argument that is a word; "?" stands for one that is not known.
func word(v view) string {
	switch {
	case v.isUnknown(), v.lost():
		return notKnown
	default:
		return strings.Trim(strings.ToLower(v.val.str()), "/ ")
	}
}

func (p *linker) requestOf(in *instance, v view) request {
	r := request{by: in, v: v, id: v.get("resource_id"), method: strings.ToUpper(word(v.get("method"))), name: word(v.get("action"))}
	if r.method == "" {
		r.method = "POST"
	}
	typ := v.get("type").known()
	if typ == "" {
		typ, _ = p.askString(in, "type")
	}
	r.arm, _, _ = strings.Cut(strings.ToLower(typ), "@")
	if !strings.Contains(r.arm, "/") {
		r.arm = ""
	}
	return r
}

// collectActions files the requests that the actions of the plan send.
func (p *linker) collectActions() {
	p.sendRequests()
	for _, in := range p.byType[resourceTypes["azapi_resource_action"]] {
		before, after := in.both()
		when := func(v view) string { return word(v.get("when")) }
		if in.applied() && when(after) != "destroy" {
			p.send(p.requestOf(in, after))
		}
		if in.destroyed() && (when(before) == "destroy" || when(before) == notKnown) {
			p.send(p.requestOf(in, before))
		}
	}
	for _, in := range p.actions {
		r := p.requestOf(in, in.view())
		if in.typ == azapiAction {
			p.send(r)
			continue
		}
		for _, known := range azurermActions {
			if strings.HasPrefix(in.typ.name, known.prefix) {
				r.arm, r.method, r.name = known.arm, "POST", in.typ.name
				p.send(r)
			}
		}
	}
}

// send files what a request may change.
func (p *linker) send(r request) {
	k, companion := writtenKinds[r.arm]
	s := serviceOfType(r.arm)
	switch {
	case r.method == "GET", r.method == "HEAD":
	case r.arm == "" && r.method == "POST" && r.name == "listkeys": // changes nothing, whatever it is sent to
	case s != nil:
		p.sendToCache(s, r)
	case r.arm == "":
		p.sendToAny(r)
	case isPatchSchedule(r.arm):
		sets := nothingSet(armTypes[r.arm].service, p.migration)
		sets.MaintenanceWindows = posture.Unknown[int](posture.ReasonKnownAfterApply, "patchSchedules/default")
		maintenanceDays(sets)
		p.setOn(r, p.cacheOfChild(r), sets)
	case companion:
		p.sendToCompanion(r, k)
	case r.arm == deploymentKind || r.arm == stackKind:
		p.sendDeployment(r)
	}
}

// says describes a request for messages: who sends it to what.
func (r request) says(what string, t target) string {
	method, sends := r.method, "sends"
	switch {
	case !slices.Contains([]string{"PATCH", "PUT", "DELETE", "POST"}, method):
		method = "a request of a method that is not known"
	case method == "POST" && r.name != notKnown && !r.v.get("action").isSensitive():
		method = strings.TrimSpace("POST " + r.name)
	}
	if t.cache == nil || r.by.deferred {
		sends = "may send"
	}
	text := fmt.Sprintf("%s %s %s to %s after its planned values are there", r.by.address, sends, method, what)
	if t.detail != "" {
		text += ": " + t.detail
	}
	return text
}

// sendToCache files a request that is sent to a cache of a service.
func (p *linker) sendToCache(s *service.Service, r request) {
	t := p.onlyOf(s, p.targetOfRequest(r))
	if loss, harmless := harmlessPosts[r.name]; harmless && r.method == "POST" {
		if loss != "" {
			p.notes = append(p.notes, fmt.Sprintf("%s %s %s%s", r.by.address, loss, p.namesOf(t), p.linkedTo(r)))
		}
		return
	}
	body := r.v.get("body")
	if r.method == "PATCH" && r.name == "" && !body.isUnknown() && !body.lost() && !isRedacted(body.val) && !p.hasSensitiveBody(r) {
		sets := nothingSet(s, p.migration)
		overlay(sets, p.azapiFacts(s, r.v, false))
		p.setOn(r, t, sets)
		return
	}
	if service.Of(r.arm) == nil {
		p.databaseOn(r, t, s)
		return
	}
	p.allOn(r, t, r.says("this cache", t))
}

// databaseOn files a request that may change everything of the database of a target, and
// what sits on the database.
func (p *linker) databaseOn(r request, t target, s *service.Service) {
	detail := r.says("the database of this cache", t)
	p.setOn(r, t, p.databaseWritten(s))
	if t.cache == nil || !p.before(r, t.cache, beforeCreate) {
		for _, k := range onDatabase {
			p.writes.around(t.all(), k, companionWrite{r.by.address, detail, true, false})
		}
	}
}

// onDatabase are the kinds of companions that sit on a database.
var onDatabase = []kind{kindDiagnostic, kindAccessAssignment}

// databaseWritten is what a write may change that is sent to the database of a cache.
func (p *document) databaseWritten(s *service.Service) *posture.Cache {
	sets := nothingSet(s, p.migration)
	loseDatabase(sets, posture.ReasonKnownAfterApply, "")
	sets.HasDatabase = posture.Unknown[bool](posture.ReasonKnownAfterApply, databasePath)
	return sets
}

// hasSensitiveBody reports whether a sensitive_body, which is never read, is sent too.
func (p *linker) hasSensitiveBody(r request) bool {
	if v := r.v.get("sensitive_body"); v.isUnknown() || v.lost() || !v.val.absent() && !v.val.null() {
		return true
	}
	if _, block := p.invocations[r.by]; !block {
		return p.config.resources[r.by.cfg].has("sensitive_body")
	}
	if p.evaluator == nil {
		return false
	}
	// An ephemeral value is null in the plan.
	written, _ := p.evaluator.ActionSets(r.by.address, "sensitive_body")
	return written
}

// targetOfRequest finds the cache that a request is sent to.
func (p *linker) targetOfRequest(r request) target {
	path, id := "resource_id", r.id
	if id.isAbsent() && r.by.typ.name != azapiAction.name {
		for _, path = range []string{"managed_redis_database_id", "redis_cache_id"} {
			if id = r.v.get(path); !id.isAbsent() {
				break
			}
		}
	}
	if !id.isUnknown() && !id.lost() {
		if id.val.str() == "" {
			return target{groups: everyCache(nil)}
		}
		return p.matchID(cacheID(id).val.str())
	}
	t := p.targetOf(r.by, id, r.by.before().get(path), path, "id")
	if _, block := p.invocations[r.by]; block && p.evaluator == nil && t.cache == nil {
		t.detail = "plan JSON does not tell what the " + path + " of an action refers to; --config would settle it"
	}
	return t
}

// namesOf names what a target is, for notes.
func (p *linker) namesOf(t target) string {
	switch {
	case t.cache != nil:
		return t.cache.in.address
	case len(t.groups) > 0:
		return "a cache that the plan does not tell"
	default:
		return "a cache outside this plan"
	}
}

// linkedTo names the databases, linked to that of its target, that a request is for too.
func (p *linker) linkedTo(r request) string {
	const path = "linked_database_ids"
	list := r.v.get(path)
	open := list.isUnknown()
	var names []string
	i := 0
	for e := range list.elems() {
		t := p.targetOf(r.by, cacheID(e), view{}, fmt.Sprintf("%s[%d]", path, i), "id")
		i++
		switch {
		case t.cache != nil:
			names = append(names, t.cache.in.address)
		case len(t.groups) > 0 || e.shown() == "":
			open = true
		default:
			names = append(names, e.shown())
		}
	}
	if open {
		names = append(names, "databases that the plan does not tell")
	}
	if len(names) == 0 {
		return ""
	}
	return ", and of the linked " + strings.Join(names, ", ")
}

// groupsWritten returns the groups of caches that a request may be sent to, and
// notes a request to a cache outside the plan.
func (p *linker) groupsWritten(r request, t target) []string {
	if t.cache == nil && (len(t.groups) == 0 || len(p.caches) == 0) {
		p.tellOutside(r)
	}
	return t.all()
}

// tellOutside notes a write to a cache that the plan does not hold. A cache that the
// plan destroys is in the plan.
func (p *linker) tellOutside(r request) {
	id := strings.ToLower(r.id.val.str())
	if cache, _, s := cutCache(id); s != nil {
		id = cache
	}
	if p.byBeforeID[strings.TrimRight(id, "/")] != nil ||
		id == "" && slices.ContainsFunc(p.trace(r.by, "resource_id"), func(l leaf) bool { return p.cacheAt[l.address] != nil }) {
		return
	}
	u := posture.Unjudged{Address: r.by.address, Type: service.Types(),
		Why: "it may write to a cache, or to what stands around one, and this plan holds none"}
	if s := serviceOfType(r.arm); s != nil {
		u.Type, u.Why = s.Type, "it writes to a cache that this plan does not hold"
		if id == "" && p.unplanned {
			u.Why = "it writes to a cache, and to which one is not known: " + p.describe(r.by, "resource_id")
		}
	}
	p.unjudged = append(p.unjudged, u)
}

// before reports whether a cache itself triggers a request by an event that comes
// before the cache gets its planned values.
func (p *linker) before(r request, c *cacheEntry, event string) bool {
	x := p.invocations[r.by]
	return c != nil && x.event == event && x.caller == c.in.address
}

// setOn files the properties that a request writes to a target.
func (p *linker) setOn(r request, t target, sets *posture.Cache) {
	switch {
	case p.before(r, t.cache, beforeCreate) && t.cache.in.created():
	case p.before(r, t.cache, beforeUpdate):
		writeAt(p.writes.early, t.cache.in.address).set(sets, r.says("this cache", t))
	default:
		for _, g := range p.groupsWritten(r, t) {
			writeAt(p.writes.caches, g).set(sets, r.says("this cache", t))
		}
	}
}

// allOn files a request that may change everything of a target.
func (p *linker) allOn(r request, t target, detail string) {
	if !p.before(r, t.cache, beforeCreate) || !t.cache.in.created() {
		p.writes.all(p.groupsWritten(r, t), detail)
	}
}

// sendToAny files a request of a type that is not known: it may be sent to any
// cache, or to anything around one.
func (p *linker) sendToAny(r request) {
	id, ok := parseID(r.id.val.str())
	_, below, s := cutCache(r.id.val.str())
	switch {
	case ok && s != nil && below == "":
		p.sendToCache(s, r)
		return
	case ok && s != nil && strings.EqualFold(below, s.Database):
		r.arm = strings.ToLower(s.DatabaseType())
		p.sendToCache(s, r)
		return
	case ok && id.kind != "" && s == nil:
		if k, companion := writtenKinds[id.kind]; companion {
			p.sendToCompanion(r, k)
		}
		return
	}
	detail := r.says("this cache, or to something around it,", target{detail: "its type is known after apply"})
	p.allOn(r, target{groups: everyCache(nil)}, detail)
	p.anyCompanions(companionWrite{r.by.address, detail, true, r.makes()})
}

// anyCompanions files a write that may be to any companion of any cache.
func (p *linker) anyCompanions(x companionWrite) {
	for k := range aroundCache {
		p.writes.to(k, x, everyCompanion)
	}
}

// makes reports whether a request can make something new.
func (r request) makes() bool { return r.method != "DELETE" }

// sendDeployment files a deployment that an action makes.
func (p *linker) sendDeployment(r request) {
	if r.method != "PUT" && r.method != "PATCH" && r.method != notKnown {
		return // an operation, or the deletion of the record of a deployment
	}
	d := deployed{by: r.by, does: "deploys a template"}
	if at := armTypes[deploymentKind]; !r.v.get("body").isUnknown() && !p.hasSensitiveBody(r) {
		d.template, d.seen = templateOf(at.at(r.v, vocabulary.Template), at.at(r.v, vocabulary.TemplateLink))
		d.complete = strings.EqualFold(at.at(r.v, vocabulary.Mode).val.str(), "Complete")
	}
	id, _ := parseID(r.id.val.str())
	d.subscription, d.group = id.subscription, id.group
	p.deploy(d)
}
