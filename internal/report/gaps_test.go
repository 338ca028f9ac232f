package report

import (
	"strings"
	"testing"
)

// TestGaps: every format says that something could not be read or seen, as an error where the
// format has errors, and whether a note or nothing else tells it.
func TestGaps(t *testing.T) {
	const unread, partly = "b.json, plan 2 could not be read: its caches are not judged", "1 cache was not read completely"
	r := fiveCaches()
	r.Notes, r.Gaps, r.Partial = []string{"a note", unread}, []string{unread, partly}, unread
	for format, want := range map[string][]string{
		"text": {"note: a note\n", "note: " + unread + "\n",
			"\nIncomplete. Something could not be read or seen: the notes name it, and this is the rest.\n"},
		"markdown": {"### ❔ Incomplete: ", "could not be read"},
		"html":     {"<title>Incomplete: ", unread},
		"json":     {`"partial":"` + unread + `"`},
		"csv":      {",partial,,,," + "\"" + unread + "\","},
		"junit": {`<testsuite name="notes" tests="3" failures="0" errors="2" skipped="0">`, "<system-out>a note</system-out>",
			`<error message="` + unread + `" type="incomplete">`, `<error message="` + partly + `" type="incomplete">`},
		"sarif": {`"executionSuccessful":false`, `{"level":"note","message":{"text":"a note"}}`,
			`{"level":"error","message":{"text":"` + unread + `"}}`, `{"level":"error","message":{"text":"` + partly + `"}}`},
		"gitlab": {`"description":"note: a note","check_name":"redisbaseline/note"`,
			`"description":"incomplete: ` + unread + `","check_name":"redisbaseline/incomplete"`, `"description":"incomplete: ` + partly + `"`},
		"github":      {"::notice title=redisbaseline::a note\n", "::error title=redisbaseline%3A incomplete::" + unread + "%0A" + partly + "\n"},
		"azuredevops": {"redisbaseline: a note\n", "##vso[task.logissue type=error]redisbaseline: incomplete: " + unread + "%0A" + partly + "\n"},
	} {
		got := encode(t, format, r, EncodeOptions{Width: 140})
		for _, text := range want {
			if n := strings.Count(got, text); n == 0 || n > 1 && strings.Contains(text, unread) && format != "html" {
				t.Errorf("%s: %d times %q in\n%s", format, n, text, got)
			}
		}
		if command := strings.HasPrefix(got, "::error title") || strings.HasPrefix(got, "##vso[task.logissue type=error]"); command !=
			(format == "github" || format == "azuredevops") {
			t.Errorf("%s does not begin with what could not be read:\n%s", format, got)
		}
	}
	for format, without := range map[string]string{"junit": "<error", "sarif": `"executionSuccessful":false`, "gitlab": "incomplete"} {
		if got := encode(t, format, fiveCaches(), EncodeOptions{}); strings.Contains(got, without) {
			t.Errorf("%s: %q without a gap in\n%s", format, without, got)
		}
	}
}
