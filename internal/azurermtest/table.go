package azurermtest

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// Generation is a major version of azurerm.
type Generation int

// The generations that the stub knows.
const (
	V3 Generation = 3
	V4 Generation = 4
	V5 Generation = 5
)

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
	*providerschema.Attribute
	typ          tftypes.Type
	defaultValue *tftypes.Value
}

// nested is a type of nested block.
type nested struct {
	*providerschema.Nested
	block *block
}

// resources are the resource types of one generation.
func resources(g Generation) map[string]*resourceType {
	return typed(providerschema.Azurerm(providerschema.Latest(int(g))))
}

// typed returns resource types with the values that the protocol has.
func typed(schemas map[string]*providerschema.Resource) map[string]*resourceType {
	all := map[string]*resourceType{}
	for name, r := range schemas {
		all[name] = &resourceType{id: r.ID, block: newBlock(&r.Block)}
	}
	return all
}

func newBlock(schema *providerschema.Block) *block {
	b := &block{}
	for _, a := range schema.Attributes {
		typ, err := tftypes.ParseJSONType([]byte(a.Type)) //nolint:staticcheck // deprecated without a successor
		must(err)
		out := &attribute{Attribute: a, typ: typ}
		if a.Default != "" {
			var v any
			must(json.Unmarshal([]byte(a.Default), &v))
			value := tftypes.NewValue(typ, v)
			out.defaultValue = &value
		}
		b.attributes = append(b.attributes, out)
	}
	for _, n := range schema.Blocks {
		b.blocks = append(b.blocks, &nested{n, newBlock(&n.Block)})
	}
	return b
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("azurermtest: %s", err))
	}
}

func (b *block) typ() tftypes.Object {
	out := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, a := range b.attributes {
		out.AttributeTypes[a.Name] = a.typ
	}
	for _, n := range b.blocks {
		out.AttributeTypes[n.Name] = n.typ()
	}
	return out
}

func (n *nested) typ() tftypes.Type {
	if n.Set {
		return tftypes.Set{ElementType: n.block.typ()}
	}
	return tftypes.List{ElementType: n.block.typ()}
}

func (b *block) schema() *tfprotov6.SchemaBlock {
	out := &tfprotov6.SchemaBlock{}
	for _, a := range b.attributes {
		out.Attributes = append(out.Attributes, &tfprotov6.SchemaAttribute{
			Name: a.Name, Type: a.typ, Required: a.Is("R"), Optional: a.Is("O"), Computed: a.Is("C"), Sensitive: a.Is("S"), WriteOnly: a.Is("W"),
		})
	}
	for _, n := range b.blocks {
		nesting := tfprotov6.SchemaNestedBlockNestingModeList
		if n.Set {
			nesting = tfprotov6.SchemaNestedBlockNestingModeSet
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: n.Name, Block: n.block.schema(), Nesting: nesting, MinItems: n.Min, MaxItems: n.Max,
		})
	}
	return out
}
