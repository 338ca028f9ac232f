package fix_test

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/fix"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// apply makes replacements in files, each one once.
func apply(files fix.Files, all []report.Replacement) map[string][]byte {
	slices.SortFunc(all, func(a, b report.Replacement) int {
		return cmp.Or(strings.Compare(a.File, b.File), b.Start-a.Start, b.End-a.End)
	})
	all = slices.CompactFunc(all, func(a, b report.Replacement) bool { return a.File == b.File && a.Lines == b.Lines })
	out := map[string][]byte{}
	for _, f := range files {
		text := string(f.Before)
		for _, r := range all {
			if r.File == f.Name {
				text = accept(text, r.Lines)
			}
		}
		out[f.Name] = []byte(text)
	}
	return out
}

// statuses are those of all findings.
func statuses(t *testing.T, dir string, edited map[string][]byte) map[string]report.Status {
	t.Helper()
	judged, err := judge(dir, edited)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]report.Status{}
	each(judged, func(address string, f report.Finding) { out[address+" "+f.ID] = f.Status })
	return out
}

// replaces wants the replacements of all findings together to do what the fix does, and those
// of each finding alone to mend it as far and to violate nothing that was not.
func replaces(t *testing.T, files []txtar.File) {
	t.Helper()
	dir := write(t, files)
	result, err := runWith(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	before := statuses(t, dir, nil)
	fixed := map[string][]byte{}
	for _, f := range result.Files {
		fixed[f.Name] = f.After
	}
	after := statuses(t, dir, fixed)
	var all []report.Replacement
	seen, shown := map[string]bool{}, true
	for _, m := range result.Mended {
		for _, id := range m.IDs {
			key := m.Cache + " " + id
			replacements := slices.Clone(result.ReplacementsOf(m.Cache, id))
			whole := slices.ContainsFunc(replacements, func(r report.Replacement) bool { return slices.Contains(r.Settings, m.Setting) })
			if all, shown = append(all, replacements...), shown && whole; seen[key] || !whole {
				continue
			}
			seen[key] = true
			alone := statuses(t, dir, apply(result.Files, replacements))
			for other, status := range alone {
				if status == report.NonCompliant && before[other] != status {
					t.Errorf("%s alone brings %s", key, other)
				}
			}
			if shown && alone[key] != after[key] {
				t.Errorf("%s is %s alone, and %s with all", key, alone[key], after[key])
			}
		}
	}
	edited := apply(result.Files, all)
	for key, status := range statuses(t, dir, edited) {
		if shown && status != after[key] {
			t.Errorf("%s is %s with the replacements, and %s with the fix:\n%s", key, status, after[key], edited)
		}
	}
}

func TestReplacements(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			replaces(t, slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want") }))
		})
	}
	for name, main := range map[string]string{
		"one block on a line": oneLine, "two members on a line": oneLineBody, "keys need TLS": keysNeedTLS,
	} {
		t.Run(name, func(t *testing.T) { replaces(t, []txtar.File{{Name: "main.tf", Data: []byte(main)}}) })
	}
}

const oneLine = `resource "azurerm_redis_cache" "c" {
  name = "redis-three"
  location = "westeurope"
  resource_group_name = "rg"
  sku_name = "Standard"
  family = "C"
  capacity = "1"
  non_ssl_port_enabled = "true"
  public_network_access_enabled = "true"
  redis_configuration { authentication_enabled = "false" }
}
`

const oneLineBody = `resource "azapi_resource" "c" {
  type      = "Microsoft.Cache/redis@2024-11-01"
  name      = "redis-seven"
  parent_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
  location  = "westeurope"
  body = {
    properties = {
      sku = { name = "Standard", family = "C", capacity = 1 }
      enableNonSslPort    = true, minimumTlsVersion = "1.0"
      publicNetworkAccess = "Enabled"
    }
  }
}
`
