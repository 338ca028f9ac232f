package report

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// placedCaches are the five caches with the line of every finding.
func placedCaches(file string, line int) Report {
	r := fiveCaches()
	for i := range r.Caches {
		c := &r.Caches[i]
		c.Position = &Position{File: file, Line: 1}
		for _, findings := range [][]Finding{c.Features, c.Advisories} {
			for k := range findings {
				if findings[k].Status != Compliant && findings[k].Status != NotSupported {
					findings[k].Position = &Position{File: file, Line: line}
				}
			}
		}
	}
	return r
}

// oddFile is a file name with everything that a URI, a property of a command
// or a line has to escape.
const oddFile = "in fra/a:b,c%41#?é\n::error::x\x1b[31m\u202e/main.tf"

// fingerprintsOf lists them in the order of a SARIF log.
func fingerprintsOf(t *testing.T, r Report) (prints, uris []string, lines []int) {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(sarifOf(t, r)), &log); err != nil {
		t.Fatal(err)
	}
	for _, result := range log.Runs[0].Results {
		prints = append(prints, result.PartialFingerprints[sarifFingerprint])
		at := result.Locations[0].PhysicalLocation
		uris, lines = append(uris, at.ArtifactLocation.URI), append(lines, at.Region.StartLine)
	}
	return prints, uris, lines
}

// A SARIF result is at the line of the configuration, and its fingerprint
// knows nothing of that.
func TestSARIFPositions(t *testing.T) {
	before, plans, first := fingerprintsOf(t, fiveCaches())
	after, uris, lines := fingerprintsOf(t, placedCaches("infra/main.tf", 9))
	moved, _, _ := fingerprintsOf(t, placedCaches("other/main.tf", 700))
	if len(before) == 0 || !slices.Equal(before, after) || !slices.Equal(after, moved) {
		t.Error("the fingerprint follows the line")
	}
	for i := range uris {
		if uris[i] != "infra/main.tf" || lines[i] != 9 || plans[i] != "plan.json" || first[i] != 1 {
			t.Errorf("at %s:%d, and without the configuration at %s:%d", uris[i], lines[i], plans[i], first[i])
		}
	}
}

// A reader of a SARIF log gets back the file that was meant.
func TestSARIFURIs(t *testing.T) {
	for file, want := range map[string]string{
		"main.tf":                   "main.tf",
		"../modules/a b/main.tf":    "../modules/a%20b/main.tf",
		"a:b/main.tf":               "./a:b/main.tf",
		"100%/x#y?.tf":              "100%25/x%23y%3F.tf",
		"/srv/tf/main.tf":           "file:///srv/tf/main.tf",
		"D:/tf/main.tf":             "file:///D:/tf/main.tf",
		"münchen/main.tf":           "m%C3%BCnchen/main.tf",
		"line\nbreak/\u202emain.tf": "line%0Abreak/%E2%80%AEmain.tf",
	} {
		_, uris, _ := fingerprintsOf(t, placedCaches(file, 3))
		back, err := url.Parse(uris[0])
		if len(file) > 2 && file[1:3] == ":/" {
			file = "/" + file
		}
		if uris[0] != want || err != nil || strings.TrimPrefix(back.Path, "./") != file {
			t.Errorf("%q: %s, want %s, and back %v (%v)", file, uris[0], want, back, err)
		}
	}
}

func TestGitHubPositions(t *testing.T) {
	got := encode(t, "github", placedCaches("infra/main.tf", 9), EncodeOptions{})
	for _, l := range strings.Split(strings.TrimSpace(got), "\n") {
		finding := strings.Contains(l, "title=") && !strings.Contains(l, "title=redisbaseline::")
		if finding != strings.Contains(l, " file=infra/main.tf,line=9,title=") {
			t.Errorf("no line: %s", l)
		}
	}
	odd := encode(t, "github", placedCaches(oddFile, 9), EncodeOptions{})
	if strings.Count(odd, "\n") != strings.Count(got, "\n") || strings.ContainsAny(odd, "\r\x1b") ||
		!strings.Contains(odd, `file=in fra/a%3Ab%2Cc%2541#?é%0A%3A%3Aerror`) {
		t.Error(odd)
	}
}

// Azure Pipelines has the lines too, in commands and in plain text.
func TestAzureDevOpsPositions(t *testing.T) {
	got := encode(t, "azuredevops", placedCaches("infra/main.tf", 9), EncodeOptions{})
	for line := range strings.Lines(got) {
		if !strings.Contains(line, ";sourcepath=infra/main.tf;linenumber=9;") && !strings.HasPrefix(line, "infra/main.tf:9: ") &&
			!strings.HasPrefix(line, "redisbaseline: ") {
			t.Errorf("no line: %s", line)
		}
	}
	existing := fiveCaches()
	existing.Source = Source{Kind: SourceExisting}
	if got := encode(t, "azuredevops", existing, EncodeOptions{}); strings.Contains(got, "sourcepath") ||
		!strings.Contains(got, "##vso[task.logissue type=error;code=NS-2/disable-public-network-access]NS-2 ") {
		t.Errorf("caches of no file: %s", got)
	}
}

func TestGitLabPositions(t *testing.T) {
	var plain, issues []gitlabIssue
	if err := json.Unmarshal([]byte(encode(t, "gitlab", fiveCaches(), EncodeOptions{})), &plain); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(encode(t, "gitlab", placedCaches("infra/main.tf", 9), EncodeOptions{})), &issues); err != nil {
		t.Fatal(err)
	}
	if len(issues) == 0 || len(issues) != len(plain) {
		t.Fatalf("%d issues", len(issues))
	}
	for i, issue := range issues {
		if issue.CheckName == "redisbaseline/note" {
			continue // about no cache
		}
		if issue.Location.Path != "infra/main.tf" || issue.Location.Lines.Begin != 9 || issue.Fingerprint != plain[i].Fingerprint {
			t.Errorf("%+v", issue)
		}
	}
}

// What people read names file and line, made safe like all else.
func TestPositionsForPeople(t *testing.T) {
	for format, want := range map[string]string{
		"text":     "NS-2/disable-public-network-access  introduced, fails  infra/main.tf:9",
		"markdown": `- at <code>infra/main.tf:9</code>`,
		"html":     `<p class="soft address">infra/<wbr>main.<wbr>tf:9`,
		"junit":    "at: infra/main.tf:9",
		"json":     `"position":{"file":"infra/main.tf","line":9}`,
	} {
		if got := encode(t, format, placedCaches("infra/main.tf", 9),
			EncodeOptions{Width: 120}); !strings.Contains(strings.ReplaceAll(got, `\_`, "_"), want) {
			t.Errorf("%s: no %q in\n%s", format, want, got)
		}
		if odd := encode(t, format, placedCaches(oddFile, 9), EncodeOptions{}); strings.ContainsAny(odd, "\x1b") ||
			format != "json" && strings.Contains(odd, "\u202e") {
			t.Errorf("%s: %s", format, odd)
		}
	}
}
