package tfplan_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// emptyPlan is the smallest plan that is one.
// providersPlan is a plan whose provider configurations, of the root and of a module in a
// module, refer to a cache.
const providersPlan = `{"format_version":"1.2","complete":true,"resource_changes":[
{"address":"azurerm_redis_cache.c","mode":"managed","type":"azurerm_redis_cache","name":"c",
"provider_name":"registry.terraform.io/hashicorp/azurerm","change":{"actions":["create"],"before":null,"after":{"name":"c"}}}],
"configuration":{"provider_config":{
"redis":{"name":"redis","full_name":"registry.terraform.io/a/redis","expressions":{
"address":{"references":["azurerm_redis_cache.c.hostname","azurerm_redis_cache.c"]}}},
"module.a.module.b:redis":{"name":"redis","module_address":"module.a.module.b","expressions":{
"nested":[{"token":{"references":["var.key"]}}]}},
"module.gone:redis":{"expressions":{"token":{"references":["var.key"]}}}},
"root_module":{"resources":[
{"address":"azurerm_redis_cache.c","mode":"managed","type":"azurerm_redis_cache","name":"c","provider_config_key":"azurerm"}],
"module_calls":{"a":{"expressions":{"key":{"references":["azurerm_redis_cache.c.primary_access_key","azurerm_redis_cache.c"]}},
"module":{"variables":{"key":{}},"module_calls":{"b":{"expressions":{"key":{"references":["var.key"]}},
"module":{"variables":{"key":{}}}}}}}}}}}`

const emptyPlan = `{"format_version":"1.2","resource_changes":[],"complete":true}`

func utf16le(s string) string {
	var out bytes.Buffer
	out.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		out.WriteByte(byte(u))
		out.WriteByte(byte(u >> 8))
	}
	return out.String()
}

