package azurermtest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Generation is a major version of azurerm.
type Generation int

// The generations that the stub knows.
const (
	V3 Generation = 3
	V4 Generation = 4
	V5 Generation = 5
)

//go:embed resources.txt
var table string

//go:embed azapi.txt
var azapiTable string

// resourceType is a resource type of one generation.
type resourceType struct {
	id    string // template of the ARM id, with attributes as placeholders: see fill
	block *block
}

// block is the schema of a resource type or of a nested block.
type block struct {
	attributes []*attribute
	blocks     []*nested
}

type attribute struct {
	name         string
	typ          tftypes.Type
	flags        string // some of R, O, C, S, W: see resources.txt
	defaultValue *tftypes.Value
}

// is reports whether the attribute has a flag.
func (a *attribute) is(flag string) bool { return strings.Contains(a.flags, flag) }

// nested is a type of nested block.
type nested struct {
	name     string
	set      bool
	min, max int64
	computed bool // unknown until apply when omitted
	block    *block
}

// resources are the resource types of one generation. An error in the table is a
// panic.
func resources(g Generation) map[string]*resourceType { return parse(table, g) }

// parse reads the lines of a table that hold for one generation; resources.txt begins
// with a description of the format.
func parse(table string, g Generation) map[string]*resourceType {
	all := map[string]*resourceType{}
	var stack []*block // by depth
	skip := 0          // depth of a block that this generation lacks
	for _, line := range strings.Split(table, "\n") {
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if fields[0] == "resource" {
			r := &resourceType{id: fields[2], block: &block{}}
			all[fields[1]], stack, skip = r, []*block{nil, r.block}, 0
			continue
		}
		if skip > 0 && depth > skip {
			continue
		}
		skip = 0
		if last := fields[len(fields)-1]; strings.HasPrefix(last, "@") {
			fields = fields[:len(fields)-1]
			if !strings.Contains(last, strconv.Itoa(int(g))) {
				skip = depth
				continue
			}
		}
		parent := stack[depth]
		if fields[0] != "block" {
			parent.attributes = append(parent.attributes, parseAttribute(fields))
			continue
		}
		n := parseNested(fields)
		parent.blocks = append(parent.blocks, n)
		stack = append(stack[:depth+1], n.block)
	}
	return all
}

func parseAttribute(fields []string) *attribute {
	typ, err := tftypes.ParseJSONType([]byte(fields[1])) //nolint:staticcheck // deprecated without a successor
	must(err)
	a := &attribute{name: fields[0], typ: typ, flags: fields[2]}
	if len(fields) > 3 {
		var v any
		must(json.Unmarshal([]byte(strings.TrimPrefix(fields[3], "=")), &v))
		value := tftypes.NewValue(typ, v)
		a.defaultValue = &value
	}
	return a
}

func parseNested(fields []string) *nested {
	lowest, err := strconv.ParseInt(fields[3], 10, 64)
	must(err)
	highest, err := strconv.ParseInt(fields[4], 10, 64)
	must(err)
	return &nested{
		name: fields[1], set: fields[2] == "set", min: lowest, max: highest,
		computed: len(fields) > 5 && fields[5] == "C", block: &block{},
	}
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("azurermtest: resources.txt: %s", err))
	}
}

func (b *block) typ() tftypes.Object {
	out := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, a := range b.attributes {
		out.AttributeTypes[a.name] = a.typ
	}
	for _, n := range b.blocks {
		out.AttributeTypes[n.name] = n.typ()
	}
	return out
}

func (n *nested) typ() tftypes.Type {
	if n.set {
		return tftypes.Set{ElementType: n.block.typ()}
	}
	return tftypes.List{ElementType: n.block.typ()}
}

func (b *block) schema() *tfprotov6.SchemaBlock {
	out := &tfprotov6.SchemaBlock{}
	for _, a := range b.attributes {
		out.Attributes = append(out.Attributes, &tfprotov6.SchemaAttribute{
			Name: a.name, Type: a.typ, Required: a.is("R"), Optional: a.is("O"), Computed: a.is("C"), Sensitive: a.is("S"), WriteOnly: a.is("W"),
		})
	}
	for _, n := range b.blocks {
		nesting := tfprotov6.SchemaNestedBlockNestingModeList
		if n.set {
			nesting = tfprotov6.SchemaNestedBlockNestingModeSet
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: n.name, Block: n.block.schema(), Nesting: nesting, MinItems: n.min, MaxItems: n.max,
		})
	}
	return out
}
