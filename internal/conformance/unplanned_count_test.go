package conformance

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestCountUnknown gives each resource, and each module call, of the configurations of the
// tests a count that is not known. What is decided then holds with one of it, as the
// configuration was, and, where nothing refers to it, with none.
func TestCountUnknown(t *testing.T) {
	decided, found, changed := 0, 0, 0
	all := configurations(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		dir := all[name]
		one := verdicts(withoutPlan(t, dir))
		for _, file := range rootFiles(t, dir) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, block := range repeatable(t, source) {
				if found++; found%4 != 0 {
					continue // all of them take a minute
				}
				changed++
				edited, referred := withCount(t, source, block)
				judged := map[string]map[string]report.Finding{"one": one}
				if !referred {
					judged["none"] = edit(t, dir, filepath.Base(file), edited, cty.False)
				}
				for key, open := range edit(t, dir, filepath.Base(file), edited, cty.NilVal) {
					if open.Status == report.Unknown {
						continue
					}
					decided++
					for count, with := range judged {
						f, ok := with[key]
						if ok && f.Status != open.Status && !withinNothing(count, f) {
							t.Errorf("%s: %s: %s is %s (%s) with %s of it and %s (%s) where its count is not known",
								name, block, key, f.Status, f.Message, count, open.Status, open.Message)
						}
					}
				}
			}
		}
	}
	t.Logf("%d verdicts are decided in %d configurations", decided, changed)
	if changed < 250 || decided < 12000 {
		t.Errorf("%d verdicts are decided in %d configurations", decided, changed)
	}
}

// withinNothing reports whether a verdict is that on a configuration which Azure refuses:
// something lies within a database that is not there.
func withinNothing(count string, f report.Finding) bool {
	return count == "none" && f.Message == "the cluster has no database"
}

// rootFiles are the files of a root module in native syntax that declare something.
func rootFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "override.tf") })
}

// repeatable are the addresses of the resources and module calls of a file that have
// neither count nor for_each.
func repeatable(t *testing.T, source []byte) (addresses []string) {
	t.Helper()
	f, diags := hclwrite.ParseConfig(source, "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, b := range f.Body().Blocks() {
		if b.Body().GetAttribute("count") == nil && b.Body().GetAttribute("for_each") == nil {
			if address := addressOf(b); address != "" {
				addresses = append(addresses, address)
			}
		}
	}
	return addresses
}

// addressOf is the address of what a block declares; empty for neither a resource nor a module.
func addressOf(b *hclwrite.Block) string {
	switch {
	case b.Type() == "resource":
		return strings.Join(b.Labels(), ".")
	case b.Type() == "module":
		return "module." + b.Labels()[0]
	default:
		return ""
	}
}

// oneLine is a block on one line, which takes no second argument.
var oneLine = regexp.MustCompile(`(?m)^((?:resource|module) [^{]*\{) (.*) \}$`)

// withCount is a file in which what has an address has a count of var.zz. referred says that
// something in the file refers to it.
func withCount(t *testing.T, source []byte, address string) (edited []byte, referred bool) {
	t.Helper()
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(address) + `\b`)
	text := word.ReplaceAllString(string(source), address+"[0]")
	referred = text != string(source)
	text = oneLine.ReplaceAllString(text, "$1\n  $2\n}")
	f, diags := hclwrite.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, b := range f.Body().Blocks() {
		if addressOf(b) == address {
			expr, _ := hclsyntax.LexExpression([]byte("var.zz ? 1 : 0"), "", hcl.InitialPos)
			var tokens hclwrite.Tokens
			for _, token := range expr {
				if token.Type != hclsyntax.TokenEOF {
					tokens = append(tokens, &hclwrite.Token{Type: token.Type, Bytes: token.Bytes, SpacesBefore: 1})
				}
			}
			b.Body().SetAttributeRaw("count", tokens)
		}
	}
	return append(f.Bytes(), "\nvariable \"zz\" {\n  type = bool\n}\n"...), referred
}

// edit judges a configuration of which one file has other content, with a value of var.zz.
func edit(t *testing.T, dir, file string, content []byte, zz cty.Value) map[string]report.Finding {
	t.Helper()
	c, err := tfconfig.LoadWith(dir, tfconfig.LoadOptions{Edited: map[string][]byte{file: content}})
	if err != nil {
		t.Fatal(dir, err)
	}
	if c, err = c.As(tfconfig.Terraform); err != nil {
		t.Fatal(dir, err)
	}
	values, _, err := c.Variables(tfconfig.VariableSources{Dir: dir})
	if err != nil {
		t.Fatal(dir, err)
	}
	if zz != cty.NilVal {
		values["zz"] = zz
	}
	p, err := tfplan.ReadUnplanned(t.Context(), c, tfplan.UnplannedOptions{Variables: values})
	if err != nil {
		t.Fatal(dir, err)
	}
	return verdicts(p)
}
