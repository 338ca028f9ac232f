package tfconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// Refused is an argument, or a nested block, that a resource type does not have, or a
// resource type that the version of its provider lacks.
type Refused struct {
	typ      string // of the resource
	argument string // with the blocks around it; empty for a resource type
	partial  bool   // the version may have it all the same
	most     int64  // of a nested block of which there are more; 0 for another one
	at       hcl.Range
}

// String says why it does not count.
func (r Refused) String() string {
	switch {
	case r.argument == "":
		return "this version of its provider has no resource type " + r.typ + ": Terraform refuses it"
	case r.most > 0:
		return fmt.Sprintf("%s takes %d of the block %s, and there are more: Terraform refuses that, and what they say is not known",
			r.typ, r.most, r.argument)
	case r.partial:
		return r.typ + " has no argument " + r.argument + " in the versions of its provider that are known here: it does not count"
	default:
		return r.typ + " has no argument " + r.argument + " in this version of its provider: Terraform refuses it, and it does not count"
	}
}

// Refused lists the arguments that the schemas of their resource types do not have, and
// the types that are refused as a whole, in the order of modules and names. JSON syntax is left out, which has comments and the like
// among its properties, and so are types without a schema.
func (c *Configuration) Refused(types map[string]*providerschema.Resource) (out []Refused) {
	c.eachSource(func(m *moduleSource) {
		for _, key := range slices.Sorted(maps.Keys(m.resources)) {
			decl := m.resources[key]
			schema := types[decl.typ]
			if schema == nil || len(schema.Attributes) == 0 || key != decl.typ+"."+decl.label {
				continue
			}
			if schema.Refused {
				out = append(out, Refused{typ: decl.typ, at: decl.rng})
				continue
			}
			refuse(decl.bodies, &schema.Block, append(metaArguments[:len(metaArguments):len(metaArguments)], "timeouts"),
				func(argument string, most int64, at hcl.Range) {
					out = append(out, Refused{typ: decl.typ, argument: argument, partial: schema.Partial, most: most, at: at})
				})
		}
	})
	return out
}

// HasTypesOf reports whether the configuration has resources, or data sources, whose types begin
// with the name of a provider.
func (c *Configuration) HasTypesOf(provider string) (found bool) {
	c.eachSource(func(m *moduleSource) {
		for _, decl := range m.resources {
			found = found || strings.HasPrefix(decl.typ, provider+"_")
		}
	})
	return found
}

// HasType reports whether the configuration has a managed resource of a type.
func (c *Configuration) HasType(typ string) (found bool) {
	c.eachSource(func(m *moduleSource) {
		for key, decl := range m.resources {
			found = found || decl.typ == typ && key == typ+"."+decl.label
		}
	})
	return found
}

// eachSource visits the declarations of every module once.
func (c *Configuration) eachSource(visit func(*moduleSource)) {
	seen := map[*moduleSource]bool{}
	var walk func(m *module)
	walk = func(m *module) {
		if m.missing != "" || seen[m.moduleSource] {
			return
		}
		seen[m.moduleSource] = true
		visit(m.moduleSource)
		for _, name := range slices.Sorted(maps.Keys(m.children)) {
			walk(m.children[name])
		}
	}
	walk(c.root)
}

// refuse reports what a schema does not have; names that Terraform itself takes are also.
func refuse(bs bodies, schema *providerschema.Block, also []string, report func(argument string, most int64, at hcl.Range)) {
	for _, body := range bs {
		native, ok := body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(native.Attributes)) {
			if !slices.Contains(also, name) && !schema.Has(name) {
				report(name, 0, native.Attributes[name].SrcRange)
			}
		}
		for _, n := range schema.Blocks {
			var count int64
			for _, b := range native.Blocks {
				if b.Type == n.Name {
					if count++; count == n.Max+1 && n.Max > 0 {
						report(n.Name, n.Max, b.DefRange())
					}
				}
			}
		}
		for _, b := range native.Blocks {
			name, inner := b.Type, b.Body
			if name == "dynamic" && len(b.Labels) == 1 {
				name = b.Labels[0]
				content := blocks(inner, "content")
				if len(content) != 1 {
					continue
				}
				inner, _ = content[0].Body.(*hclsyntax.Body)
			}
			nested := schema.Nested(name)
			switch {
			case slices.Contains(also, name):
			case nested != nil && inner != nil:
				refuse(bodies{inner}, nested, nil, func(argument string, most int64, at hcl.Range) {
					report(name+"."+argument, most, at)
				})
			case !schema.Has(name):
				report(name, 0, b.DefRange())
			}
		}
	}
}
