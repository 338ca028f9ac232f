package tfconfig

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// What is remembered of a module is dropped after its resources, and evaluated again for who
// asks later, as another module does here.
func TestForget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.tf": "module \"a\" {\n  source = \"./a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n  name   = module.a.name\n}\n",
		"a/main.tf": "locals {\n  name = \"redis\"\n}\nresource \"x\" \"a\" {\n  name = local.name\n}\n" +
			"output \"name\" {\n  value = x.a.name\n}\n",
		"b/main.tf": "variable \"name\" {}\nresource \"x\" \"b\" {\n  name = var.name\n}\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := c.NewEvaluator(nil, Schema{})
	seen := 0
	for r := range e.instances() {
		seen++
		for _, m := range e.root.children {
			if m.address != r.module && len(m.memo) > 0 {
				t.Errorf("at %s: %d values of %s are remembered", r.address, len(m.memo), m.address)
			}
		}
		v, found := e.planned(r.target, []any{"name"})
		if !found || !v.RawEquals(cty.StringVal("redis")) {
			t.Errorf("%s: the name is %#v", r.address, v)
		}
	}
	if seen != 2 {
		t.Errorf("%d resources, want 2", seen)
	}
}
