package tfplan

import (
	"cmp"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// Plan JSON lists the references of an expression, not the expression. A trace
// follows them through variables, module calls and outputs to leaves. It is sure
// only while each step has one reference and one instance.

// leaf is where a reference ends.
type leaf struct {
	opaque bool   // locals, dynamic keys, anything that plan JSON cannot follow
	none   bool   // a constant, a key, a path: no resource
	typ    string // resource type; with data set, of a data source
	data   bool
	// address is the instance address, where it is determined.
	address string
	// group is the address without the last key, exact as to the module
	// instance where that is determined, else without any key.
	group string
	// attribute is the attribute of the resource that the reference names, last the
	// name that the reference ends in, within a block of it perhaps. Both are empty
	// where plan JSON hides them.
	attribute, last string
	sure            bool
	exact           bool // the source says that it is this attribute and nothing built on it
}

// site is a place in the configuration from which references are followed.
type site struct {
	m       *module
	inst    string // address of the module instance
	known   bool   // inst is determined
	forEach []string
}

// traceLimit bounds the work for one expression: configurations may be hostile.
const traceLimit = 2000

type tracer struct {
	p      *references
	leaves []leaf
	steps  int
	wide   bool // it went through each.value or a whole module, so that leaves may be too many
}

// trace follows the references of one expression of a resource instance. Where
// the source shows that the value is computed from a reference, as in
// replace(a.id, "a", "b"), it may be anything.
func (p *references) trace(in *instance, path string) []leaf {
	leaves := p.traceAny(in, path)
	for i, l := range leaves {
		for _, address := range []string{l.address, l.group} {
			if open := p.openAt(address); open != nil {
				leaves[i].address, leaves[i].group, leaves[i].sure, leaves[i].exact = "", open.address, false, false
			}
		}
	}
	return leaves
}

func (p *references) traceAny(in *instance, path string) []leaf {
	leaves := p.traceJSON(in, path)
	if p.evaluator == nil {
		return leaves
	}
	ref := p.ask(in, path)
	if l := soleLeaf(leaves); l.address != "" && (l.attribute == "id" || l.attribute == "name") {
		if exact, ok := leafOf(ref); ok && exact.attribute != l.attribute && allowed(leaves, exact) {
			return []leaf{exact} // a path is appended to the id
		}
		if !ref.Computed && !(p.unplanned && p.composed(in, path, ref)) {
			return leaves
		}
		leaves[0].sure = false
	}
	if l, ok := leafOf(ref); ok && allowed(leaves, l) {
		return []leaf{l}
	}
	if p.composed(in, path, ref) {
		return []leaf{{opaque: true}}
	}
	return leaves
}

// composed reports whether an argument that the source does not settle is made of text.
func (p *references) composed(in *instance, path string, ref tfconfig.Reference) bool {
	return ref.Kind == tfconfig.Unresolved && p.evaluator.Composed(in.address, steps(path)...)
}

// soleLeaf returns the only leaf of a list, where it is sure; else an empty leaf.
func soleLeaf(leaves []leaf) leaf {
	if len(leaves) == 1 && leaves[0].sure {
		return leaves[0]
	}
	return leaf{}
}

// sole returns the resource to whose attribute an argument surely refers, and to
// nothing else.
func (p *references) sole(in *instance, path, attribute string) *instance {
	l := soleLeaf(p.trace(in, path))
	if l.data || l.attribute != attribute {
		return nil
	}
	return p.instances[l.address]
}

// referred returns the resource of a kind whose id an unknown argument is known to be.
func (p *references) referred(in *instance, path string, k kind) *instance {
	if got := p.sole(in, path, "id"); got != nil && got.typ.kind == k && got.after() {
		return got
	}
	return nil
}

func (p *references) traceJSON(in *instance, path string) []leaf {
	rc := p.config.resources[in.cfg]
	e, ok := rc.expression(path)
	if !ok || in.textBody && strings.HasPrefix(path, "body.") || len(e.references) == 0 {
		return []leaf{{opaque: true}}
	}
	return p.follow(site{rc.module, in.module, true, rc.forEach}, e.references)
}

func (p *references) follow(at site, refs []string) []leaf {
	t := tracer{p: p}
	t.refs(at, refs, nil, true)
	if t.steps > traceLimit {
		return []leaf{{opaque: true}}
	}
	return t.leaves
}

func (t *tracer) add(l leaf) { t.leaves = append(t.leaves, l) }

func (t *tracer) refs(at site, refs []string, rest []seg, sure bool) {
	refs = maximal(refs)
	if len(refs) == 0 {
		t.add(leaf{opaque: true})
		return
	}
	for _, ref := range refs {
		if t.steps++; t.steps > traceLimit {
			return
		}
		segs := append(parseRef(ref), rest...)
		t.step(at, segs, sure && len(refs) == 1)
	}
}

func (t *tracer) step(at site, segs []seg, sure bool) {
	switch head := segs[0].name; {
	case head == "var" && len(segs) > 1:
		t.variable(at, segs, sure)
	case head == "module" && len(segs) > 1:
		t.output(at, segs, sure)
	case head == "each" && len(segs) > 1 && segs[1].name == "value":
		if len(at.forEach) == 0 {
			t.add(leaf{opaque: true})
			return
		}
		t.wide = true
		t.refs(at, at.forEach, nil, false)
	case head == "each", head == "count", head == "path", head == "terraform":
		t.add(leaf{none: true})
	case head == "data" && len(segs) > 2:
		l := t.resource(at, segs[1:], sure)
		l.data, l.address, l.group = true, "", ""
		t.add(l)
	case len(segs) > 1 && strings.Contains(head, "_"):
		t.add(t.resource(at, segs, sure))
	default: // local, self, and whatever comes
		t.add(leaf{opaque: true})
	}
}

func (t *tracer) variable(at site, segs []seg, sure bool) {
	if at.m.parent == nil {
		// A root variable is known while planning, and so is not what is known after
		// apply; but an expression may choose between both.
		maybe := t.p.cacheVariables[segs[1].name] || t.p.valueless(segs[1].name)
		t.add(leaf{none: !maybe, opaque: maybe})
		return
	}
	call := at.m.call
	refs := call.arguments[segs[1].name]
	if len(refs) == 0 {
		maybe := call.cacheConstants[segs[1].name]
		t.add(leaf{none: !maybe, opaque: maybe}) // a constant or the default
		return
	}
	up := site{m: at.m.parent, forEach: call.forEach, known: at.known || at.m.parent.parent == nil}
	if at.known {
		parts := parseRef(at.inst)
		up.inst = renderRef(parts[:max(0, len(parts)-2)])
	}
	t.refs(up, refs, tail(segs, 1), sure)
}

// valueless reports whether a root variable may hold the id of a cache because it has no
// value: there is no plan, and the configuration names none.
func (p *references) valueless(name string) bool {
	_, has := p.rootVariables[name]
	return p.unplanned && !has && p.evaluator != nil && p.evaluator.MayHoldText(name)
}

// tail returns what a reference has after the name of one of its segments.
func tail(segs []seg, i int) []seg {
	if key := segs[i].key; key != "" {
		return append([]seg{{key: key}}, segs[i+1:]...)
	}
	return segs[i+1:]
}

func (t *tracer) output(at site, segs []seg, sure bool) {
	call := at.m.calls[segs[1].name]
	if call == nil {
		t.add(leaf{opaque: true})
		return
	}
	down := site{m: call.module, known: at.known && (segs[1].key != "" || !call.repeated)}
	down.inst = join(at.inst, "module."+segs[1].name+segs[1].key)
	if len(segs) < 3 {
		// The key of the module instance hides which output is meant.
		t.wide = true
		for _, name := range sortedKeys(call.module.outputs) {
			t.refs(site{m: call.module}, call.module.outputs[name], nil, false)
		}
		if len(call.module.outputs) == 0 {
			t.add(leaf{opaque: true})
		}
		return
	}
	refs, ok := call.module.outputs[segs[2].name]
	if ok && len(refs) == 0 {
		t.add(leaf{none: true})
		return
	}
	t.refs(down, refs, tail(segs, 2), sure && down.known)
}

func (t *tracer) resource(at site, segs []seg, sure bool) leaf {
	l := leaf{typ: segs[0].name, sure: sure && at.known}
	plain := segs[0].name + "." + segs[1].name
	l.group = join(at.m.path, plain)
	if at.known {
		l.group = join(at.inst, plain)
		l.address = l.group + segs[1].key
	}
	for _, s := range segs[2:] {
		if s.name != "" {
			l.attribute, l.last = cmp.Or(l.attribute, s.name), s.name
		}
	}
	rt := resourceTypes[l.typ]
	if rt == nil || segs[1].key != "" || l.address == "" {
		return l
	}
	// Without a key the reference means one instance only if there is one.
	rc := t.p.config.resources[join(at.m.path, plain)]
	if t.p.instances[l.address] == nil || (rc != nil && rc.repeated) {
		l.address, l.sure = "", false
	}
	return l
}

func join(module, rest string) string {
	if module == "" {
		return rest
	}
	return module + "." + rest
}

// carriers are types of azurerm with an attribute that may be the id of a cache, or
// the beginning of one: a reference to them says nothing about the target.
var carriers = map[string]bool{
	"azurerm_resource_group": true, "azurerm_subscription": true, "azurerm_client_config": true, "azurerm_resources": true,
	"azurerm_private_endpoint": true, "azurerm_private_endpoint_connection": true, "azurerm_monitor_diagnostic_setting": true,
	"azurerm_role_assignment": true, "azurerm_management_lock": true, "azurerm_monitor_metric_alert": true,
	"azurerm_monitor_activity_log_alert":         true,
	"azurerm_resource_group_template_deployment": true, "azurerm_subscription_template_deployment": true, "azurerm_key_vault_secret": true,
	"azurerm_app_configuration_key": true, "azurerm_resource_policy_assignment": true, "azurerm_resource_policy_exemption": true,
	"azurerm_backup_container_storage_account":    true,
	"azurerm_subscription_cost_management_export": true, "azurerm_eventgrid_system_topic": true,
}

// ofCache reports whether a resource type of azurerm makes a cache, or something
// within one.
func ofCache(typ string) bool {
	within, _ := service.WithinAzurerm(typ)
	return within != nil || service.OfAzurerm(typ) != nil
}

// carries reports whether a type is a carrier, as the types of caches are and those
// of what lies within them.
func carries(typ string) bool { return carriers[typ] || ofCache(typ) }

// prefixes are types whose id is the beginning of the id of a cache.
var prefixes = map[string]bool{
	"azurerm_resource_group": true, "azurerm_subscription": true, "azurerm_client_config": true, "azurerm_resources": true,
}

// keyless reports whether a leaf may mean any instance of its group. Of types that do not
// count the instances are not kept, so that their address may lack a key.
func (l leaf) keyless() bool {
	return l.address == "" || l.address == l.group && resourceTypes[l.typ] == nil
}

// mayBeCache reports whether a leaf may be the id of a cache.
func (l leaf) mayBeCache() bool {
	switch {
	case l.none:
		return false
	case l.opaque, !strings.HasPrefix(l.typ, "azurerm_"):
		return true
	case l.attribute == "id", strings.HasPrefix(l.attribute, "id/"):
		_, within := service.WithinAzurerm(l.typ)
		return prefixes[l.typ] || service.OfAzurerm(l.typ) != nil || within.Segment == service.Databases
	case l.attribute == "":
		return carries(l.typ)
	default:
		return true
	}
}
