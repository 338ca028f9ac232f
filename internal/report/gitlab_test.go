package report

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestGitLabGolden(t *testing.T) {
	golden(t, "five.gitlab.json", encode(t, "gitlab", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.gitlab.json", encode(t, "gitlab", hostileReport(), EncodeOptions{}))
	golden(t, "empty.gitlab.json", encode(t, "gitlab", sampleHeader("plan.json"), EncodeOptions{}))
}

// GitLab requires description, check_name, fingerprint (unique), severity of a
// fixed set, location.path and location.lines.begin.
func TestGitLabRequiredFields(t *testing.T) {
	r := fiveCaches()
	r.Source.Inputs = []string{"a.json", "-"}
	r.Caches = append(r.Caches, r.Caches[2]) // the same address in another input
	var issues []gitlabIssue
	if err := json.Unmarshal([]byte(encode(t, "gitlab", r, EncodeOptions{})), &issues); err != nil {
		t.Fatal(err)
	}
	if len(issues) != 5+1+5+len(r.Notes) {
		t.Errorf("%d issues", len(issues))
	}
	seen := map[string]bool{}
	severities := map[string]bool{"critical": true, "major": true, "minor": true, "info": true}
	for _, i := range issues {
		if i.Description == "" || i.CheckName == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 || !severities[i.Severity] {
			t.Errorf("incomplete: %+v", i)
		}
		if seen[i.Fingerprint] {
			t.Errorf("fingerprint stands twice: %+v", i)
		}
		seen[i.Fingerprint] = true
	}
}

// GitLab and code scanning show a message alone: it says what to write against a violation, on
// one line, and nothing of the kind about what is exempt or undecided.
func TestMessagesTellWhatToWrite(t *testing.T) {
	r := sampleHeader("plan.json")
	r.Caches = []Cache{sampleCache("azurerm_redis_cache.a", "a", "create").
		with("NS-2/disable-public-network-access", func(f *Finding) {
			f.Status, f.Message, f.Remediation = NonCompliant, "open", "set a = 1\n  and b = 2"
		}).
		with("LT-4/azure-resource-logs", func(f *Finding) { f.Status, f.Message, f.Remediation = Unknown, "hidden", "set c" }).
		with("DP-3/data-in-transit-encryption", func(f *Finding) {
			f.Status, f.Message, f.Remediation, f.Exemption = Exempt, "exempt", "set d", &Exemption{Category: "Waiver", Was: NonCompliant}
		})}
	for _, format := range []string{"gitlab", "sarif"} {
		got := encode(t, format, r.summed(), EncodeOptions{})
		if !strings.Contains(got, `open; write: set a = 1 and b = 2"`) || strings.Count(got, "; write: ") != 1 {
			t.Errorf("%s: %s", format, got)
		}
	}
}

// A fingerprint follows rule and address, and nothing else.
func TestFingerprints(t *testing.T) {
	a, b := sampleCache("x.a", "a", "create"), sampleCache("x.b", "b", "create")
	first := fingerprints{}.of("NS-2/azure-private-link", &a)
	renamed := sampleCache("x.a", "other name", "update")
	if fp := (fingerprints{}).of("NS-2/azure-private-link", &renamed); fp != first {
		t.Error("the fingerprint follows more than rule and address")
	}
	for name, other := range map[string]string{
		"another cache": fingerprints{}.of("NS-2/azure-private-link", &b),
		"another rule":  fingerprints{}.of("LT-4/azure-resource-logs", &a),
	} {
		if other == first {
			t.Errorf("%s has the same fingerprint", name)
		}
	}
}
