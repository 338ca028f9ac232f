package report

import (
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"redis-eu":       "redis-eu",
		"größe 日本 é 😀":   "größe 日本 é 😀",
		"a\nb\tc\r":      `a\nb\tc\r`,
		"\x1b[31m":       `\x1b[31m`,
		"\u202eevil":     `\u202eevil`,
		"zero\u200bbyte": `zero\u200bbyte`,
		"\x9b31m":        `\x9b31m`,
		"bad \xff utf":   `bad \xff utf`,
		"kept \ufffd":    "kept \ufffd",
		"line\u2028sep":  `line\u2028sep`,
	} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
}

// A value that is marked sensitive is printed by no format, even if a source
// forgot to leave it out.
func TestSensitiveEvidenceIsNeverShown(t *testing.T) {
	secret := Evidence{Path: "key", Value: []byte(`"CANARY"`), State: EvidenceSensitive}
	if got := secret.Text(); got != "key is sensitive" {
		t.Errorf("got %q", got)
	}
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "create").
		with("DP-3/data-in-transit-encryption", violated(Introduced, "it is bad", secret)).
		with("LT-4/azure-resource-logs", func(f *Finding) { f.Status, f.Evidence = Unknown, []Evidence{secret} }).
		with("AM-2/azure-policy-support", func(f *Finding) { f.Status, f.Evidence = Exempt, []Evidence{secret} }).
		with("advisory/access-keys-disabled", violated(Introduced, "it is bad", secret))}
	for _, format := range Formats() {
		for _, verbose := range []bool{false, true} {
			if got := encode(t, format, r.summed(), EncodeOptions{Verbose: verbose}); strings.Contains(got, "CANARY") {
				t.Errorf("%s prints it", format)
			}
		}
	}
}

// The id of its rule stands beside every finding that an exemption may be for.
func TestFindingsHaveTheIDOfTheirRule(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "create").
		with("NS-2/disable-public-network-access", violated(Introduced, "it is bad")).
		with("NS-2/azure-private-link", unknown("known_after_apply", "it is not known")).
		with("advisory/access-keys-disabled", violated(Introduced, "it is bad"))}
	for _, format := range []string{"text", "markdown", "html", "github"} {
		got := strings.ReplaceAll(encode(t, format, r.summed(), EncodeOptions{}), `\-`, "-")
		for _, id := range []string{"NS-2/disable-public-network-access", "NS-2/azure-private-link", "advisory/access-keys-disabled"} {
			if !strings.Contains(got, id) {
				t.Errorf("%s does not say %s:\n%s", format, id, got)
			}
		}
	}
}

// A rule stands under the control of its id, whatever the version of the benchmark to
// which its document points.
func TestNameHasTheControlOfTheID(t *testing.T) {
	for _, control := range []string{"LT-4", "LT-3"} {
		e := Entry{ID: "LT-4/azure-resource-logs", Control: control, Controls: Controls{"LT-4", "LT-3"}, Title: "Azure Resource Logs"}
		if got := e.Name(); got != "LT-4 Azure Resource Logs (MCSB v2: LT-3)" || e.secondControl() != "MCSB v2: LT-3" {
			t.Errorf("%s: %q, %q", control, got, e.secondControl())
		}
	}
}

// People are not told that a value that is not documented is known after apply; JSON
// keeps its reason.
func TestUndocumentedValue(t *testing.T) {
	odd := func(f *Finding) {
		unknown("known_after_apply", "the TLS version is not known")(f)
		f.Evidence = []Evidence{{Path: "minimum_tls_version", State: EvidenceUnknown, Undocumented: true}}
	}
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("x.a", "a", "create").with("DP-3/data-in-transit-encryption", odd)}
	for _, format := range []string{"text", "markdown", "html", "github", "junit"} {
		got := encode(t, format, r.summed(), EncodeOptions{})
		called := strings.Contains(got, "not documented") || format == "github" || format == "junit"
		if strings.Contains(got, "known after apply") || !called {
			t.Errorf("%s:\n%s", format, got)
		}
	}
	if got := encode(t, "json", r.summed(), EncodeOptions{}); !strings.Contains(got, "known_after_apply") {
		t.Errorf("json:\n%s", got)
	}
}
