package plangen

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Options say how large a plan is.
type Options struct {
	// Caches and Managed are the numbers of caches of Azure Cache for Redis and of Azure
	// Managed Redis, each with an endpoint and a diagnostic setting.
	Caches, Managed int
	// Others is the number of other resources, three in twenty of a type that the
	// gate keeps for linking.
	Others int
	// Existing makes the plan one of a grown estate: every second cache exists
	// already, with its companions, and stands in prior_state too.
	Existing bool
}

// Write writes a plan. One cache in ten is a resource of the root module with a
// configuration of its own; the others are instances of one module call for each service, since
// nobody types ten thousand resource blocks.
func Write(w io.Writer, opts Options) error {
	g := &generator{w: bufio.NewWriterSize(w, 1<<20), opts: opts}
	g.text(`{"format_version":"1.2","terraform_version":"1.11.4","variables":{"location":{"value":"westeurope"}},`)
	g.planned(`"planned_values":`, func(r resource) bool { return true })
	g.changes()
	if opts.Existing {
		g.text(`,"prior_state":{"format_version":"1.0","terraform_version":"1.11.4",`)
		g.planned(`"values":`, func(r resource) bool { return r.exists })
		g.text(`}`)
	}
	g.configuration()
	g.text(`,"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}` + "\n")
	return g.w.Flush() // the first error of a bufio.Writer stays
}

type generator struct {
	w    *bufio.Writer
	opts Options
}

// resource is one resource instance of the plan.
type resource struct {
	*shape
	module string // address of the module instance; empty for the root
	name   string // of the resource block
	number int
	exists bool
	peer   string // address of the cache that a companion is for, within its module
}

func (g *generator) text(s string) { _, _ = g.w.WriteString(s) }

// fill writes a text of a shape for one resource.
func (g *generator) fill(text string, r resource) {
	_, _ = strings.NewReplacer("@N", fmt.Sprintf("%06d", r.number), "@PEER", r.peer).WriteString(g.w, text)
}

// plain reports whether a cache stands in the root module.
func plain(i int) bool { return i%10 == 0 }

// caches is how many there are of both services.
func (g *generator) caches() int { return g.opts.Caches + g.opts.Managed }

// cache returns the resources of one cache; those of Azure Managed Redis come last.
func (g *generator) cache(i int) []resource {
	kind := classic
	if i >= g.opts.Caches {
		kind = managed
	}
	name := fmt.Sprintf("%s%06d", kind.prefix, i)
	module := fmt.Sprintf(`module.%s["%s"]`, kind.module, name)
	if plain(i) {
		module = ""
	} else {
		name = "this"
	}
	var out []resource
	for _, s := range kind.shapes() {
		out = append(out, resource{shape: s, module: module, name: name, number: i, exists: g.opts.Existing && i%2 == 1,
			peer: kind.cache.typ + "." + name})
	}
	return out
}

// root yields the resources of the root module.
func (g *generator) root(yield func(resource)) {
	for _, s := range foundation {
		yield(resource{shape: s, name: "main"})
	}
	if g.opts.Managed > 0 {
		yield(resource{shape: managedZoneShape, name: managed.zone})
	}
	for i := range g.caches() {
		if plain(i) {
			for _, r := range g.cache(i) {
				yield(r)
			}
		}
	}
	for i := range g.opts.Others {
		yield(resource{shape: others[i%len(others)], name: fmt.Sprintf("o%06d", i), number: i})
	}
}

func (r resource) address() string {
	if r.module == "" {
		return r.typ + "." + r.name
	}
	return r.module + "." + r.typ + "." + r.name
}

// list separates the items of an array.
func (g *generator) list(each func(item func())) {
	first := true
	each(func() {
		if !first {
			g.text(",")
		}
		first = false
	})
}

func (g *generator) planned(key string, want func(resource) bool) {
	g.text(key + `{"root_module":{"resources":[`)
	g.list(func(item func()) {
		g.root(func(r resource) {
			if want(r) {
				item()
				g.value(r)
			}
		})
	})
	g.text(`],"child_modules":[`)
	g.list(func(item func()) {
		for i := range g.caches() {
			rs := g.cache(i)
			if plain(i) || !want(rs[0]) {
				continue
			}
			item()
			g.text(`{"resources":[`)
			for k, r := range rs {
				if k > 0 {
					g.text(",")
				}
				g.value(r)
			}
			g.text(`],"address":"` + quoted(rs[0].module) + `"}`)
		}
	})
	g.text(`]}}`)
}

