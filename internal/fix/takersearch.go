package fix

import (
	"maps"
	"slices"
	"strings"
	"sync"

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
	secrets := sync.OnceValue(func() bool {
		return slices.ContainsFunc(modules, func(m tfconfig.Module) bool {
			for _, source := range m.Files {
				if namesSecret(source) {
					return true
				}
			}
			return false
		})
	})
	for _, m := range modules {
		s := &search{module: m, schemas: all, found: out, secrets: secrets,
			blocks: map[string]*hclsyntax.Body{}, hosts: map[string]subject{}}
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
				s.hostLocals(b)
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
	secrets func() bool                // whether a file of the configuration names a password or the like
	blocks  map[string]*hclsyntax.Body // those that stand in no other, by type and labels
	hosts   map[string]subject         // by the name of a local that has the host name of a cache
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

// reference notes a reference to a cache that takes a key, or may.
func (s *search) reference(x *hclsyntax.ScopeTraversalExpr) {
	of, steps, ok := s.subjectOf(x)
	if host, is := s.hosts[nameAt(x.Traversal, 1)]; is && x.Traversal.RootName() == "local" {
		if what := s.signing(true); what != "" {
			s.add(host, x.Range(), what)
		}
	}
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
	case isHostName(path[len(path)-1]):
		if what = s.signing(false); what == "" {
			return
		}
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

// typ is the first label of the block that is searched: the type of a resource.
func (s *search) typ() string {
	if len(s.top.Labels) == 0 {
		return ""
	}
	return s.top.Labels[0]
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

// inJSON searches a file in JSON syntax, of which only references are looked at.
func (s *search) inJSON(name string, data []byte) {
	s.top = nil
	if isAsking(string(data)) {
		s.add(subject{}, hcl.Range{Filename: name, Start: hcl.InitialPos}, "has a text that asks Azure for keys")
	}
	all := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.Pos{Byte: len(data)}}
	s.top = &hclsyntax.Block{Body: &hclsyntax.Body{SrcRange: all}}
	s.hostText(string(data), all)
	file, _ := json.Parse(data, name)
	if file == nil {
		return
	}
	attributes, _ := file.Body.JustAttributes()
	for _, a := range attributes {
		for _, t := range a.Expr.Variables() {
			s.top = &hclsyntax.Block{Type: a.Name, Body: &hclsyntax.Body{SrcRange: all}}
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