// TestBadInput: every kind of input that is no plan gives one line that names
// the cause, and never what the input holds.
func TestBadInput(t *testing.T) {
	const secret = "CANARY-SECRET"
	tests := []struct {
		name, input, want string
		max               int64
	}{
		{"empty", "", "empty", 0},
		{"white space", " \n\t ", "empty", 0},
		{"truncated", `{"format_version":"1.2","resource_changes":[{"address":"CANARY-SECRET`, "truncated", 0},
		{"truncated after a key", `{"format_version":"1.2","resource_changes":`, "truncated", 0},
		{"HTML", "<!DOCTYPE html><html>CANARY-SECRET</html>", "HTML", 0},
		{"saved plan", "PK\x03\x04CANARY-SECRET", "saved plan", 0},
		{"gzip", "\x1f\x8bCANARY-SECRET", "gzip", 0},
		{"UTF-16 of half a character", utf16le(emptyPlan) + "x", "UTF-16 ends within a character", 0},
		{"UTF-16 of half a pair", utf16le(`{"CANARY-SECRET":"`) + "\x3d\xd8", "UTF-16 ends within a character", 0},
		{"invalid UTF-16", utf16le(`{"CANARY-SECRET":"`) + "\x3d\xd8x\x00", "invalid as such", 0},
		{"truncated UTF-16", utf16le(emptyPlan[:20]), "truncated", 0},
		{"array", `[1,"CANARY-SECRET"]`, "no plan", 0},
		{"number", `17`, "no plan", 0},
		{"string", `"CANARY-SECRET"`, "no plan", 0},
		{"words", `CANARY-SECRET`, "no plan", 0},
		{"object without format_version", `{"CANARY-SECRET":1}`, "no format_version", 0},
		{"format_version alone", `{"format_version":"1.2"}`, "no plan", 0},
		{"format_version 2.0", `{"format_version":"2.0","resource_changes":[]}`, "unknown format version", 0},
		{"format_version 0.0", `{"format_version":"0.0","resource_changes":[]}`, "unknown format version", 0},
		{"format_version of words", `{"format_version":"CANARY-SECRET","resource_changes":[]}`, "unknown format version", 0},
		{"format_version as a number", `{"format_version":1.2,"resource_changes":[]}`, "format version", 0},
		{"shown state", `{"format_version":"1.0","terraform_version":"1.11.4",` +
			`"values":{"root_module":{"resources":[{"values":{"key":"CANARY-SECRET"}}]}}}`, "a state, not a plan", 0},
		{"raw state", `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","resources":[]}`, "a state, not a plan", 0},
		{"errored", `{"format_version":"1.2","resource_changes":[],"errored":true}`, "errored", 0},
		{"errored first", `{"errored":true,"format_version":"1.2","resource_changes":[]}`, "errored", 0},
		{"duplicate key", `{"format_version":"1.2","format_version":"1.2","resource_changes":[]}`, "duplicate key", 0},
		{"duplicate key in a change", change(`"address":"a","mode":"managed","type":"azurerm_redis_cache","type":"CANARY-SECRET"`),
			"duplicate key", 0},
		{"duplicate attribute", change(`"address":"a","mode":"managed","type":"azurerm_redis_cache","change":{"actions":["create"],` +
			`"after":{"name":"CANARY-SECRET","name":"b"}}`), "duplicate key", 0},
		{"duplicate attribute, change first",
			change(`"change":{"actions":["create"],"after":{"name":"CANARY-SECRET","name":"b"}},"address":"a","mode":"managed",` +
				`"type":"azurerm_redis_cache"`), "duplicate key", 0},
		{"same address twice", `{"format_version":"1.2","resource_changes":[` + cacheJSON("a", "x") + `,` + cacheJSON("a", "y") + `]}`,
			"same address", 0},
		{"invalid UTF-8", "{\"format_version\":\"1.2\",\"x\":\"CANARY-SECRET\xff\"}", "UTF-8", 0},
		{"trailing garbage", emptyPlan + `CANARY-SECRET`, "followed by something else", 0},
		{"two plans", emptyPlan + emptyPlan, "followed by another one", 0},
		{"too large", emptyPlan, "larger than the limit of 20 bytes", 20},
		{"changes that are no array", `{"format_version":"1.2","resource_changes":{"CANARY-SECRET":1}}`, "array is expected", 0},
		{"a change that is no object", `{"format_version":"1.2","resource_changes":["CANARY-SECRET"]}`, "resource change is expected", 0},
		{"unknown action", change(`"address":"a","mode":"managed","type":"azurerm_redis_cache","change":{"actions":["CANARY-SECRET"]}`),
			"no action that is known", 0},
		{"a change without a mode",
			change(`"address":"a","type":"azurerm_redis_cache","change":{"actions":["create"],"after":{"name":"CANARY-SECRET"}}`),
			"no mode (at /resource_changes/0)", 0},
		{"a change without a type", change(`"address":"a","mode":"managed","change":{"actions":["create"],"after":{"name":"CANARY-SECRET"}}`),
			"no type (at /resource_changes/0)", 0},
		{"a change without an address",
			change(`"mode":"managed","type":"azurerm_redis_cache","change":{"actions":["create"],"after":{"name":"CANARY-SECRET"}}`),
			"no address (at /resource_changes/0)", 0},
		{"a change whose mode is a number", change(`"address":"a","mode":7,"type":"azurerm_redis_cache","change":{"actions":["create"]}`),
			"no mode", 0},
		{"another change without a mode", `{"format_version":"1.2","resource_changes":[` + cacheJSON("azurerm_redis_cache.a", "x") +
			`,{"address":"x","type":"azurerm_web"}]}`, "no mode (at /resource_changes/1)", 0},
		{"a change without actions", change(`"address":"a","mode":"managed","type":"azurerm_redis_cache"`), "no action that is known", 0},
		{"errored as a word", `{"format_version":"1.2","resource_changes":[],"errored":"CANARY-SECRET"}`,
			"errored is no truth value (at /errored)", 0},
		{"errored as null", `{"format_version":"1.2","resource_changes":[],"errored":null}`, "errored is no truth value", 0},
		{"complete as a word", `{"format_version":"1.2","resource_changes":[],"complete":"true"}`, "complete is no truth value", 0},
		{"planned values without changes",
			`{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"azurerm_web.a","mode":"managed",` +
				`"type":"azurerm_web"}]}}}`, "resource_changes is missing (at /planned_values)", 0},
		{"planned values of a module without changes",
			`{"planned_values":{"root_module":{"child_modules":[{"resources":[{"address":"x"}]}]}},"format_version":"1.2"}`,
			"resource_changes is missing", 0},
		{"a planned cache that the changes lack",
			`{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"azurerm_redis_cache.a","mode":"managed",` +
				`"type":"azurerm_redis_cache","values":{"name":"CANARY-SECRET"}}]}},"resource_changes":[]}`, "a cache that resource_changes lacks", 0},
		{"malformed", `{"format_version":"1.2","resource_changes":[}`, "malformed", 0},
		{"nested too deeply", `{"x":` + strings.Repeat("[", 20000), "nested too deeply", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := tfplan.Read(t.Context(), strings.NewReader(tt.input), tfplan.Options{MaxSize: tt.max})
			var bad *tfplan.InputError
			if !errors.As(err, &bad) || p != nil {
				t.Fatalf("plan %v, error %v: want an InputError and no plan", p, err)
			}
			msg := err.Error()
			if !strings.Contains(msg, tt.want) {
				t.Errorf("error %q does not say %q", msg, tt.want)
			}
			if strings.Contains(msg, "byte 0") {
				t.Errorf("error %q names the first byte, which is not at fault", msg)
			}
			if strings.Contains(msg, secret) || strings.Contains(msg, "\n") {
				t.Errorf("error %q shows the input or more than one line", msg)
			}
		})
	}
}