func (g *generator) head(r resource) {
	g.text(`{"address":"` + quoted(r.address()) + `",`)
	if strings.HasPrefix(r.module, "module") {
		g.text(`"module_address":"` + quoted(r.module) + `",`)
	}
	g.text(`"mode":"managed","type":"` + r.typ + `","name":"` + r.name + `","provider_name":"registry.terraform.io/hashicorp/azurerm",`)
}

func (g *generator) value(r resource) {
	g.head(r)
	g.text(`"schema_version":1,"values":`)
	g.object(r)
	g.text(`,"sensitive_values":`)
	g.text(r.sensitive)
	g.text(`}`)
}

// object writes the object as the plan leaves it.
func (g *generator) object(r resource) {
	if r.exists {
		g.fill(r.existing, r)
		return
	}
	g.fill(r.created, r)
}

func (g *generator) changes() {
	g.text(`,"resource_changes":[`)
	g.list(func(item func()) {
		g.root(func(r resource) { item(); g.change(r) })
		for i := range g.caches() {
			if plain(i) {
				continue
			}
			for _, r := range g.cache(i) {
				item()
				g.change(r)
			}
		}
	})
	g.text(`]`)
}

func (g *generator) change(r resource) {
	g.head(r)
	if r.exists {
		g.text(`"change":{"actions":["no-op"],"before":`)
		g.object(r)
		g.text(`,"after":`)
		g.object(r)
		g.text(`,"after_unknown":{},"before_sensitive":` + r.sensitive + `,"after_sensitive":` + r.sensitive + `}}`)
		return
	}
	g.text(`"change":{"actions":["create"],"before":null,"after":`)
	g.object(r)
	g.text(`,"after_unknown":` + r.unknown + `,"before_sensitive":false,"after_sensitive":` + r.sensitive + `}}`)
}

func (g *generator) configuration() {
	g.text(`,"configuration":{"provider_config":{"azurerm":{"name":"azurerm","full_name":"registry.terraform.io/hashicorp/azurerm",` +
		`"expressions":{"features":[{}],"subscription_id":{"constant_value":"11111111-1111-1111-1111-111111111111"}}}},` +
		`"root_module":{"resources":[`)
	g.list(func(item func()) { g.root(func(r resource) { item(); g.block(r, r.config) }) })
	g.text(`],"module_calls":{`)
	g.moduleCall(classic)
	if g.opts.Managed > 0 {
		g.text(",")
		g.moduleCall(managed)
	}
	g.text(`},"variables":{"location":{"default":"westeurope"}}}}`)
}

// moduleCall writes the call of the module in which the caches of a service stand.
func (g *generator) moduleCall(kind cacheKind) {
	g.text(`"` + kind.module + `":{"source":"./` + kind.module + `","expressions":{` +
		`"workspace_id":{"references":["azurerm_log_analytics_workspace.main.id","azurerm_log_analytics_workspace.main"]},` +
		`"zone_id":{"references":["azurerm_private_dns_zone.` + kind.zone + `.id","azurerm_private_dns_zone.` + kind.zone + `"]}},` +
		`"for_each_expression":{"references":["local.` + kind.module + `s"]},"module":{"resources":[`)
	for i, s := range kind.shapes() {
		if i > 0 {
			g.text(",")
		}
		r := resource{shape: s, name: "this", number: 1, peer: kind.cache.typ + ".this"}
		g.block(r, r.inModule)
	}
	g.text(`],"variables":{"workspace_id":{},"zone_id":{}}}}`)
}

func (g *generator) block(r resource, config string) {
	g.text(`{"address":"` + r.address() + `","mode":"managed","type":"` + r.typ + `","name":"` + r.name +
		`","provider_config_key":"azurerm","expressions":`)
	g.fill(config, r)
	g.text(`,"schema_version":1}`)
}

func quoted(s string) string { return strings.ReplaceAll(s, `"`, `\"`) }
