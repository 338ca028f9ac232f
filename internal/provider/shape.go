package provider

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// kind is the form of a shape.
type kind int

const (
	kindText kind = iota
	kindFlag
	kindNumber
	kindList
	kindSet
	kindObject
)

// shape is the type of a Terraform value, for every place that needs it: the
// parameter of a function, the attribute of a data source, the write-only attribute
// of the guard.
type shape struct {
	kind  kind
	elem  *shape            // of a list or set
	attrs map[string]*shape // of an object
	doc   string
	// link marks an id that is used only for linking: null and unknown both mean
	// that it cannot be compared, and no verdict depends on it.
	link bool
}

func text(doc string) *shape { return &shape{kind: kindText, doc: doc} }
func flag(doc string) *shape { return &shape{kind: kindFlag, doc: doc} }
func link(doc string) *shape { return &shape{kind: kindText, doc: doc, link: true} }

func list(elem *shape, doc string) *shape { return &shape{kind: kindList, elem: elem, doc: doc} }
func set(elem *shape, doc string) *shape  { return &shape{kind: kindSet, elem: elem, doc: doc} }

func object(attrs map[string]*shape) *shape { return &shape{kind: kindObject, attrs: attrs} }

// names returns the attribute names of an object, sorted.
func (s *shape) names() []string {
	return slices.Sorted(maps.Keys(s.attrs))
}

// put sets an attribute of an object, within blocks where its path names some.
func (s *shape) put(path string, a *shape) {
	block, rest, nested := strings.Cut(path, ".")
	switch {
	case path == "":
	case !nested:
		s.attrs[path] = a
	default:
		if s.attrs[block] == nil {
			s.attrs[block] = list(object(map[string]*shape{}), "The block `"+block+"`.")
		}
		s.attrs[block].elem.put(rest, a)
	}
}

// union is an object with the attributes of two, which have the same type where
// they have the same name.
func (s *shape) union(other *shape) *shape {
	out := *s
	if !strings.Contains(s.doc, other.doc) {
		out.doc += " " + other.doc
	}
	if s.elem != nil && other.elem != nil {
		out.elem = s.elem.union(other.elem)
	}
	out.attrs = maps.Clone(s.attrs)
	for name, a := range other.attrs {
		if mine := s.attrs[name]; mine != nil {
			a = mine.union(a)
		}
		out.attrs[name] = a
	}
	return &out
}

// ordered returns the shape with lists instead of sets: elements of a list have a
// path, and neither snapshots nor write-only attributes can hold sets.
func (s *shape) ordered() *shape {
	out := *s
	if out.kind == kindSet {
		out.kind = kindList
	}
	if s.elem != nil {
		out.elem = s.elem.ordered()
	}
	if s.attrs != nil {
		out.attrs = make(map[string]*shape, len(s.attrs))
		for name, a := range s.attrs {
			out.attrs[name] = a.ordered()
		}
	}
	return &out
}

// tfType is the shape as the protocol writes it.
func (s *shape) tfType() tftypes.Type { return s.attrType().TerraformType(context.Background()) }

// attrType is the shape as the framework writes it.
func (s *shape) attrType() attr.Type {
	switch s.kind {
	case kindFlag:
		return types.BoolType
	case kindNumber:
		return types.NumberType
	case kindList:
		return types.ListType{ElemType: s.elem.attrType()}
	case kindSet:
		return types.SetType{ElemType: s.elem.attrType()}
	case kindObject:
		return types.ObjectType{AttrTypes: s.attrTypes()}
	default:
		return types.StringType
	}
}

func (s *shape) attrTypes() map[string]attr.Type {
	attrs := make(map[string]attr.Type, len(s.attrs))
	for name, a := range s.attrs {
		attrs[name] = a.attrType()
	}
	return attrs
}

// dataSourceAttributes renders an ordered object as optional attributes.
func (s *shape) dataSourceAttributes() map[string]datasource.Attribute {
	out := make(map[string]datasource.Attribute, len(s.attrs))
	for name, a := range s.attrs {
		switch {
		case a.kind == kindFlag:
			out[name] = datasource.BoolAttribute{Optional: true, MarkdownDescription: a.doc}
		case a.kind == kindNumber:
			out[name] = datasource.NumberAttribute{Optional: true, MarkdownDescription: a.doc}
		case a.kind == kindList && a.elem.kind == kindObject:
			out[name] = datasource.ListNestedAttribute{Optional: true, MarkdownDescription: a.doc,
				NestedObject: datasource.NestedAttributeObject{Attributes: a.elem.dataSourceAttributes()}}
		case a.kind == kindList:
			out[name] = datasource.ListAttribute{Optional: true, MarkdownDescription: a.doc, ElementType: a.elem.attrType()}
		default:
			out[name] = datasource.StringAttribute{Optional: true, MarkdownDescription: a.doc}
		}
	}
	return out
}

// writeOnlyAttributes renders an ordered object as optional attributes that
// Terraform keeps out of plan and state.
func (s *shape) writeOnlyAttributes() map[string]resource.Attribute {
	out := make(map[string]resource.Attribute, len(s.attrs))
	for name, a := range s.attrs {
		switch {
		case a.kind == kindFlag:
			out[name] = resource.BoolAttribute{Optional: true, WriteOnly: true, MarkdownDescription: a.doc}
		case a.kind == kindNumber:
			out[name] = resource.NumberAttribute{Optional: true, WriteOnly: true, MarkdownDescription: a.doc}
		case a.kind == kindList && a.elem.kind == kindObject:
			out[name] = resource.ListNestedAttribute{Optional: true, WriteOnly: true, MarkdownDescription: a.doc,
				NestedObject: resource.NestedAttributeObject{Attributes: a.elem.writeOnlyAttributes()}}
		case a.kind == kindList:
			out[name] = resource.ListAttribute{Optional: true, WriteOnly: true, MarkdownDescription: a.doc, ElementType: a.elem.attrType()}
		default:
			out[name] = resource.StringAttribute{Optional: true, WriteOnly: true, MarkdownDescription: a.doc}
		}
	}
	return out
}
