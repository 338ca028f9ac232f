package tfconfig

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
)

// module is one module call in the tree of modules; missing is the reason why its
// source cannot be read.
type module struct {
	*moduleSource
	parent   *module // nil for the root
	path     []string
	dir      string // relative to the root module, where it is on disk
	children map[string]*module
	missing  string
	refused  bool // Terraform refuses the call of a module that is missing
}

// moduleSource is the declarations in the files of one module.
type moduleSource struct {
	files     map[string][]byte
	variables map[string]*block
	locals    map[string]hcl.Expression
	outputs   map[string]*block
	resources map[string]*block // by "type.name", "data.type.name" or "action.type.name"
	calls     map[string]*block
	providers map[string]*block // by "name" or "name.alias"
	imports   []*block
	// required are the providers that terraform blocks name, by their local names.
	required map[string][]requirement
	backend  *backend // of the last terraform block that has one, or a cloud; nil without
	broken   error    // what cannot be parsed, with files and lines
}

// requirement is an entry of required_providers.
type requirement struct{ source, version string }

type block struct {
	typ    string // the first label
	label  string // the second label; empty where there is none
	rng    hcl.Range
	bodies bodies
}

// bodies are the bodies of one declaration: the first, and those that override files
// add to it.
type bodies []hcl.Body

var fileSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "locals"},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "action", LabelNames: []string{"type", "name"}},
	{Type: "terraform"},
	{Type: "import"},
}}

// parseModule parses the files of one module, overrides last, and adds to names
// every attribute name that its expressions mention. A file that cannot be parsed does
// not stop the others; the error is what is too large.
func parseModule(files []sourceFile, names map[string]struct{}, b *budget) (*moduleSource, error) {
	m := &moduleSource{
		files:     map[string][]byte{},
		variables: map[string]*block{},
		locals:    map[string]hcl.Expression{},
		outputs:   map[string]*block{},
		resources: map[string]*block{},
		calls:     map[string]*block{},
		providers: map[string]*block{},
		required:  map[string][]requirement{},
	}
	files = slices.SortedFunc(slices.Values(files), func(a, b sourceFile) int {
		if override := isOverride(a.name); override != isOverride(b.name) {
			if override {
				return 1
			}
			return -1
		}
		return strings.Compare(a.name, b.name)
	})
	sizes := make([]measure, len(files))
	for i, f := range files {
		var err error
		if sizes[i], err = b.spend(f); err != nil {
			return nil, err
		}
	}
	parsed := make([]parsedFile, len(files))
	parallel.For(workers(sizes), len(files), func(i int) { parsed[i] = parseFile(files[i], sizes[i].flat) })
	for i, f := range parsed {
		maps.Copy(names, f.names)
		m.broken = errors.Join(m.broken, m.add(files[i], f))
	}
	return m, nil
}

// parsedFile is a file with the attribute names that its expressions mention.
type parsedFile struct {
	body  hcl.Body
	names map[string]struct{}
	err   error
}

