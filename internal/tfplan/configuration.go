package tfplan

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// configuration is the configuration as plan JSON has it: references, no values.
type configuration struct {
	registries registries
	root       *module
	resources  map[string]*resourceConfig // by address without instance keys
	providers  map[string]provider
	names      map[string]string // interned
	// unordered says that the order in which resources are applied is not asked for,
	// so that references of resources that do not count need not be kept.
	unordered bool
	migration bool // see Options
	// ofProviders are the references of provider configurations, until [noteProviders]; kept
	// for a migration only.
	ofProviders []ofProvider
}

// provider is one provider configuration, as far as it names the subscription.
type provider struct {
	subscription string
	variable     string
	repeated     bool // it has for_each (OpenTofu)
}

// module is one module of the configuration, however many instances it has.
type module struct {
	path    string // without instance keys; empty for the root
	parent  *module
	call    *call
	calls   map[string]*call
	outputs map[string][]string
	// waits are what its resources and outputs wait for, by address within it.
	waits map[string]waits
	// keyed are references to keys and to module outputs.
	keyReferences []keyReference
	// mentions are references that may lead to any attribute of a cache; kept for a
	// migration only.
	mentions []mention
}

// waits are the references of what a resource or output is applied after.
type waits struct{ references, dependsOn []string }

// call is a module call with the references of its arguments.
type call struct {
	name      string
	arguments map[string][]string
	// cacheConstants are arguments that are a constant with the id of a cache.
	cacheConstants map[string]bool
	repeated       bool
	none           bool // count is written as 0
	forEach        []string
	dependsOn      []string
	module         *module
}

// resourceConfig is a resource as the configuration writes it.
type resourceConfig struct {
	typ         *resourceType
	module      *module
	address     string // within its module
	provider    string
	repeated    bool // has count or for_each
	action      bool // is an action block
	data        bool // is a data source
	none        bool // count is written as 0
	forEach     []string
	expressions []expression
}

// expression is an argument by its path; constants have no references.
type expression struct {
	path       string
	references []string
	constant   string // only where it is an ARM id, or the type, method or action of an azapi resource
	null       bool
}

func (r *resourceConfig) expression(path string) (expression, bool) {
	if r == nil {
		return expression{}, false
	}
	for _, e := range r.expressions {
		if e.path == path {
			return e, true
		}
	}
	if strings.HasPrefix(path, "body.") {
		// The body of azapi is one expression.
		return r.expression("body")
	}
	return expression{}, false
}

// has reports whether anything stands at path or below.
func (r *resourceConfig) has(path string) bool {
	return r != nil && slices.ContainsFunc(r.expressions, func(e expression) bool {
		return (e.path == path || strings.HasPrefix(e.path, path+".") || strings.HasPrefix(e.path, path+"[")) && !e.null
	})
}

// makesCache reports whether the resource is one that makes a cache; an azapi_resource
// whose type is not written as a constant is not known to.
func (r *resourceConfig) makesCache() bool {
	e, _ := r.expression("type")
	arm, _, _ := strings.Cut(strings.ToLower(e.constant), "@")
	return r.typ.kind == kindCache || r.typ.kind == kindAzapi && cacheTypes[arm] != nil
}

func newConfiguration() *configuration {
	return &configuration{resources: map[string]*resourceConfig{}, providers: map[string]provider{}, names: map[string]string{}}
}

func (c *configuration) share(s string) string {
	if have, ok := c.names[s]; ok {
		return have
	}
	s = strings.Clone(s)
	c.names[s] = s
	return s
}

func (c *configuration) read(dec *jsontext.Decoder) error {
	return members(dec, func(name string) error {
		switch name {
		case "provider_config":
			return members(dec, func(key string) error { return c.readProvider(dec, key) })
		case "root_module":
			if c.root != nil {
				return errDuplicate
			}
			c.root = newModule("", nil)
			return c.readModule(dec, c.root)
		default:
			return dec.SkipValue()
		}
	})
}

func newModule(path string, parent *module) *module {
	return &module{path: path, parent: parent, calls: map[string]*call{}, outputs: map[string][]string{}, waits: map[string]waits{}}
}

// at is the module at a path within m; nil where there is none.
func (m *module) at(path string) *module {
	for m != nil && path != "" {
		var name string
		name, path, _ = strings.Cut(strings.TrimPrefix(path, "module."), ".")
		k := m.calls[name]
		if k == nil {
			return nil
		}
		m = k.module
	}
	return m
}

