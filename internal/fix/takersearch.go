package fix

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// findTakers searches the files of modules.
func findTakers(modules []tfconfig.Module) *takers {
	out := &takers{of: map[string][]taker{}}
	all := schemas()
	for _, m := range modules {
		s := &search{module: m, schemas: all, found: out, blocks: map[string]*hclsyntax.Body{}}
		var bodies []*hclsyntax.Body
		for _, name := range slices.Sorted(maps.Keys(m.Files)) {
			if strings.HasSuffix(name, ".json") {
				s.inJSON(name, m.Files[name])
				continue
			}
			file, _ := hclsyntax.ParseConfig(m.Files[name], name, hcl.InitialPos) // the file was parsed before
			if body, ok := file.Body.(*hclsyntax.Body); ok {
				bodies = append(bodies, body)
			}
		}
		for _, body := range bodies {
			for _, b := range body.Blocks {
				s.blocks[b.Type+"."+strings.Join(b.Labels, ".")] = b.Body
			}
		}
		for _, body := range bodies {
			for _, b := range body.Blocks {
				s.top = b
				s.asksForKeys(b)
				_ = hclsyntax.Walk(b.Body, s)
			}
		}
	}
	return out
}

// search is the search in one module.
type search struct {
	module  tfconfig.Module
	schemas map[string]*providerschema.Resource
	found   *takers
	blocks  map[string]*hclsyntax.Body // those that stand in no other, by type and labels
	top     *hclsyntax.Block           // the one that is searched
	stack   []hclsyntax.Node           // from its body down to the node that is looked at
}

// Enter is the part of [hclsyntax.Walker] that looks at a node.
func (s *search) Enter(n hclsyntax.Node) hcl.Diagnostics {
	s.stack = append(s.stack, n)
	switch x := n.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		s.reference(x)
	case *hclsyntax.TemplateExpr:
		s.text(x)
	}
	return nil
}

// Exit is the part of [hclsyntax.Walker] that leaves a node.
func (s *search) Exit(hclsyntax.Node) hcl.Diagnostics {
	s.stack = s.stack[:len(s.stack)-1]
	return nil
}

// subject is what a reference leads to: the type of the resource or data source, and its
// key in takers.of; empty for a data source, which may read any cache.
type subject struct{ typ, key, name string }

// reference notes a reference to a cache that takes a key, or may.
func (s *search) reference(x *hclsyntax.ScopeTraversalExpr) {
	of, steps, ok := s.subjectOf(x)
	if !ok {
		return
	}
	path, whole := s.follow(x, steps)
	what := ""
	switch {
	case len(path) == 0:
		if s.isNoValue(whole) {
			return
		}
		what = "takes the whole cache, its keys too"
	case !isNoKey(&s.schemas[of.typ].Block, path):
		what = "takes " + strings.Join(slices.DeleteFunc(path, func(name string) bool { return name == "" }), ".") +
			" of the cache, which is or may hold a key"
	case identifies(path) && s.unseen() != "":
		what = "gets the " + path[len(path)-1] + " of the cache, with which " + s.unseen() + " may ask for its keys"
	default:
		return
	}
	s.add(of, x.Range(), what)
}

func (s *search) add(of subject, at hcl.Range, what string) {
	t := taker{tfconfig.Position{File: at.Filename, Line: at.Start.Line}, s.who(), what, of.name}
	if of.key == "" {
		s.found.any = append(s.found.any, t)
		return
	}
	key := s.inModule(of.key)
	s.found.of[key] = append(s.found.of[key], t)
}

func (s *search) inModule(name string) string {
	return strings.TrimPrefix(s.module.Address+"."+name, ".")
}

// who names the block that is searched.
func (s *search) who() string {
	if s.top == nil {
		return "the file"
	}
	names := s.top.Labels
	if s.top.Type != "resource" {
		names = slices.Concat([]string{s.top.Type}, names)
	}
	return s.inModule(strings.Join(names, "."))
}

// subjectOf is the cache, or the data source, to which a reference leads, and the attributes
// that the reference names of it, behind a key in brackets.
func (s *search) subjectOf(x *hclsyntax.ScopeTraversalExpr) (of subject, steps hcl.Traversal, ok bool) {
	t := x.Traversal
	switch root := t.RootName(); {
	case slices.Contains(cacheTypes, root) && nameAt(t, 1) != "":
		return subject{typ: root, key: root + "." + nameAt(t, 1)}, t[2:], true
	case root == "data" && s.mayRead(nameAt(t, 1), nameAt(t, 2)):
		return subject{typ: nameAt(t, 1), name: s.readName(nameAt(t, 1), nameAt(t, 2))}, t[3:], true
	case root == "self" && s.top.Type == "resource" && slices.Contains(cacheTypes, s.top.Labels[0]):
		return subject{typ: s.top.Labels[0], key: strings.Join(s.top.Labels, ".")}, t[1:], true
	case root == "each" && nameAt(t, 1) == "value":
		if a := s.top.Body.Attributes["for_each"]; a != nil {
			of, ok = s.instances(a.Expr)
			return of, t[2:], ok
		}
	default:
		for _, n := range slices.Backward(s.stack) {
			loop, is := n.(*hclsyntax.ForExpr)
			if is && loop.ValVar == root && !within(loop.CollExpr, x) {
				of, ok = s.instances(loop.CollExpr)
				return of, t[1:], ok
			}
		}
	}
	return subject{}, nil, false
}

