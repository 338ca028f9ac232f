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
	// Refused says that the version lacks the type; the schema is that of one that has it.
	Refused bool
	// Partial says that the version is none of those in the table: it may have other
	// arguments too.
	Partial bool
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
	// Members are what omitted members of an object, or of the objects in a collection, are
	// in JSON; see [Attribute.Member]. Members that it does not have are not known.
	Members string
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

// Azurerm returns the resource types of a version of azurerm by name.
func Azurerm(v Version) map[string]*Resource {
	all := parse(azurerm, v)
	for _, r := range all {
		r.Partial = v.IsNewer()
	}
	return all
}

// Azapi returns the resource types of azapi by name.
func Azapi() map[string]*Resource { return azapiOnce() }

// Own returns the resource types of this provider by name.
func Own() map[string]*Resource { return ownOnce() }

var (
	azapiOnce = sync.OnceValue(func() map[string]*Resource { return parse(azapi, newest) })
	ownOnce   = sync.OnceValue(func() map[string]*Resource { return parse(own, newest) })
)

// parse reads the lines of a table that hold for one version; azurerm.txt begins with a
// description of the format. An error in a table is a panic.
func parse(table string, v Version) map[string]*Resource {
	all := map[string]*Resource{}
	var stack []*Block // by depth
	skip := -1         // depth of a resource or block that this version lacks
	for _, line := range strings.Split(table, "\n") {
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if skip >= 0 && depth > skip {
			continue
		}
		skip = -1
		if last := fields[len(fields)-1]; strings.HasPrefix(last, "@") {
			fields = fields[:len(fields)-1]
			if !v.within(last[1:]) {
				skip = depth
				continue
			}
		}
		if fields[0] == "resource" {
			r := &Resource{ID: fields[2]}
			all[fields[1]], stack = r, []*Block{nil, &r.Block}
			continue
		}
		parent := stack[depth]
		if fields[0] != "block" {
			a := &Attribute{Name: fields[0], Type: fields[1], Flags: fields[2]}
			for _, f := range fields[3:] {
				if text, ok := strings.CutPrefix(f, "members="); ok {
					a.Members = text
				} else {
					a.Default = strings.TrimPrefix(f, "=")
				}
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