func (c *configuration) readProvider(dec *jsontext.Decoder, key string) error {
	return members(dec, func(name string) error {
		switch name {
		case "full_name":
			var full string
			err := readString(dec, &full)
			c.registries.add(full)
			return err
		case "expressions":
			return members(dec, func(name string) error {
				if name != "subscription_id" {
					return c.readProviderArgument(dec, key, name)
				}
				return c.readExpression(dec, "", true, func(e expression) { c.providers[key] = newProvider(key, e) })
			})
		default:
			return dec.SkipValue()
		}
	})
}

// newProvider returns a provider configuration, given its key and its subscription.
func newProvider(key string, subscription expression) provider {
	p, refs := provider{subscription: subscription.constant}, subscription.references
	p.repeated = slices.ContainsFunc(refs, func(r string) bool { return strings.HasPrefix(r, "each.") })
	if len(refs) == 1 && !strings.Contains(key, ":") { // a key with a colon is that of a module, which has variables of its own
		p.variable = strings.TrimPrefix(refs[0], "var.")
	}
	return p
}

func (c *configuration) readModule(dec *jsontext.Decoder, m *module) error {
	return members(dec, func(name string) error {
		switch name {
		case "resources":
			return items(dec, func() error { return c.readResource(dec, m, false) })
		case "actions":
			return items(dec, func() error { return c.readResource(dec, m, true) })
		case "module_calls":
			return members(dec, func(name string) error { return c.readCall(dec, m, name) })
		case "outputs":
			return members(dec, func(name string) error {
				return members(dec, func(part string) error {
					switch part {
					case "depends_on":
						list, err := readStrings(dec)
						m.waits["output."+name] = waits{dependsOn: list}
						return err
					case "expression":
						return c.readExpression(dec, "", false, func(e expression) {
							m.outputs[name] = append(m.outputs[name], e.references...)
							c.noteKeys(m, "output."+name, e.references)
							c.noteMention(m, "output."+name, "value", e.references)
						})
					default:
						return dec.SkipValue()
					}
				})
			})
		default:
			return dec.SkipValue()
		}
	})
}

func (c *configuration) readCall(dec *jsontext.Decoder, m *module, name string) error {
	k := &call{name: name, arguments: map[string][]string{}, cacheConstants: map[string]bool{},
		module: newModule(join(m.path, "module."+name), m)}
	k.module.call = k
	m.calls[name] = k
	return members(dec, func(part string) (err error) {
		switch part {
		case "module":
			return c.readModule(dec, k.module)
		case "for_each_expression", "count_expression":
			k.repeated = true
			k.none, k.forEach, err = c.readRepetition(dec)
			return err
		case "depends_on":
			k.dependsOn, err = readStrings(dec)
			return err
		case "expressions":
			return members(dec, func(name string) error {
				return c.readExpression(dec, "", true, func(e expression) {
					if mentionsCache(e.constant) {
						k.cacheConstants[name] = true
					}
					k.arguments[name] = append(k.arguments[name], e.references...)
					c.noteKeys(m, "module."+k.name, e.references)
				})
			})
		default:
			return dec.SkipValue()
		}
	})
}

