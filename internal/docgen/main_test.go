package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// Diagnostics link to a section of the guide, so each rule must have exactly
// one, and GitHub must give it the anchor that the link names.
func TestGuideHasASectionForEveryRule(t *testing.T) {
	b := baseline.Published()[0]
	var out bytes.Buffer
	if err := render(&out, b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"control LT-4 (Enable logging for security investigation), in MCSB v2 LT-3 (Enable logging for security investigation).",
		"\n- **azurerm, azurerm 3, redisbaseline_cache**: set public_network_access_enabled = false\n",
		"\n- **az**: `az resource patch --name \"$NAME\" ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the guide has no %q", want)
		}
	}
	headings := map[string]int{}
	for line := range strings.Lines(out.String()) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			headings[githubAnchor(strings.TrimSpace(title))]++
		}
	}
	for _, e := range slices.Concat(b.Features, b.Advisories) {
		if n := headings[anchor(e.Help)]; n != 1 {
			t.Errorf("%s: %d sections with the anchor %q, want 1", e.ID, n, anchor(e.Help))
		}
	}
}

// Each document has a file of its own, under the name that its entries link to.
func TestWriteDocuments(t *testing.T) {
	first := baseline.Published()[0]
	second, service := *first, *first.Service
	service.Name = "Test Cache"
	second.Guide, second.Service, second.Features = "test-cache.md", &service, first.Features[:1]
	folder := t.TempDir()
	if err := write(folder, baseline.Documents{first, &second}); err != nil {
		t.Fatal(err)
	}
	for file, title := range map[string]string{
		"baseline.md": "# The baseline of Azure Cache for Redis, rule by rule", "test-cache.md": "# The baseline of Test Cache, rule by rule",
	} {
		guide, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil || !strings.Contains(string(guide), "\n"+title+"\n") {
			t.Errorf("%s: %v, no title %q", file, err, title)
		}
	}
	if page, _, _ := strings.Cut(first.Features[0].Help, "#"); filepath.Base(page) != "baseline.md" {
		t.Errorf("the first rule links to %s", page)
	}
}

// githubAnchor is GitHub's rule for the headings that the guide has: lower
// case, spaces to hyphens, and nothing but letters, digits and hyphens left.
func githubAnchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		default:
			return -1
		}
	}, strings.ToLower(heading))
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"nothing to configure":           "Nothing to configure.",
		"already ends.":                  "Already ends.",
		"set public_access = false":      "Set public_access = false",
		"names azurerm_redis.<name>.id;": "Names azurerm_redis.&lt;name&gt;.id;",
	} {
		if got := sentence(in); got != want {
			t.Errorf("sentence(%q) = %q, want %q", in, got, want)
		}
	}
}
