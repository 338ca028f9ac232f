package vocabulary

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// Table is all facts of one object.
type Table[P any] []Fact[P]

// Fact is a row of a table: a fact of the posture P, and where each dialect has it.
type Fact[P any] struct {
	// Field returns the fact in a posture: a pointer to a [posture.Value], or to a
	// list of them.
	Field func(*P) any
	// Doc describes the fact to those who pass an object to a function, PluralDoc
	// and GroupsDoc what else a list is written as.
	Doc, PluralDoc, GroupsDoc string
	// Values and Format restrict what functions print: another text may be anything.
	Values []string
	Format *regexp.Regexp
	// Identity marks what tells which object it is; no body changes it. Link
	// marks an id that does no more than link objects.
	Identity, Link bool
	// ZeroUnset says that the number 0 stands for none.
	ZeroUnset bool
	// Common marks an argument that resources of other types have too, so that it does not
	// tell of which type an object is.
	Common bool
	// Violating are the values that count against a cache. Behind a sensitive_body
	// nothing else is known of a fact.
	Violating []any

	// Database marks what stands in the resource that holds the data, where that
	// is not the cache itself.
	Database bool
	// Recreates says that azurerm deletes the database and creates it again when
	// the argument changes in place.
	Recreates bool

	Azurerm    Term
	ARM        Term
	Own        Term // of this provider's resource; azurerm's, where it is empty
	Enterprise Term // of azurerm_redis_enterprise_cluster and _database; azurerm's, where it is empty
}

// Term is where a dialect has a fact, and how it is written there.
type Term struct {
	// Path are the names of members, joined by points. Of an argument that a
	// dialect lacks it is what evidence calls the fact.
	Path string
	// Alias is the deprecated second path that azurerm 3 has for an argument. A plan holds
	// both, one of them computed from the other; where they contradict each other
	// and one is Decisive, that one counts.
	Alias    string
	Decisive bool
	// Plural is the path of more values, Groups that of security groups which are
	// values too, where the fact is a list.
	Plural, Groups string
	// Column is what is kept of each element of a list, with its description: of
	// elements that are counted, or of blocks of which it is the value (of several, joined
	// by commas, the texts are joined by spaces). Of a block
	// that is an object it is the member without which the block says nothing.
	Column, ColumnDoc string
	Form              Form
	// OnWithout says that it is on where the schema has no such argument.
	OnWithout bool
	// Computed says that azurerm computes it where the configuration does not write it, so
	// that the plan of a new object does not show it; it then has the service's default.
	Computed bool
	// NoDefault says that nobody documents what an answer means that lacks it.
	NoDefault bool
	// Unmanaged says that null leaves it to others.
	Unmanaged bool
	// Omitted are what a new object has whose body leaves it out, by api-version in
	// ascending order; empty where that is unset.
	Omitted []Omitted
	// Since is the first api-version that has it, Lacking are later ones without it. What
	// a body says in a version without it counts as not said.
	Since   string
	Lacking []string
	// CannotSet says why a dialect cannot set it, so that a new object has the
	// service's default.
	CannotSet string
	// AlwaysDefault says why an object of a dialect always has the service's default.
	AlwaysDefault string
	// OfOtherResource says why it is no part of this object, but of another resource.
	OfOtherResource string
}

// lacks reports whether an api-version, which is empty where it is not known, has no
// such property.
func (t *Term) lacks(version string) bool {
	return version != "" && (version < t.Since || slices.Contains(t.Lacking, version))
}

// Omitted is the truth value that a new object has from an api-version on, if its
// body leaves it out; nil where nobody documents it.
type Omitted struct {
	From  string
	Value *bool
}

// Parts are the rows of a cache itself, and those of the resource that holds its
// data, which stand last; without such a resource, the second is empty.
func (t Table[P]) Parts() (cache, database Table[P]) {
	first := slices.IndexFunc(t, func(f Fact[P]) bool { return f.Database })
	if first < 0 {
		return t, nil
	}
	return t[:first:first], t[first:]
}

