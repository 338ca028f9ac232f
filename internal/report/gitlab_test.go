package report

import (
	"encoding/json"
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