// readResource reads a resource, or an action, which has no state that could
// hold a key.
func (c *configuration) readResource(dec *jsontext.Decoder, m *module, action bool) error {
	r := &resourceConfig{module: m, action: action}
	var mode, typ string
	var kept []expression
	var w waits
	mentions := func(refs []string) {
		if c.unordered {
			return
		}
		for _, ref := range refs {
			w.references = append(w.references, c.share(ref))
		}
	}
	err := members(dec, func(part string) (err error) {
		switch part {
		case "address":
			return readString(dec, &r.address)
		case "mode":
			return readString(dec, &mode)
		case "type":
			err := readString(dec, &typ)
			typ = c.share(typ)
			return err
		case "provider_config_key":
			err := readString(dec, &r.provider)
			r.provider = c.share(r.provider)
			return err
		case "for_each_expression", "count_expression":
			r.repeated = true
			r.none, r.forEach, err = c.readRepetition(dec)
			mentions(r.forEach)
			c.noteMention(m, r.address, strings.TrimSuffix(part, "_expression"), r.forEach)
			return err
		case "depends_on":
			w.dependsOn, err = readStrings(dec)
			c.noteMention(m, r.address, "depends_on", w.dependsOn)
			return err
		case "expressions":
			if t := typeNamed(typ, c.migration); t != nil && t.expressions == nil {
				return c.readExpression(dec, "", false, func(e expression) {
					mentions(e.references)
					c.noteKeys(m, r.address, e.references)
					c.noteMention(m, r.address, e.path, e.references)
				})
			}
			return members(dec, func(name string) error {
				t := typeNamed(typ, c.migration)
				wanted := typ == "" || t != nil && (slices.Contains(t.expressions, name) ||
					c.migration && slices.Contains(t.migrationExpressions, name))
				writeOnly := strings.HasSuffix(name, "_wo") // never in state
				if wanted || c.migration {
					name = c.share(name)
				} else {
					name = ""
				}
				return c.readExpression(dec, name, wanted, func(e expression) {
					if wanted {
						kept = append(kept, e)
					}
					mentions(e.references)
					c.noteMention(m, r.address, e.path, e.references)
					if !writeOnly && !action {
						c.noteKeys(m, r.address, e.references)
					}
				})
			})
		default:
			return dec.SkipValue()
		}
	})
	if err == nil && len(w.references)+len(w.dependsOn) > 0 {
		m.waits[r.address] = w
	}
	r.data = mode == "data" && typ == azapiAction.name // of which keys are asked for
	if err != nil || mode != "managed" && !r.data {
		return err
	}
	r.typ = typeNamed(typ, c.migration)
	if r.typ == nil {
		return nil
	}
	r.expressions = kept
	c.resources[join(m.path, r.address)] = r
	return nil
}

// readRepetition reads count or for_each: whether it is written as 0, and what
// it refers to.
func (c *configuration) readRepetition(dec *jsontext.Decoder) (none bool, refs []string, err error) {
	err = members(dec, func(name string) error {
		if name == "references" {
			list, err := readStrings(dec)
			refs = maximal(list)
			return err
		}
		raw, err := dec.ReadValue()
		none = none || name == "constant_value" && string(raw) == "0"
		return err
	})
	return none, refs, err
}

// readExpression walks an argument or a block and reports each expression in it.
// Values are never decoded, except an ARM id that is written as a constant, where
// it is wanted.
func (c *configuration) readExpression(dec *jsontext.Decoder, path string, wanted bool, found func(expression)) error {
	switch dec.PeekKind() {
	case '[':
		i := -1
		return items(dec, func() error {
			i++
			sub := path
			if wanted || c.migration {
				sub = c.share(path + "[" + itoa(i) + "]")
			}
			return c.readExpression(dec, sub, wanted, found)
		})
	case '{':
		empty := true
		err := members(dec, func(name string) error {
			empty = false
			switch kind := dec.PeekKind(); {
			case name == "references" && kind == '[':
				refs, err := readStrings(dec)
				if err == nil {
					refs = maximal(refs)
					found(expression{path: path, references: refs})
				}
				return err
			case name == "constant_value":
				if !wanted || (kind != '"' && kind != 'n') {
					if wanted {
						found(expression{path: path})
					}
					return dec.SkipValue()
				}
				raw, err := dec.ReadValue()
				e := expression{path: path, null: kind == 'n'}
				if id := strings.Trim(string(raw), `"`); isGUID(id) || strings.HasPrefix(strings.ToLower(id), "/subscriptions/") ||
					slices.Contains([]string{"type", "method", "action"}, path) {
					e.constant = id
				}
				found(e)
				return err
			default:
				sub := ""
				if wanted || c.migration {
					sub = name
					if path != "" {
						sub = path + "." + name
					}
					sub = c.share(sub)
				}
				return c.readExpression(dec, sub, wanted, found)
			}
		})
		if empty && wanted && err == nil {
			found(expression{path: path}) // a constant that goes through a function, or an empty block
		}
		return err
	default:
		return dec.SkipValue()
	}
}

func readStrings(dec *jsontext.Decoder) ([]string, error) {
	var out []string
	err := items(dec, func() error {
		var s string
		if err := readString(dec, &s); err != nil {
			return err
		}
		if s != "" {
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

func items(dec *jsontext.Decoder, item func() error) error {
	if dec.PeekKind() != '[' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		if err := item(); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}