// parseFile parses a file; flat says that nothing in it nests too deeply.
func parseFile(f sourceFile, flat bool) (out parsedFile) {
	if at := notText(f.data); at >= 0 {
		out.err = fmt.Errorf("%s:%d: the file is not text in UTF-8", f.name, 1+bytes.Count(f.data[:at], []byte("\n")))
		return out
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if isJSON(f.name) {
		file, diags = json.Parse(f.data, f.name)
	} else {
		if !flat {
			if out.err = checkNative(f.data, f.name); out.err != nil {
				return out
			}
		}
		file, diags = hclsyntax.ParseConfig(f.data, f.name, hcl.InitialPos)
	}
	if out.err = diagError(diags); out.err != nil {
		return out
	}
	out.body, out.names = file.Body, map[string]struct{}{}
	if native, ok := file.Body.(*hclsyntax.Body); ok {
		prepare(native, out.names)
	} else {
		collectJSONNames(f.data, out.names)
	}
	return out
}

// add adds the declarations of a file.
func (m *moduleSource) add(f sourceFile, parsed parsedFile) error {
	if parsed.err != nil {
		return parsed.err
	}
	m.files[f.name] = f.data
	content, _, diags := parsed.body.PartialContent(fileSchema)
	if err := diagError(diags); err != nil {
		return err
	}
	var broken error
	for _, b := range content.Blocks {
		broken = errors.Join(broken, m.declare(b, isOverride(path.Base(f.name))))
	}
	return broken
}

// notText is the place of the first byte that is no text in UTF-8; -1 where all is.
func notText(data []byte) int {
	for i, r := range string(data) {
		if r == 0 {
			return i
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRune(data[i:]); size < 2 {
				return i
			}
		}
	}
	return -1
}

// mostErrors is the number of errors that are told of one file.
const mostErrors = 10

// diagError is the errors with file, line and summary, one on each line. Details are left
// out: they may quote values.
func diagError(diags hcl.Diagnostics) error {
	var told []string
	more := 0
	line := func(d *hcl.Diagnostic) int {
		if d.Subject == nil {
			return 0
		}
		return d.Subject.Start.Line
	}
	for _, d := range slices.SortedStableFunc(slices.Values(diags), func(a, b *hcl.Diagnostic) int { return line(a) - line(b) }) {
		text := d.Summary
		if d.Subject != nil {
			text = fmt.Sprintf("%s:%d: %s", d.Subject.Filename, d.Subject.Start.Line, d.Summary)
		}
		switch {
		case d.Severity != hcl.DiagError || slices.Contains(told, text):
		case len(told) == mostErrors:
			more++
		default:
			told = append(told, text)
		}
	}
	if more > 0 {
		told = append(told, fmt.Sprintf("and %d more errors", more))
	}
	if len(told) == 0 {
		return nil
	}
	return errors.New(strings.Join(told, "\n"))
}

func (m *moduleSource) declare(b *hcl.Block, override bool) error {
	switch b.Type {
	case "locals":
		attrs, diags := b.Body.JustAttributes()
		if err := diagError(diags); err != nil {
			return err
		}
		for name, a := range attrs {
			switch _, dup := m.locals[name]; {
			case dup && !override:
				return fmt.Errorf("%s:%d: local.%s is declared twice", a.Range.Filename, a.Range.Start.Line, name)
			case override && !dup:
				return fmt.Errorf("%s:%d: local.%s overrides nothing: no other file declares it", a.Range.Filename, a.Range.Start.Line, name)
			}
			m.locals[name] = a.Expr
		}
	case "import":
		m.imports = append(m.imports, &block{rng: b.DefRange, bodies: bodies{b.Body}})
	case "terraform":
		m.require(b.Body)
		m.backend = cmp.Or(backendOf(b.Body), m.backend)
	case "variable":
		return declare(m.variables, b.Labels[0], b, override)
	case "output":
		return declare(m.outputs, b.Labels[0], b, override)
	case "resource":
		return declare(m.resources, b.Labels[0]+"."+b.Labels[1], b, override)
	case "data":
		return declare(m.resources, "data."+b.Labels[0]+"."+b.Labels[1], b, override)
	case "action":
		return declare(m.resources, "action."+b.Labels[0]+"."+b.Labels[1], b, override)
	case "module":
		return declare(m.calls, b.Labels[0], b, override)
	case "provider":
		key := b.Labels[0]
		if a := attribute(b.Body, "alias"); a != nil {
			if alias, ok := literal(a.Expr); ok {
				key += "." + alias
			}
		}
		// Terraform allows one empty proxy block beside nothing else; a
		// second block of the same key only comes from an override file.
		return declare(m.providers, key, b, override)
	}
	return nil
}

// require reads the required_providers of a terraform block. An entry is a version, or an
// object with source and version.
func (m *moduleSource) require(body hcl.Body) {
	for _, b := range blocks(body, "required_providers") {
		entries, _ := b.Body.JustAttributes()
		for name, a := range entries {
			var r requirement
			if version, ok := literal(a.Expr); ok {
				r.version = version
			}
			pairs, _ := hcl.ExprMap(a.Expr)
			for _, p := range pairs {
				key := hcl.ExprAsKeyword(p.Key)
				if key == "" {
					key, _ = literal(p.Key)
				}
				switch value, _ := literal(p.Value); key {
				case "source":
					r.source = value
				case "version":
					r.version = value
				}
			}
			m.required[name] = append(m.required[name], r)
		}
	}
}

// providerSource is the full name of a provider, given its local name.
func (m *module) providerSource(name string) string {
	if name == "terraform" {
		return "terraform.io/builtin/terraform"
	}
	source := "hashicorp/" + name
	for _, r := range m.required[name] {
		if r.source != "" {
			source = strings.ToLower(r.source)
		}
	}
	if strings.Count(source, "/") == 1 {
		source = "registry.terraform.io/" + source
	}
	return source
}

func declare(into map[string]*block, key string, b *hcl.Block, override bool) error {
	old, dup := into[key]
	switch {
	case dup && !override:
		return fmt.Errorf("%s:%d: %s %q is declared twice, first at %s:%d", b.DefRange.Filename, b.DefRange.Start.Line, b.Type, key,
			old.rng.Filename, old.rng.Start.Line)
	case dup:
		old.bodies = append(old.bodies, b.Body)
	case override && b.Type != "provider":
		return fmt.Errorf("%s:%d: %s %q overrides nothing: no other file declares it", b.DefRange.Filename, b.DefRange.Start.Line, b.Type, key)
	default:
		made := &block{typ: b.Labels[0], rng: b.DefRange, bodies: bodies{b.Body}}
		if len(b.Labels) > 1 {
			made.label = b.Labels[1]
		}
		into[key] = made
	}
	return nil
}

// source is the source of a module call; empty where it is not a literal string.
func (b *block) source() string {
	a := b.bodies.attribute("source")
	if a == nil {
		return ""
	}
	text, _ := literal(a.Expr)
	return text
}

// literal returns the value of an expression that is a string without references.
func literal(expr hcl.Expression) (string, bool) {
	v, diags := expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type().FriendlyName() != "string" {
		return "", false
	}
	return v.AsString(), true
}

// attribute finds an attribute; the last body that has it wins, as override files do.
// Where one body has count and another for_each, count counts, as in Terraform.
func (bs bodies) attribute(name string) *hcl.Attribute {
	if name == "for_each" && len(bs) > 1 && bs.attribute("count") != nil {
		return nil
	}
	for i := len(bs) - 1; i >= 0; i-- {
		if a := attribute(bs[i], name); a != nil {
			return a
		}
	}
	return nil
}

func attribute(body hcl.Body, name string) *hcl.Attribute {
	if native, ok := body.(*hclsyntax.Body); ok {
		if a, ok := native.Attributes[name]; ok {
			return a.AsHCLAttribute()
		}
		return nil
	}
	content, _, _ := body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: name}}})
	if content == nil {
		return nil
	}
	return content.Attributes[name]
}

