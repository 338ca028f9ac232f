package providerschema

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Generations are the major versions of azurerm that azurerm.txt tells apart.
var Generations = []int{3, 4, 5}

//go:embed azurerm.txt
var azurerm string

//go:embed azapi.txt
var azapi string

//go:embed redisbaseline.txt
var own string

// Resource is the schema of a resource type.
type Resource struct {
	// ID is a template of the ARM id, in which {name} is the attribute name.
	ID string
	Block
}

// Block is the schema of a resource type or of a nested block.
type Block struct {
	Attributes []*Attribute
	Blocks     []*Nested
}

// Has reports whether the block has an argument, or a nested block, of a name.
func (b *Block) Has(name string) bool {
	return b.Nested(name) != nil || slices.ContainsFunc(b.Attributes, func(a *Attribute) bool { return a.Name == name })
}

// Nested returns a type of nested block; nil where there is none of the name.
func (b *Block) Nested(name string) *Block {
	for _, n := range b.Blocks {
		if n.Name == name {
			return &n.Block
		}
	}
	return nil
}

// Attribute is the schema of an argument or of a computed attribute.
type Attribute struct {
	Name string
	// Type is a type constraint in JSON, as `terraform providers schema -json` prints it.
	Type string
	// Flags are some of R (required), O (optional), C (computed), S (sensitive) and W
	// (write-only).
	Flags string
	// Default is the value of the omitted argument in JSON; empty where there is none.
	Default string
}

// CtyType is the type of the value.
func (a *Attribute) CtyType() cty.Type {
	if have, _ := ctyTypes.Load(a.Type); have != nil {
		if ty, ok := have.(cty.Type); ok {
			return ty
		}
	}
	ty, err := ctyjson.UnmarshalType([]byte(a.Type))
	if err != nil {
		panic(fmt.Sprintf("providerschema: %s: %s", a.Name, err))
	}
	ctyTypes.Store(a.Type, ty)
	return ty
}

// ctyTypes are types by their text: many instances ask for the same few.
var ctyTypes sync.Map

// Is reports whether the attribute has a flag.
func (a *Attribute) Is(flag string) bool { return strings.Contains(a.Flags, flag) }

// Nested is the schema of a type of nested block.
type Nested struct {
	Name     string
	Set      bool // the blocks are a set, else a list
	Min, Max int64
	Computed bool // not known until apply where it is omitted
	Block
}

// Azurerm returns the resource types of azurerm by name, of one generation.
func Azurerm(generation int) map[string]*Resource { return parse(azurerm, generation) }

// Azapi returns the resource types of azapi by name.
func Azapi() map[string]*Resource { return azapiOnce() }

// Own returns the resource types of this provider by name.
func Own() map[string]*Resource { return ownOnce() }

var (
	azapiOnce = sync.OnceValue(func() map[string]*Resource { return parse(azapi, Generations[len(Generations)-1]) })
	ownOnce   = sync.OnceValue(func() map[string]*Resource { return parse(own, Generations[len(Generations)-1]) })
)

// parse reads the lines of a table that hold for one generation; azurerm.txt begins
// with a description of the format. An error in a table is a panic.
func parse(table string, generation int) map[string]*Resource {
	all := map[string]*Resource{}
	var stack []*Block // by depth
	skip := 0          // depth of a block that this generation lacks
	for _, line := range strings.Split(table, "\n") {
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if fields[0] == "resource" {
			r := &Resource{ID: fields[2]}
			all[fields[1]], stack, skip = r, []*Block{nil, &r.Block}, 0
			continue
		}
		if skip > 0 && depth > skip {
			continue
		}
		skip = 0
		if last := fields[len(fields)-1]; strings.HasPrefix(last, "@") {
			fields = fields[:len(fields)-1]
			if !strings.Contains(last, strconv.Itoa(generation)) {
				skip = depth
				continue
			}
		}
		parent := stack[depth]
		if fields[0] != "block" {
			a := &Attribute{Name: fields[0], Type: fields[1], Flags: fields[2]}
			if len(fields) > 3 {
				a.Default = strings.TrimPrefix(fields[3], "=")
			}
			parent.Attributes = append(parent.Attributes, a)
			continue
		}
		n := &Nested{Name: fields[1], Set: fields[2] == "set", Min: number(fields[3]), Max: number(fields[4]),
			Computed: len(fields) > 5 && fields[5] == "C"}
		parent.Blocks = append(parent.Blocks, n)
		stack = append(stack[:depth+1], &n.Block)
	}
	return all
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("providerschema: %s", err))
	}
	return n
}

// Common returns what several generations have in common: an argument whose default
// differs is optional and not known where it is omitted. An argument or block that some of
// them lack is as the others have it.
func Common(generations []int) map[string]*Resource {
	out := Azurerm(generations[0])
	for _, g := range generations[1:] {
		other := Azurerm(g)
		for name, r := range other {
			if out[name] == nil {
				out[name] = r
				continue
			}
			out[name].join(&r.Block)
		}
	}
	return out
}

// join adds what another generation has to a block.
func (b *Block) join(other *Block) {
	open := func(a *Attribute) { a.Flags, a.Default = "OC", "" }
	for _, a := range b.Attributes {
		i := slices.IndexFunc(other.Attributes, func(o *Attribute) bool { return o.Name == a.Name })
		if i >= 0 && *other.Attributes[i] != *a {
			sensitive := a.Is("S")
			if open(a); sensitive {
				a.Flags += "S"
			}
		}
	}
	for _, a := range other.Attributes {
		if !slices.ContainsFunc(b.Attributes, func(have *Attribute) bool { return have.Name == a.Name }) {
			b.Attributes = append(b.Attributes, a)
		}
	}
	for _, n := range b.Blocks {
		i := slices.IndexFunc(other.Blocks, func(o *Nested) bool { return o.Name == n.Name })
		if i < 0 {
			continue
		}
		n.Computed = n.Computed || other.Blocks[i].Computed
		n.join(&other.Blocks[i].Block)
	}
	for _, n := range other.Blocks {
		if !slices.ContainsFunc(b.Blocks, func(have *Nested) bool { return have.Name == n.Name }) {
			b.Blocks = append(b.Blocks, n)
		}
	}
}
