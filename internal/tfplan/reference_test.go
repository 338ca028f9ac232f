package tfplan

import (
	"slices"
	"strconv"
	"testing"
)

func TestMaximal(t *testing.T) {
	for _, c := range []struct{ refs, want []string }{
		{nil, nil},
		{[]string{"a.b.c", "a.b"}, []string{"a.b.c"}},
		{[]string{`a.b["x"].id`, `a.b["x"]`, "a.b"}, []string{`a.b["x"].id`}},
		{[]string{"a.b.id", "a.b", "a.bc"}, []string{"a.b.id", "a.bc"}},
		{[]string{"a.b", "a.b.id"}, []string{"a.b", "a.b.id"}}, // each prefix follows what it leads to
		{[]string{"a.b", "a.b"}, []string{"a.b"}},
	} {
		if got := maximal(c.refs); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.refs, got, c.want)
		}
	}
}

// TestMaximalOfTooMany: what nobody writes is opaque, and takes no time.
func TestMaximalOfTooMany(t *testing.T) {
	refs := []string{"azurerm_redis_cache.a.id", "azurerm_redis_cache.a"}
	for i := range mostReferences {
		refs = append(refs, "local.a"+strconv.Itoa(i))
	}
	got := maximal(refs)
	leaves := (&references{document: newDocument()}).follow(site{m: newModule("", nil), known: true}, got)
	if len(got) != 1 || len(leaves) != 1 || !leaves[0].opaque {
		t.Errorf("%q leads to %+v, want something opaque", got, leaves)
	}
}