// blocks lists the nested blocks of one type, dynamic ones included and in the
// order of the source. Blocks of an override file replace all of that type.
func (bs bodies) blocks(name string) hcl.Blocks {
	for i := len(bs) - 1; i >= 0; i-- {
		if found := blocks(bs[i], name); len(found) > 0 {
			return found
		}
	}
	return nil
}

func blocks(body hcl.Body, name string) (out hcl.Blocks) {
	if native, ok := body.(*hclsyntax.Body); ok { // as PartialContent does below, at less cost
		for _, b := range native.Blocks {
			if b.Type == name && len(b.Labels) == 0 || name != "dynamic" && b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name {
				out = append(out, b.AsHCLBlock())
			}
		}
		return out
	}
	schema := &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: name}}}
	if name != "dynamic" {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: "dynamic", LabelNames: []string{"type"}})
	}
	content, _, _ := body.PartialContent(schema)
	if content == nil {
		return nil
	}
	for _, b := range content.Blocks {
		if b.Type == "dynamic" && (len(b.Labels) != 1 || b.Labels[0] != name) {
			continue
		}
		out = append(out, b)
	}
	return out
}

// mayBeBlock reports whether a JSON property looks like nested blocks: JSON
// alone does not tell them from attributes.
func mayBeBlock(expr hcl.Expression) bool {
	if _, native := expr.(hclsyntax.Expression); native {
		return false
	}
	if _, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		return true
	}
	list, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		return false
	}
	for _, e := range list {
		if _, diags := hcl.ExprMap(e); diags.HasErrors() {
			return false
		}
	}
	return true
}
