package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Terraform applies a resource after everything that it refers to and everything
// that its depends_on names. The order is one of resources, not of instances. Plan
// JSON shows it except where locals or dynamic blocks are on the way, for which
// the configuration's source is asked.

// follows reports whether the configuration shows that a resource is applied
// after another one.
func (p *references) follows(in, on *instance) bool {
	pair := [2]string{in.cfg, on.cfg}
	if known, ok := p.order[pair]; ok {
		return known
	}
	w := orderWalk{wanted: map[string]bool{on.cfg: true}}
	w.run(p, in.cfg)
	after := len(w.met) > 0 || w.hidden && p.reaches(in, on.cfg)
	p.order[pair] = after
	return after
}

// asksOrder reports whether the changes that were read hold one whose order
// matters: follows is asked of updates of caches, and of companions that are
// updated in place.
func (r *reader) asksOrder() bool {
	for _, in := range r.instances {
		if k := in.typ.kind; k == kindAzapiUpdate || in.change == posture.ChangeUpdate && (k == kindAzapi || !in.typ.cache) {
			return true
		}
	}
	return false
}

// reaches asks the source whether an argument of a resource comes from another one.
func (p *references) reaches(in *instance, cfg string) bool {
	if p.evaluator == nil || in.cfg == cfg {
		return false
	}
	return slices.ContainsFunc(in.typ.expressions, func(argument string) bool {
		return slices.Contains(p.evaluator.Reaches(in.address, argument), cfg)
	})
}

// lastOf returns those of some resources after which none of the others is known to
// be applied, by their addresses in the configuration.
func (p *references) lastOf(list []*instance) map[string]bool {
	w := orderWalk{wanted: map[string]bool{}}
	var from []string
	for _, in := range list {
		if !w.wanted[in.cfg] {
			w.wanted[in.cfg] = true
			from = append(from, in.cfg)
		}
	}
	w.run(p, from...)
	last := map[string]bool{}
	for _, cfg := range from {
		if !w.met[cfg] {
			last[cfg] = true
		}
	}
	return last
}

// orderWalk is a search from resources for what they wait for.
type orderWalk struct {
	wanted map[string]bool // resources that are searched for
	met    map[string]bool // those that were found
	hidden bool            // the search ended at a local
	seen   map[string]bool
	queue  []wait
	most   int // most steps of the search, since inputs may be hostile
}

// wait is a reference of something in a module that waits for what it leads to.
type wait struct {
	in  *module
	ref string
	all bool // the reference is of depends_on: to a module means to everything in it
}

// run searches until everything wanted is met, or most steps are made.
func (w *orderWalk) run(p *references, from ...string) {
	w.met, w.seen = map[string]bool{}, map[string]bool{}
	w.most = traceLimit + 16*len(from)
	for _, cfg := range from {
		if rc := p.config.resources[cfg]; rc != nil {
			w.enter(rc.module, rc.address)
		}
	}
	for i := 0; i < len(w.queue) && i < w.most && len(w.met) < len(w.wanted); i++ {
		w.step(w.queue[i])
	}
}

// enter queues what a resource of a module waits for, and what the calls of that
// module wait for.
func (w *orderWalk) enter(m *module, address string) {
	w.add(m, m.waits[address])
	for ; m.call != nil && w.once(m.path, "call"); m = m.parent {
		w.add(m.parent, waits{m.call.forEach, m.call.dependsOn})
	}
}

func (w *orderWalk) add(m *module, all waits) {
	room := max(0, w.most-len(w.queue))
	for _, ref := range all.dependsOn[:min(room, len(all.dependsOn))] {
		w.queue = append(w.queue, wait{m, ref, true})
	}
	for _, ref := range all.references[:min(room, len(all.references))] {
		w.queue = append(w.queue, wait{m, ref, false})
	}
}

func (w *orderWalk) once(path, what string) bool {
	key := path + "|" + what
	if w.seen[key] {
		return false
	}
	w.seen[key] = true
	return true
}

func (w *orderWalk) step(x wait) {
	segs := parseRef(x.ref)
	if len(segs) < 2 {
		return
	}
	switch head, name := segs[0].name, segs[1].name; head {
	case "each", "count", "path", "terraform", "self":
	case "local":
		w.hidden = true
	case "var":
		if x.in.parent != nil && w.once(x.in.path, x.ref[:len("var.")]+name) {
			w.add(x.in.parent, waits{references: x.in.call.arguments[name]})
		}
	case "module":
		call := x.in.calls[name]
		switch {
		case call == nil:
		case len(segs) > 2:
			w.output(call.module, segs[2].name)
		case x.all:
			w.everything(call.module)
		case len(call.module.outputs) <= w.most:
			for _, output := range sortedKeys(call.module.outputs) {
				w.output(call.module, output)
			}
		}
	case "data":
		if len(segs) > 2 {
			w.resource(x.in, "data."+name+"."+segs[2].name)
		}
	default:
		w.resource(x.in, head+"."+name)
	}
}

func (w *orderWalk) resource(m *module, address string) {
	cfg := join(m.path, address)
	if !w.once("", cfg) {
		return
	}
	if w.wanted[cfg] {
		w.met[cfg] = true
	}
	w.enter(m, address)
}

func (w *orderWalk) output(m *module, name string) {
	if w.once(m.path, "output."+name) {
		w.add(m, waits{m.outputs[name], m.waits["output."+name].dependsOn})
	}
}

// everything visits every resource of a module and of the modules it calls.
func (w *orderWalk) everything(m *module) {
	if !w.once(m.path, "everything") {
		return
	}
	if len(w.wanted) == 1 {
		for cfg := range w.wanted {
			if strings.HasPrefix(cfg, m.path+".") {
				w.met[cfg] = true
				return
			}
		}
	}
	if len(w.seen) > w.most || len(m.waits)+len(m.calls) > w.most {
		return
	}
	for _, address := range sortedKeys(m.waits) {
		if !strings.HasPrefix(address, "output.") {
			w.resource(m, address)
		}
	}
	for _, name := range sortedKeys(m.calls) {
		w.everything(m.calls[name].module)
	}
}
