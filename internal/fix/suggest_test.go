package fix_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"golang.org/x/tools/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// suggested tells the suggestions for a configuration: the settings, the line, and the lines
// to write with what replaces them.
func suggested(t *testing.T, main string) (out []*report.Suggestion) {
	t.Helper()
	result, err := runWith(write(t, []txtar.File{{Name: "main.tf", Data: []byte(main)}}), true)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[*report.Suggestion]bool{}
	for _, m := range result.Mended {
		if s := m.Fix.Suggestion; s == nil {
			t.Errorf("no suggestion for %s", m.Setting)
		} else if !seen[s] {
			seen[s], out = true, append(out, s)
		}
	}
	return out
}

func formatted(text string) string { return string(hclwrite.Format([]byte(text))) }

func told(all []*report.Suggestion) string {
	var out strings.Builder
	for _, s := range all {
		fmt.Fprintf(&out, "%s:%d", s.File, s.Line)
		for _, change := range s.Settings {
			out.WriteString(" [" + change.Setting + "]")
			if change.Line != s.Line {
				fmt.Fprintf(&out, " at %d", change.Line)
			}
		}
		if s.Together {
			out.WriteString(" together")
		}
		out.WriteString("\n")
		for _, way := range s.Ways {
			fmt.Fprintf(&out, "  %d-%d\n", way.Start, way.End-1)
			for line := range strings.Lines(way.Text) {
				out.WriteString("  |" + line)
			}
		}
	}
	return out.String()
}

// entra is a block that needs no change.
const entra = `
  redis_configuration {
    active_directory_authentication_enabled = true
  }
}
`