// HideUnprintable makes texts sensitive that are none of those which functions may
// print: they can be judged, not shown.
func (t Table[P]) HideUnprintable(object *P) {
	for i := range t {
		f := &t[i]
		if v, ok := f.Field(object).(*posture.Value[string]); ok && v.IsKnown() && !f.Printable(v.V) {
			*v = v.Sensitive()
		}
	}
}

// Printable reports whether functions may print a text: whether it is one of those
// that are documented for the fact.
func (f *Fact[P]) Printable(text string) bool {
	switch {
	case f.Format != nil:
		return f.Format.MatchString(text)
	case f.Values != nil:
		return slices.ContainsFunc(f.Values, func(v string) bool { return strings.EqualFold(v, text) })
	default:
		return true
	}
}

// Dialect is a table as one source writes the object.
type Dialect[P any] struct {
	blocks []block[P]
	absent []place[P]
	names  Names
}

// block is an object inside the object, and the facts that stand in it.
type block[P any] struct {
	path   []string
	places []place[P]
}

// place is where a dialect has a fact.
type place[P any] struct {
	*Fact[P]
	Term
	name, alias string // last segments of the paths
}

// Azurerm is the table in azurerm's words.
func (t Table[P]) Azurerm() *Dialect[P] {
	return t.dialect("", func(f *Fact[P]) Term { return f.Azurerm })
}

// Own is the table in the words of this provider's resource.
func (t Table[P]) Own() *Dialect[P] {
	return t.dialect("", func(f *Fact[P]) Term { return orAzurerm(f, f.Own) })
}

// Enterprise is the table in the words of azurerm_redis_enterprise_cluster and
// azurerm_redis_enterprise_database.
func (t Table[P]) Enterprise() *Dialect[P] { return t.AsEnterprise().Azurerm() }

// AsEnterprise is the table whose words of azurerm are those of
// azurerm_redis_enterprise_cluster and azurerm_redis_enterprise_database.
func (t Table[P]) AsEnterprise() Table[P] {
	out := slices.Clone(t)
	for i := range out {
		out[i].Azurerm = orAzurerm(&out[i], out[i].Enterprise)
	}
	return out
}

func orAzurerm[P any](f *Fact[P], term Term) Term {
	if term.Path == "" {
		return f.Azurerm
	}
	return term
}

// ARM is the table as Azure Resource Manager answers. Evidence has a prefix before its
// paths, for an object that is a part of another.
func (t Table[P]) ARM(prefix string) *Dialect[P] {
	return t.dialect(prefix, func(f *Fact[P]) Term { return f.ARM })
}

// Azapi is the table as azapi writes it: identity beside the body, and what the
// body leaves out unset.
func (t Table[P]) Azapi() *Dialect[P] {
	return t.dialect("", func(f *Fact[P]) Term {
		term := sent(f)
		if !f.Identity && term.CannotSet == "" && term.OfOtherResource == "" {
			for _, path := range []*string{&term.Path, &term.Plural, &term.Groups} {
				if *path != "" {
					*path = "body." + *path
				}
			}
		}
		return term
	})
}

// AzapiNested is the table as azapi writes an object within a body; evidence has a prefix
// before its paths.
func (t Table[P]) AzapiNested(prefix string) *Dialect[P] { return t.dialect(prefix, sent[P]) }

// sent is a term of what is sent to Azure Resource Manager: what it leaves out is
// unset.
func sent[P any](f *Fact[P]) Term {
	term := f.ARM
	term.NoDefault = false
	return term
}

