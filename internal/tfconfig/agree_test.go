package tfconfig_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// expressions generates expressions of Terraform's language, by the type of their
// value. % in a form is replaced by an expression of the type that follows it: s a
// string, n a number, l a list of strings, m a map of lists of strings, a anything.
type expressions struct{ *rand.Rand }

var forms = map[byte][]string{
	's': {`"a"`, `"b"`, `""`, `"10.1.0.0/16"`, `"fd00::/8"`, `"/x/y/z.txt"`, `"./"`, `"2026-01-02T03:04:05Z"`, `"2026-01-02T05:04:05+02:00"`,
		`"a: [1, b, {c: ~}]\nd: &x 0o7\n"`, `"- é\n- 1e3\n- yes\n"`, `"{"`, `"a\nb"`,
		`basename(%s)`, `dirname(%s)`, `cidrhost(%s, %n)`, `cidrnetmask(%s)`, `cidrsubnet(%s, %n, %n)`, `md5(%s)`, `sha1(%s)`, `sha256(%s)`,
		`sha512(%s)`, `base64sha256(%s)`, `base64sha512(%s)`, `indent(%n, %s)`, `urlencode(%s)`,
		`textencodebase64(%s, "UTF-16LE")`, `textencodebase64(%s, "iso-8859-1")`,
		`textdecodebase64(textencodebase64(%s, "UTF-16"), "utf-16")`, `textdecodebase64(base64encode(%s), "us-ascii")`,
		`templatestring(local.template, { x = %a, on = true })`, `templatestring(local.template, { x = %s, on = %n > 1 })`,
		`uuidv5("dns", %s)`, `uuidv5(%s, %s)`,
		`yamlencode(%a)`, `jsonencode(%a)`, `join(%s, %l)`, `one(%l)`, `"%{ if %n > 1 }${%s}%{ else }-%{ endif }"`,
		`"%{ for x in %l ~}\n<${x}>\n%{ endfor ~}"`, `"%{ for i, x in %l }${i}%{ if x == %s }!%{ endif }%{ endfor }"`,
		`try(%s, "none")`, `tostring(%n)`, `replace(%s, %s, %s)`, `element(%l, %n)`, `lower(%s)`, `trimspace(%s)`},
	'n': {`0`, `1`, `2`, `8`, `-1`, `257`, `2.5`, `sum([%n, %n])`, `sum([%n, "3"])`, `sum(%l)`, `sum([])`, `timecmp(%s, %s)`, `length(%l)`,
		`length(%m)`, `try(%n, 7)`, `can(%a) ? 1 : 0`, `can(%s) ? 1 : 0`, `alltrue([for x in %l : x != %s]) ? 1 : 2`,
		`anytrue([for x in %l : x == %s]) ? 1 : 2`},
	'l': {`[]`, `["a"]`, `["a", "b"]`, `["b", "a", "b"]`, `cidrsubnets(%s, %n, %n)`,
		`matchkeys(%l, %l, %l)`, `matchkeys([%s, %s], [%s, %n], [%s])`,
		`[%s, %s]`, `[for x in %l : upper(x) if x != %s]`, `keys(transpose(%m))`, `flatten(values(transpose(%m)))`, `try(%l, [])`, `compact(%l)`,
		`distinct(%l)`, `[for p in setproduct(%l, %l) : join("-", p)]`},
	'm': {`{}`, `{ a = ["x", "y"], b = ["y"] }`, `{ (%s) = %l }`, `transpose(%m)`,
		`{ for x in %l : x => [x]... }`, `{ for x in toset(%l) : x => %l }`},
	'a': {`null`, `true`, `%s`, `%n`, `%l`, `%m`, `yamldecode(%s)`, `yamldecode(yamlencode(%a))`, `{ x = %a, y = %s }`, `[%a, %n]`,
		`try(yamldecode(%s).d, %s)`, `ephemeralasnull(%a)`, `toset(%l)`},
}

// of returns an expression of a type that nests at most to a depth.
func (x expressions) of(typ byte, depth int) string {
	list := forms[typ]
	form := list[x.IntN(len(list))]
	for depth <= 0 && strings.Contains(form, "%") {
		form = list[x.IntN(len(list))]
	}
	var out strings.Builder
	for i := 0; i < len(form); i++ {
		if form[i] == '%' && i+1 < len(form) && forms[form[i+1]] != nil {
			i++
			out.WriteString(x.of(form[i], depth-1))
			continue
		}
		out.WriteByte(form[i])
	}
	return out.String()
}

// TestFunctionsAgree: a value that is known is the one that the real Terraform
// computes, for random expressions of functions and templates.
func TestFunctionsAgree(t *testing.T) {
	t.Parallel()
	n, seed := 400, uint64(17)
	if os.Getenv("REDISBASELINE_LONG") != "" {
		n, seed = 1000, uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	x := expressions{rand.New(rand.NewPCG(seed, 0))}
	list := make([]string, n)
	var hcl strings.Builder
	hcl.WriteString("locals { template = \"$${x}%%{ if on } on%%{ endif }\" }\n")
	for i := range list {
		list[i] = x.of("snlma"[i%5], 3)
		fmt.Fprintf(&hcl, "output \"e%d\" { value = try(jsonencode(%s), \"fails\") }\n", i, list[i])
		fmt.Fprintf(&hcl, "resource \"terraform_data\" \"e%d\" { triggers_replace = try(jsonencode(%s), \"fails\") }\n", i, list[i])
	}
	dir := write(t, hcl.String())
	run := realTerraform(t, dir)
	run("init", "-no-color", "-input=false")
	run("plan", "-no-color", "-input=false", "-out=saved.tfplan")
	var plan struct {
		Planned struct {
			Outputs map[string]struct{ Value any }
		} `json:"planned_values"`
	}
	if err := json.Unmarshal(run("show", "-json", "saved.tfplan"), &plan); err != nil {
		t.Fatal(err)
	}
	cfg, err := tfconfig.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	e, known := cfg.NewEvaluator(nil, azure), 0
	for i, expr := range list {
		got := e.Reference(fmt.Sprintf("terraform_data.e%d", i), "triggers_replace")
		if got.Kind == tfconfig.Unresolved {
			continue
		}
		known++
		if want := plan.Planned.Outputs[fmt.Sprintf("e%d", i)].Value; got.Value != want {
			t.Errorf("%s:\n got  %s\n want %v", expr, show(got), want)
		}
	}
	t.Logf("%d of %d are known", known, n)
	if known < n*6/10 {
		t.Errorf("only %d of %d are known", known, n)
	}
}