func TestSuggestions(t *testing.T) {
	const head = `resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  resource_group_name = "rg"
  capacity            = 1
  family              = "C"
  sku_name            = "Standard"
`
	for name, test := range map[string]struct{ main, want string }{
		"a value": {head + `  minimum_tls_version = "1.0" # old clients` + "\n" + entra, `main.tf:8 [minimum_tls_version = "1.2"]
  8-8
  |  minimum_tls_version = "1.2" # old clients
`},
		"a block that is added": {head + "}\n", `main.tf:7 [redis_configuration.active_directory_authentication_enabled = true]
  7-7
  |  sku_name            = "Standard"
  |
  |  redis_configuration {
  |    active_directory_authentication_enabled = true
  |  }
  8-8
  |
  |  redis_configuration {
  |    active_directory_authentication_enabled = true
  |  }
  |}
`},
		"two with a line between": {
			strings.Replace(head, "sku_name  ", "non_ssl_port_enabled = true\n  sku_name ", 1) + "  minimum_tls_version = \"1.0\"\n" + entra,
			`main.tf:7 [non_ssl_port_enabled = false]
  7-7
  |  non_ssl_port_enabled = false
main.tf:9 [minimum_tls_version = "1.2"]
  9-9
  |  minimum_tls_version = "1.2"
`},
		"two on adjacent lines": {head + "  non_ssl_port_enabled = true\n  minimum_tls_version = \"1.0\"\n" + entra,
			`main.tf:8 [non_ssl_port_enabled = false] [minimum_tls_version = "1.2"] at 9
  8-9
  |  non_ssl_port_enabled = false
  |  minimum_tls_version = "1.2"
`},
		"beside a line that may hold a secret": {head + "  non_ssl_port_enabled = true # pw CANARY\n  minimum_tls_version  = \"1.0\"\n" + entra,
			`main.tf:8 [non_ssl_port_enabled = false]
main.tf:9 [minimum_tls_version = "1.2"]
  9-9
  |  minimum_tls_version  = "1.2"
`},
		"lines that are aligned anew": {
			strings.ReplaceAll(head, "               ", "") + "  redis_configuration {\n    rdb_backup_enabled = false\n  }\n}\n",
			`main.tf:9 [redis_configuration.active_directory_authentication_enabled = true]
  9-9
  |    rdb_backup_enabled = false
  |    active_directory_authentication_enabled = true
  10-10
  |    active_directory_authentication_enabled = true
  |  }
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := told(suggested(t, test.main)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestSuggestionsShowNoSecret: where a line that is written holds something that reports do
// not show, another one is taken, or it is not aligned anew, else there is none; neither has
// the changes alone, which SARIF has.
func TestSuggestionsShowNoSecret(t *testing.T) {
	const (
		secret = `rdb_storage_connection_string = "DefaultEndpointsProtocol=https;AccountKey=CANARY"`
		head   = `resource "azurerm_redis_cache" "a" {
  name = "redis-a"
  location = "westeurope"
  resource_group_name = "rg-${var.stage}"
  capacity = 1
  family = "P"
`
		stage = "\nvariable \"stage\" {\n  default = \"CANARY-stage\"\n}\n"
	)
	for name, test := range map[string]struct {
		main   string
		ways   int  // of all suggestions
		hidden bool // a change alone
	}{
		"a block on one line":            {head + "  redis_configuration { " + secret + " }\n}\n", 0, true},
		"beside the line that is before": {head + "  redis_configuration {\n    " + secret + "\n  }\n}\n", 1, false},
		"aligned anew": {formatted(head + "  redis_configuration {\n    " + secret + "\n  }\n}\n"),
			1, false},
		"tags":              {head + "  tags = { key = \"CANARY\" }\n}\n", 1, false},
		"a number":          {head + "  unknown_argument = 4242\n}\n", 1, false},
		"an unknown text":   {head + "  sku_name = \"CANARY\"\n}\n", 1, false},
		"a call":            {head + "  sku_name = lower(\"CANARY\")\n}\n", 1, false},
		"a comment":         {head + "  minimum_tls_version = \"1.0\" # key=CANARY\n" + entra, 0, true},
		"a long word":       {head + "  minimum_tls_version = \"1.0\" # CANARY" + strings.Repeat("x", 30) + "\n" + entra, 0, true},
		"a password":        {head + "  minimum_tls_version = \"1.0\" # pw CANARY\n" + entra, 0, true},
		"a comment between": {head + "  minimum_tls_version = /* key=CANARY */ \"1.0\"\n" + entra, 0, true},
		"what is shown":     {head + "  minimum_tls_version = \"1.0\" # for old clients\n" + entra, 1, false},
		"Windows":           {strings.ReplaceAll(head+"  minimum_tls_version = \"1.0\"\n"+entra, "\n", "\r\n"), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := runWith(write(t, []txtar.File{{Name: "main.tf", Data: []byte(test.main + stage)}}), true)
			if err != nil {
				t.Fatal(err)
			}
			ways, hidden := 0, false
			seen := map[*report.Suggestion]bool{}
			for _, m := range result.Mended {
				for _, id := range m.IDs {
					replacements := result.ReplacementsOf(m.Cache, id)
					hidden = hidden || !slices.ContainsFunc(replacements, func(r report.Replacement) bool {
						return slices.Contains(r.Settings, m.Setting)
					})
					if text := fmt.Sprint(replacements); strings.Contains(text, "CANARY") {
						t.Errorf("shown: %s", text)
					}
				}
				if s := m.Fix.Suggestion; !seen[s] {
					seen[s], ways = true, ways+len(s.Ways)
					for _, way := range s.Ways {
						if strings.Contains(way.Text, "CANARY") {
							t.Errorf("suggested: %s", way.Text)
						}
					}
				}
			}
			if len(seen) == 0 || ways != test.ways || hidden != test.hidden {
				t.Errorf("%d suggestions in %d ways, want %d; hidden: %v", len(seen), ways, test.ways, hidden)
			}
		})
	}
}

const keysNeedTLS = `terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "4.60.0" }
  }
}

resource "azurerm_managed_redis" "a" {
  name                  = "amr-a"
  location              = "westeurope"
  resource_group_name   = "rg"
  sku_name              = "Balanced_B5"
  public_network_access = "Disabled"

  default_database {
    access_keys_authentication_enabled = true
    clustering_policy                  = "OSSCluster"
    eviction_policy                    = "NoEviction"
    client_protocol                    = "Plaintext"
  }
}

resource "azurerm_managed_redis_access_policy_assignment" "a" {
  managed_redis_id = azurerm_managed_redis.a.id
  object_id        = "11111111-1111-1111-1111-111111111111"
}
`

// TestSuggestionThatWaits: without keys, clients need TLS to sign in, which comes first.
func TestSuggestionThatWaits(t *testing.T) {
	t.Parallel()
	want := `main.tf:18 [default_database.client_protocol = "Encrypted"]
  18-18
  |    client_protocol                    = "Encrypted"
`
	if got := told(suggested(t, keysNeedTLS)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSuggestionsMakeTheFix: all suggestions for a file together, in whatever way, write what
// the fix writes, and each alone leaves a file that parses, formatted where it was.
func TestSuggestionsMakeTheFix(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		given := slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want") })
		result, err := runWith(write(t, given), true)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range result.Files {
			var all []*report.Suggestion
			told := true
			for _, m := range result.Mended {
				if s := m.Fix.Suggestion; s.File == file.Name && !slices.Contains(all, s) {
					all, told = append(all, s), told && len(s.Ways) > 0
				}
			}
			for way := range 2 {
				accepted := string(file.Before)
				slices.SortFunc(all, func(a, b *report.Suggestion) int { return b.Line - a.Line })
				for _, s := range all {
					if len(s.Ways) == 0 {
						continue
					}
					lines := s.Ways[min(way, len(s.Ways)-1)]
					accepted = accept(accepted, lines)
					alone := accept(string(file.Before), lines)
					if _, diags := hclsyntax.ParseConfig([]byte(alone), "", hcl.InitialPos); diags.HasErrors() {
						t.Errorf("%s: %v in\n%s", name, diags, alone)
					}
					if formatted(string(file.Before)) == string(file.Before) && formatted(alone) != alone {
						t.Errorf("%s: not formatted any more:\n%s", name, alone)
					}
				}
				if told && accepted != string(file.After) {
					t.Errorf("%s: got\n%s\nwant\n%s", name, accepted, file.After)
				}
			}
			if told {
				compared++
			}
		}
	}
	if compared < 30 {
		t.Errorf("%d files were compared", compared)
	}
}

// accept writes lines of a suggestion into a file.
func accept(text string, lines report.Lines) string {
	all := strings.SplitAfter(text, "\n")
	return strings.Join(all[:lines.Start-1], "") + lines.Text + strings.Join(all[lines.End-1:], "")
}
