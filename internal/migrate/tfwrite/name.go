package tfwrite

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
)

// names are names of one kind that are taken, in lower case, with who has them.
type names map[string]string

// take returns the first of candidate, candidate with 2, candidate with 3 and so on
// that nobody has, and takes it. Where a name is taken already, by says by whom.
func (n names) take(owner string, candidate func(number string) string) (name, by string) {
	name = candidate("")
	by = n[strings.ToLower(name)]
	for i := 2; ; i++ {
		if _, taken := n[strings.ToLower(name)]; !taken {
			n[strings.ToLower(name)] = owner
			return name, by
		}
		name = candidate(strconv.Itoa(i))
	}
}

// suffix ends the names and labels of what is written.
const suffix = migrate.NameSuffix

// longestName is the most characters of the name of a cache of Azure Managed Redis.
// Source: azure-rest-api-specs, redisEnterprise.json of 2025-07-01. azurerm allows 63.
const longestName = 60

// newName is the name of the target of a cache: a name that has the old one, and that the
// service allows, which is letters, digits and single hyphens between them.
func newName(old, number string) string {
	end := "-" + suffix + number
	old = strings.Join(strings.FieldsFunc(old, func(r rune) bool { return !isLetterOrDigit(r) }), "-")
	if most := longestName - len(end); len(old) > most {
		old = strings.TrimRight(old[:most], "-")
	}
	return strings.TrimLeft(old+end, "-")
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// label is a text as a label of a resource or a name of a variable or a file: letters,
// digits and single underscores between them, a letter first.
func label(s string) string {
	out := strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !isLetterOrDigit(r) }), "_")
	if out == "" || out[0] >= '0' && out[0] <= '9' {
		out = strings.TrimRight("cache_"+out, "_")
	}
	return out
}

// address is the address of a resource instance, taken apart.
type address struct {
	// module is the path of module calls, as in module.a.module.b; empty in the root module.
	module string
	// resource is the type and label, in its module.
	resource string
	// block is the path of the block: names of modules, then the label of the resource.
	block []string
	// instance is the same with the keys of instances.
	instance []string
}

// parseAddress takes the address of a resource instance apart.
func parseAddress(s string) (a address, ok bool) {
	traversal, diagnostics := hclsyntax.ParseTraversalAbs([]byte(s), "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return a, false
	}
	steps := []string{}
	for _, t := range traversal {
		switch t := t.(type) {
		case hcl.TraverseRoot:
			steps = append(steps, t.Name)
		case hcl.TraverseAttr:
			steps = append(steps, t.Name)
			if n := len(steps); n%2 == 0 {
				a.block, a.instance = append(a.block, t.Name), append(a.instance, t.Name)
			}
		case hcl.TraverseIndex:
			key, err := convert.Convert(t.Key, cty.String)
			if err != nil {
				return a, false
			}
			a.instance = append(a.instance, key.AsString())
		}
	}
	n := len(steps)
	if n < 2 || n%2 != 0 {
		return a, false
	}
	a.module, a.resource = strings.Join(steps[:n-2], "."), strings.Join(steps[n-2:], ".")
	return a, true
}