// Written is the term of a fact, a pointer into an object, as a dialect writes the object,
// and whether the resource of its database has it. It is false for a fact that the dialect
// does not write.
func (t Table[P]) Written(d posture.Dialect, object *P, fact any) (term Term, database, ok bool) {
	for i := range t {
		f := &t[i]
		if f.Field(object) != fact {
			continue
		}
		switch d {
		case posture.DialectAzurerm, posture.DialectAzurerm3:
			term = f.Azurerm
		case posture.DialectEnterprise:
			term = orAzurerm(f, f.Enterprise)
		case posture.DialectOwn:
			term = orAzurerm(f, f.Own)
		case posture.DialectAzapi:
			term, database = sent(f), f.Database
			term.Path = "body." + term.Path
		default:
			return Term{}, false, false
		}
		return term, database, term.CannotSet == "" && term.AlwaysDefault == "" && term.OfOtherResource == ""
	}
	return Term{}, false, false
}

// Literal is a truth value or a text as configuration writes it.
func (t *Term) Literal(value any) string {
	switch v := value.(type) {
	case bool:
		if t.Form == Quoted {
			return strconv.Quote(strconv.FormatBool(v))
		}
		return words[t.Form].JSON(v)
	case string:
		return strconv.Quote(v)
	default:
		panic("vocabulary: neither a truth value nor a text")
	}
}

func (t Table[P]) dialect(prefix string, of func(*Fact[P]) Term) *Dialect[P] {
	d := &Dialect[P]{names: Names{}}
	at := map[string]int{}
	for i := range t {
		p := place[P]{Fact: &t[i], Term: of(&t[i])}
		if p.CannotSet != "" || p.OfOtherResource != "" || p.AlwaysDefault != "" {
			d.absent = append(d.absent, p)
			continue
		}
		inside := ""
		inside, p.name = cutLast(p.Path)
		_, p.alias = cutLast(p.Alias)
		if _, ok := at[inside]; !ok {
			at[inside] = len(d.blocks)
			d.blocks = append(d.blocks, block[P]{path: strings.FieldsFunc(inside, func(r rune) bool { return r == '.' })})
		}
		if p.Column != "" {
			for _, column := range strings.Split(p.Column, ",") {
				d.names.add(p.Path + "." + column)
			}
		}
		for _, path := range []*string{&p.Path, &p.Alias, &p.Plural, &p.Groups} {
			if *path != "" {
				d.names.add(*path)
				*path = prefix + *path
			}
		}
		b := &d.blocks[at[inside]]
		b.places = append(b.places, p)
	}
	return d
}

// Names are the members that are kept of an object, each with those that are
// kept of it in turn.
type Names map[string]Names

func (n Names) add(path string) {
	if path == "" {
		return
	}
	name, rest, _ := strings.Cut(path, ".")
	if n[name] == nil {
		n[name] = Names{}
	}
	n[name].add(rest)
}

// Names are the members of the object that the table asks for.
func (d *Dialect[P]) Names() Names { return d.names }

// Aliases pairs the paths of the arguments that have two.
func (d *Dialect[P]) Aliases() map[string]string {
	out := map[string]string{}
	for _, b := range d.blocks {
		for _, p := range b.places {
			if p.Alias != "" {
				out[p.Path], out[p.Alias] = p.Alias, p.Path
			}
		}
	}
	return out
}

// Computed are the arguments that a provider computes where they are not written.
func (d *Dialect[P]) Computed() (out []string) {
	for _, b := range d.blocks {
		for _, p := range b.places {
			if p.Term.Computed {
				out = append(out, p.Path)
				if p.Alias != "" {
					out = append(out, p.Alias)
				}
			}
		}
	}
	return out
}

// cutLast splits a path before its last segment.
func cutLast(path string) (before, last string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// AzurermOf returns the generation of azurerm that an object was written with:
// only version 3 has the other names of arguments.
func AzurermOf[P any, N Node[N]](t Table[P], object N) posture.Dialect {
	for i := range t {
		other := t[i].Azurerm.Alias
		if other != "" && !strings.Contains(other, ".") && object.Get(other).Scalar().State == posture.StateKnown {
			return posture.DialectAzurerm3
		}
	}
	return posture.DialectAzurerm
}
