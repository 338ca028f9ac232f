package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// A snapshot is a cache and its companions with null for everything that is not
// known yet, and the paths of these nulls. It is wholly known, so that Terraform
// does not defer a data source that takes it, and it loses nothing: thaw undoes
// freeze.

// freeze returns the snapshot of a cache and its companions.
func freeze(cache node, companions []node) tftypes.Value {
	var undecided []string
	attrs := map[string]tftypes.Value{}
	for name, a := range cacheShape().attrs {
		attrs[name] = a.freeze(cache.Get(name), &undecided)
	}
	var of *service.Service // stays nil where the object is no cache, which is an error elsewhere
	if kind, err := judgedKinds().identify(cache); err == nil {
		of = kind.service
	}
	around := make([]tftypes.Value, len(companions))
	for i, c := range companions {
		c.path = fmt.Sprintf("companions[%d]", i)
		around[i] = freezeCompanion(c, of, &undecided)
	}
	slices.Sort(undecided)
	paths := make([]tftypes.Value, len(undecided))
	for i, p := range undecided {
		paths[i] = tftypes.NewValue(tftypes.String, p)
	}
	attrs["companions"] = tftypes.NewValue(snapshotShape().attrs["companions"].tfType(), around)
	attrs["undecided"] = tftypes.NewValue(snapshotShape().attrs["undecided"].tfType(), paths)
	return tftypes.NewValue(snapshotShape().tfType(), attrs)
}

// freezeCompanion adds the kind, because the ids that identify it may not be known
// yet.
func freezeCompanion(n node, of *service.Service, undecided *[]string) tftypes.Value {
	typ := snapshotShape().attrs["companions"].elem.tfType()
	frozen := companionShape().freeze(n, undecided)
	attrs := map[string]tftypes.Value{}
	if frozen.IsNull() || frozen.As(&attrs) != nil {
		return tftypes.NewValue(typ, nil)
	}
	var kind any
	switch kinds := kindsOf(n, of); len(kinds) {
	case 1:
		kind = kinds[0].name
	default: // the attributes that identify the kind must stay unknown, also ids
		for _, name := range kindAttributes() {
			if a := n.Get(name); a.unknown() && companionShape().attrs[name].link {
				*undecided = append(*undecided, a.path)
			}
		}
	}
	attrs["kind"] = tftypes.NewValue(tftypes.String, kind)
	return tftypes.NewValue(typ, attrs)
}

// freeze replaces unknown values with null and adds their paths to undecided.
func (s *shape) freeze(n node, undecided *[]string) tftypes.Value {
	typ := s.ordered().tfType()
	if n.unknown() {
		if !s.link {
			*undecided = append(*undecided, n.path)
		}
		return tftypes.NewValue(typ, nil)
	}
	if n.null() {
		return tftypes.NewValue(typ, nil)
	}
	switch s.kind {
	case kindList, kindSet:
		items := n.items()
		values := make([]tftypes.Value, len(items))
		for i, item := range items {
			values[i] = s.elem.freeze(item, undecided)
		}
		return tftypes.NewValue(typ, values)
	case kindObject:
		attrs := make(map[string]tftypes.Value, len(s.attrs))
		for name, a := range s.attrs {
			attrs[name] = a.freeze(n.Get(name), undecided)
		}
		return tftypes.NewValue(typ, attrs)
	default:
		return n.v
	}
}

// undecidedOf returns the paths in a cache of a shape and its companions that are not
// known yet.
func undecidedOf(s *shape, cache node, companions []node) []string {
	var undecided []string
	s.freeze(cache, &undecided)
	for _, c := range companions {
		companionShape().freeze(c, &undecided)
	}
	return undecided
}

// thaw returns the cache and the companions of a snapshot, in which null stands for
// an unknown value where undecided lists its path.
func thaw(snapshot node) (cache node, companions []node, err error) {
	open := map[string]bool{}
	for _, p := range snapshot.Get("undecided").texts() {
		open[p.V] = true
	}
	thawed, err := tftypes.Transform(snapshot.v, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		path := pathOf(p)
		if !open[path] {
			return v, nil
		}
		delete(open, path)
		return tftypes.NewValue(v.Type(), tftypes.UnknownValue), nil
	})
	if err != nil {
		return node{}, nil, err
	}
	if len(open) > 0 {
		return node{}, nil, fmt.Errorf("undecided names what a snapshot does not have: %s", strings.Join(slices.Sorted(maps.Keys(open)), ", "))
	}
	cache = node{v: thawed}
	return cache, slices.DeleteFunc(cache.Get("companions").items(), node.null), nil
}

// pathOf writes a path as undecided does: redis_configuration[0].rdb_backup_enabled.
func pathOf(p *tftypes.AttributePath) string {
	var out strings.Builder
	for _, step := range p.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if out.Len() > 0 {
				out.WriteByte('.')
			}
			out.WriteString(string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&out, "[%d]", int64(step))
		}
	}
	return out.String()
}