// instances is the cache whose instances an expression lists: one with for_each, or with
// count, as a whole.
func (s *search) instances(expr hclsyntax.Expression) (of subject, ok bool) {
	x, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(x.Traversal) != 2 || !slices.Contains(cacheTypes, x.Traversal.RootName()) {
		return subject{}, false
	}
	of = subject{typ: x.Traversal.RootName(), key: x.Traversal.RootName() + "." + nameAt(x.Traversal, 1)}
	body := s.blocks["resource."+of.key]
	return of, body != nil && (body.Attributes["for_each"] != nil || body.Attributes["count"] != nil)
}

func within(outer, inner hclsyntax.Node) bool {
	return outer.Range().Overlaps(inner.Range())
}

// nameAt is the name of an attribute that a traversal has at a step; empty for another step.
func nameAt(t hcl.Traversal, step int) string {
	if step < len(t) {
		if a, ok := t[step].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

// mayRead reports whether a data source may read a cache.
func (s *search) mayRead(typ, name string) bool {
	if _, reads := readerTypes[typ]; !reads || name == "" {
		return false
	}
	body := s.blocks["data."+typ+"."+name]
	return typ != "azapi_resource" || body == nil || mayBeOfCache(body)
}

// readName is the name of the only cache that a data source reads, where it is written out.
func (s *search) readName(typ, name string) string {
	if body := s.blocks["data."+typ+"."+name]; body != nil && readerTypes[typ] != "" {
		text, _ := literalOf(body, readerTypes[typ])
		return text
	}
	return ""
}

// mayBeOfCache reports whether the argument type of a block of azapi may be that of a cache,
// or of what is in one.
func mayBeOfCache(body *hclsyntax.Body) bool {
	text, ok := literalOf(body, "type")
	return !ok || strings.HasPrefix(strings.ToLower(text), "microsoft.cache/redis")
}

// literalOf is an argument that is written as text.
func literalOf(body *hclsyntax.Body, name string) (text string, ok bool) {
	if a := body.Attributes[name]; a != nil {
		v, diags := a.Expr.Value(nil)
		if !diags.HasErrors() && v.Type().FriendlyName() == "string" && v.IsKnown() && !v.IsNull() {
			return v.AsString(), true
		}
	}
	return "", false
}

// follow adds what stands around a reference to the attributes that it names: a[key].b,
// a[*].b. An empty name stands for a number or a key; the first of a resource says which of
// its instances is meant. whole is the expression that has them.
func (s *search) follow(x *hclsyntax.ScopeTraversalExpr, steps hcl.Traversal) (path []string, whole hclsyntax.Node) {
	path, whole = names(steps), x
	for i := len(s.stack) - 2; i >= 0; i-- {
		switch parent := s.stack[i].(type) {
		case *hclsyntax.ParenthesesExpr:
		case *hclsyntax.IndexExpr:
			if parent.Collection != whole {
				return instance(path), whole
			}
			path = append(path, "")
		case *hclsyntax.RelativeTraversalExpr:
			path = append(path, names(parent.Traversal)...)
		case *hclsyntax.SplatExpr:
			if parent.Source != whole {
				return instance(path), whole
			}
			path = append(append(path, ""), ofElement(parent.Each)...)
		default:
			return instance(path), whole
		}
		whole = s.stack[i]
	}
	return instance(path), whole
}

// instance is a path without the key of an instance.
func instance(path []string) []string {
	if len(path) > 0 && path[0] == "" {
		return path[1:]
	}
	return path
}

// ofElement are the attributes that a splat expression takes of each element.
func ofElement(expr hclsyntax.Expression) []string {
	switch x := expr.(type) {
	case *hclsyntax.RelativeTraversalExpr:
		return append(ofElement(x.Source), names(x.Traversal)...)
	case *hclsyntax.IndexExpr:
		return append(ofElement(x.Collection), "")
	default:
		return nil
	}
}

// names are the names of the attributes of a traversal, empty for a number or a key.
func names(t hcl.Traversal) (out []string) {
	for i := range t {
		out = append(out, nameAt(t, i))
	}
	return out
}

// isNoValue reports whether a whole object stands where it is no value, or where only its
// instances are counted, or taken one by one: there each of them is looked at.
func (s *search) isNoValue(whole hclsyntax.Node) bool {
	if slices.Contains([]string{"import", "moved", "removed"}, s.top.Type) {
		return true
	}
	i := slices.Index(s.stack, whole)
	for _, n := range s.stack[:i] {
		if a, ok := n.(*hclsyntax.Attribute); ok && slices.Contains([]string{"depends_on", "replace_triggered_by"}, a.Name) {
			return true
		}
	}
	switch parent := s.stack[i-1].(type) {
	case *hclsyntax.FunctionCallExpr:
		return slices.Contains([]string{"keys", "length"}, parent.Name)
	case *hclsyntax.ForExpr:
		x, ok := whole.(hclsyntax.Expression)
		_, listed := s.instances(x)
		return ok && listed && parent.CollExpr == whole
	case *hclsyntax.Attribute:
		_, listed := s.instances(parent.Expr)
		return listed && s.top.Body.Attributes["for_each"] == parent
	default:
		return false
	}
}

// Types of resources that run something with what they get, or look up the keys of what is
// named to them.
var (
	unseenTypes = regexp.MustCompile(`^azurerm_\w*(template_deployment|deployment_script\w*)$|^external$`)
	connections = regexp.MustCompile(`^azurerm_\w+_connection$`)
	unseenAzapi = regexp.MustCompile(`(?i)^microsoft\.(resources/deployment|servicelinker/)`)
)

// unseen is what gets the value of the expression that is looked at and does with it what
// the configuration does not show; empty for nothing of that kind.
func (s *search) unseen() string {
	for _, n := range s.stack {
		if f, ok := n.(*hclsyntax.FunctionCallExpr); ok && strings.HasPrefix(f.Name, "template") {
			return "the template"
		}
	}
	if slices.ContainsFunc(s.top.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "provisioner" }) {
		return "a provisioner"
	}
	if len(s.top.Labels) == 0 {
		return ""
	}
	typ := s.top.Labels[0]
	switch {
	case s.top.Type == "module" && s.module.Absent[typ]:
		return "the module, which is not there,"
	case unseenTypes.MatchString(typ):
		return "it"
	case connections.MatchString(typ):
		return "the connection"
	case typ == "azapi_resource":
		if text, ok := literalOf(s.top.Body, "type"); ok && unseenAzapi.MatchString(text) {
			return "it"
		}
	}
	return ""
}

// asking is a text that asks Azure for keys: an action of Azure Resource Manager, a command
// of the Azure CLI or of PowerShell. foreign is one about another service.
var (
	asking  = regexp.MustCompile(`(?i)\b(list|regenerate)-?keys?\b|-AzRedis(Enterprise)?CacheKey`)
	foreign = regexp.MustCompile(`(?i)microsoft\.\w+/`)
)

// text notes a text that asks for keys.
func (s *search) text(x *hclsyntax.TemplateExpr) {
	var text strings.Builder
	for _, part := range x.Parts {
		if l, ok := part.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type().FriendlyName() == "string" {
			text.WriteString(l.Val.AsString())
		}
	}
	if !isAsking(text.String()) || len(s.top.Labels) > 0 && s.top.Labels[0] == "azapi_resource_action" {
		return
	}
	s.add(subject{}, x.Range(), "has a text that asks Azure for keys")
}

func isAsking(text string) bool {
	others := foreign.FindAllString(text, -1)
	return asking.MatchString(text) && (len(others) == 0 || slices.ContainsFunc(others, func(name string) bool {
		return strings.EqualFold(name, "microsoft.cache/")
	}))
}

// asksForKeys notes a block that asks Azure for the keys of a cache.
func (s *search) asksForKeys(b *hclsyntax.Block) {
	if len(b.Labels) == 0 {
		return
	}
	body := b.Body
	for _, inner := range body.Blocks {
		if b.Type == "action" && inner.Type == "config" {
			body = inner.Body
		}
	}
	switch b.Labels[0] {
	case "redisbaseline_access_keys":
	case "azapi_resource_action":
		action, ok := literalOf(body, "action")
		if !mayBeOfCache(body) || body.Attributes["action"] == nil || ok && !asking.MatchString(action) {
			return
		}
	default:
		return
	}
	of := []subject{}
	if a := body.Attributes["resource_id"]; a != nil {
		for _, t := range a.Expr.Variables() {
			if slices.Contains(cacheTypes, t.RootName()) {
				of = append(of, subject{key: t.RootName() + "." + nameAt(t, 1)})
			}
		}
	}
	if len(of) == 0 {
		of = append(of, subject{})
	}
	for _, one := range of {
		s.add(one, b.DefRange(), "asks Azure for the keys of a cache")
	}
}

// inJSON searches a file in JSON syntax, of which only references are looked at.
func (s *search) inJSON(name string, data []byte) {
	s.top = nil
	if isAsking(string(data)) {
		s.add(subject{}, hcl.Range{Filename: name, Start: hcl.InitialPos}, "has a text that asks Azure for keys")
	}
	file, _ := json.Parse(data, name)
	if file == nil {
		return
	}
	attributes, _ := file.Body.JustAttributes()
	for _, a := range attributes {
		for _, t := range a.Expr.Variables() {
			s.top = &hclsyntax.Block{Type: a.Name, Body: &hclsyntax.Body{}}
			s.stack = nil
			if t.RootName() == "self" {
				s.add(subject{}, t.SourceRange(), "refers to itself, perhaps to a key of the cache")
				continue
			}
			s.stack = []hclsyntax.Node{s.top.Body, &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: t.SourceRange()}}
			if x, ok := s.stack[1].(*hclsyntax.ScopeTraversalExpr); ok {
				s.reference(x)
			}
		}
	}
}
