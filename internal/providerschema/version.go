package providerschema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is a version of azurerm, as far as its schemas depend on it.
type Version struct{ Major, Minor int }

// Newest are the versions whose schemas azurerm.txt has, one for each major version.
var Newest = []Version{{3, 117}, {4, 81}, {5, 2}}

var newest = Newest[len(Newest)-1]

// Latest returns the newest known version of a major version, which has to be known.
func Latest(major int) Version {
	return Newest[slices.IndexFunc(Newest, func(v Version) bool { return v.Major == major })]
}

// String is the version for people: the major version for the newest of it.
func (v Version) String() string {
	if slices.Contains(Newest, v) {
		return strconv.Itoa(v.Major)
	}
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// IsNewer reports whether the version came after the newest one that is known of its
// major version.
func (v Version) IsNewer() bool { return v.Minor > Latest(v.Major).Minor }

// within reports whether the version is one of those that a table names; see azurerm.txt.
func (v Version) within(versions string) bool {
	for _, item := range strings.Split(versions, ",") {
		major, minor, _ := strings.Cut(item, ".")
		if strconv.Itoa(v.Major) == major {
			return minor == "" || v.Minor >= int(number(minor))
		}
	}
	return false
}

// Unknown returns the types of a version that azurerm.txt does not have. What is written
// means what it means in those that it has; what is omitted is not known.
func Unknown() map[string]*Resource {
	out := Common(Newest)
	for _, r := range out {
		r.Partial = true
		r.open()
	}
	return out
}

// open makes what is omitted in a block unknown.
func (b *Block) open() {
	for _, a := range b.Attributes {
		if a.Is("O") && !a.Is("W") {
			a.open()
		}
	}
	for _, n := range b.Blocks {
		n.Computed = true
		n.open()
	}
}

// open makes an omitted argument unknown.
func (a *Attribute) open() {
	sensitive := a.Is("S")
	if a.Flags, a.Default = "OC", ""; sensitive {
		a.Flags += "S"
	}
}

// Common returns what several versions have in common: an argument whose default differs
// is optional and not known where it is omitted. An argument, block or type that some of
// them lack is as the others have it.
func Common(versions []Version) map[string]*Resource {
	out := map[string]*Resource{}
	for _, v := range versions {
		for name, r := range Azurerm(v) {
			if out[name] == nil {
				out[name] = r
				continue
			}
			out[name].Partial = out[name].Partial || r.Partial
			out[name].join(&r.Block)
		}
	}
	return out
}

// join adds what another version has to a block.
func (b *Block) join(other *Block) {
	for _, a := range b.Attributes {
		i := slices.IndexFunc(other.Attributes, func(o *Attribute) bool { return o.Name == a.Name })
		if i >= 0 && *other.Attributes[i] != *a {
			a.open()
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