func change(members string) string {
	return `{"format_version":"1.2","resource_changes":[{` + members + `}]}`
}

func cacheJSON(address, name string) string {
	return `{"address":"` + address + `","mode":"managed","type":"azurerm_redis_cache","change":{"actions":["create"],"after":{"name":"` +
		name + `"}}}`
}

// TestGoodInput: what is unusual and still a plan is read.
func TestGoodInput(t *testing.T) {
	for name, input := range map[string]string{
		"byte order mark":    "\xef\xbb\xbf" + emptyPlan,
		"white space around": "\n " + emptyPlan + " \n",
		"format 0.1":         strings.Replace(emptyPlan, "1.2", "0.1", 1),
		"format 1.99":        strings.Replace(emptyPlan, "1.2", "1.99", 1),
		"no changes at all":  `{"format_version":"1.2","planned_values":{"root_module":{}}}`,
		"trimmed values":     `{"format_version":"1.2","planned_values":{},"resource_changes":[],"configuration":{}}`,
		"an unjudged cache among data": `{"format_version":"1.2","planned_values":{"root_module":{"resources":[` +
			`{"address":"data.azurerm_redis_cache.a","mode":"data",` +
			`"type":"azurerm_redis_cache"}]}},"resource_changes":[]}`,
		"no complete key": `{"format_version":"1.2","resource_changes":[]}`,
	} {
		if p, err := tfplan.Read(t.Context(), strings.NewReader(input), tfplan.Options{}); err != nil || p.Len() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// endless repeats a piece up to a size.
type endless struct {
	head, piece string
	left        int64
	buf         string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if e.buf == "" {
		e.buf, e.head = e.head, ""
		if e.buf == "" {
			e.buf = e.piece
		}
	}
	n := copy(p, e.buf)
	e.buf, e.left = e.buf[n:], e.left-int64(n)
	return n, nil
}

// TestGarbageStaysSmall: a gigabyte of anything is refused within bounded memory.
func TestGarbageStaysSmall(t *testing.T) {
	const size, token = 1 << 30, 4 << 20
	defer tfplan.LimitToken(token)()
	long := strings.Repeat("x", 1<<16)
	for name, r := range map[string]*endless{
		"zeros":      {piece: strings.Repeat("\x00", 1<<16)},
		"one string": {head: `{"format_version":"1.2","x":"`, piece: long},
		"one key":    {head: `{"`, piece: long},
		"one number": {head: `{"x":1`, piece: strings.Repeat("1", 1<<16)},
		"one change": {head: `{"format_version":"1.2","resource_changes":[{"change":"`, piece: long},
		"brackets":   {head: `{"x":`, piece: strings.Repeat("[", 1<<16)},
		"words":      {piece: "lorem ipsum "},
	} {
		t.Run(name, func(t *testing.T) {
			r.left = size
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := tfplan.Read(t.Context(), r, tfplan.Options{})
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("accepted")
			}
			if read := size - r.left; read > 2*token {
				t.Errorf("read %d MiB before refusing", read>>20)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 10*token {
				t.Errorf("allocated %d MiB", grown>>20)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func TestReaderError(t *testing.T) {
	_, err := tfplan.Read(t.Context(), io.MultiReader(strings.NewReader(`{"format_version":"1.2",`), broken{}), tfplan.Options{})
	if err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("error %v does not name the reader's error", err)
	}
}

// TestNoSecretIsKept: nothing that a plan knows of keys is kept or shown.
func TestNoSecretIsKept(t *testing.T) {
	raw, err := os.ReadFile("testdata/plans/existing-caches/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte("CANARY-")) {
		t.Fatal("the plan holds no secrets to look for")
	}
	p, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(p); strings.Contains(got, "CANARY-") {
		t.Errorf("a posture holds a secret:\n%s", got)
	}
	if got := tfplan.Kept(p); strings.Contains(got, "CANARY-") || !strings.Contains(got, "redis-billing") {
		t.Errorf("the plan keeps a secret, or nothing:\n%s", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(emptyPlan))
	for _, name := range []string{"for-each-caches", "azapi-cache", "existing-caches", "vnet-injected-premium", "modules-link",
		"mixed-estate"} {
		raw, err := os.ReadFile("testdata/plans/" + name + "/plan.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(providersPlan))
	for _, tt := range hostileInputs() {
		f.Add(hostileInput(f, tt.edit))
	}
	first := []byte(emptyPlan + "\n")
	f.Add(slices.Concat(first, first, []byte("[command]/terraform-bin\n"), first[:30], first, []byte("::debug::exitcode: 0\n")))
	f.Add([]byte(utf16le(emptyPlan + emptyPlan)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		plans, errs := 0, 0
		for s := tfplan.NewStream(t.Context(), bytes.NewReader(raw), tfplan.Options{Migration: true}); ; {
			p, err := s.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				if errs++; strings.Contains(err.Error()+s.Place(), "\n") {
					t.Errorf("more than one line: %q", err)
				}
				continue
			}
			plans++
			checkFuzzed(t, p)
		}
		if plans+errs == 0 {
			t.Error("neither a plan nor an error")
		}
		_, err := tfplan.Read(t.Context(), bytes.NewReader(raw), tfplan.Options{Migration: true})
		if (err == nil) != (plans == 1 && errs == 0) {
			t.Errorf("%d plans and %d errors, and read alone: %v", plans, errs, err)
		}
		if err != nil || !bytes.HasPrefix(raw, []byte("{")) || bytes.Contains(raw, []byte("\n{")) {
			return
		}
		// A plan alone is the same beside another one.
		s := tfplan.NewStream(t.Context(), io.MultiReader(bytes.NewReader(first), bytes.NewReader(raw), bytes.NewReader(first)),
			tfplan.Options{Migration: true})
		for n := 1; n <= 3; n++ {
			if _, err := s.Next(); err != nil || s.Place() != fmt.Sprint(", plan ", n) {
				t.Errorf("plan %d of three, %q: %v", n, s.Place(), err)
			}
		}
	})
}

// checkFuzzed holds what a plan says against itself.
func checkFuzzed(t *testing.T, p *tfplan.Plan) {
	n := 0
	for c := range p.Caches() {
		n++
		if c.After == nil || c.After.Address == "" {
			t.Error("a cache without an address")
		}
	}
	if n != p.Len() {
		t.Errorf("%d caches, Len says %d", n, p.Len())
	}
	for _, u := range p.Unjudged() {
		if u.Address == "" || u.Type == "" {
			t.Errorf("a Redis resource without an address or a type: %+v", u)
		}
	}
}
