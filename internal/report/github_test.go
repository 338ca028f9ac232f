package report

import (
	"strings"
	"testing"
)

func TestGitHubGolden(t *testing.T) {
	golden(t, "five.github.txt", encode(t, "github", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.github.txt", encode(t, "github", hostileReport(), EncodeOptions{}))
}

// Each line is one command of ours or the totals; nothing from the plan can
// start another one.
func TestGitHubHostile(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(encode(t, "github", hostileReport(), EncodeOptions{}), "\n"), "\n")
	if len(lines) != 5 { // violation, undecided, advisory, note, totals
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, l := range lines {
		ok := strings.HasPrefix(l, "redisbaseline: ")
		for _, level := range []string{"error", "warning", "notice"} {
			ok = ok || strings.HasPrefix(l, "::"+level+" ")
		}
		if !ok || strings.ContainsAny(l, "\r\x1b") || strings.Contains(l, "##[") {
			t.Errorf("%q", l)
		}
		if head, _, found := strings.Cut(strings.TrimPrefix(l, "::"), "::"); found && strings.Contains(strings.SplitN(head, " ", 2)[1], ":") {
			t.Errorf("a colon in the properties: %q", head)
		}
	}
}

func TestGitHubLevels(t *testing.T) {
	for severity, want := range map[Severity]string{High: "error", Medium: "warning", Low: "notice", Warning: "notice", Info: "notice"} {
		if got := githubLevel(severity); got != want {
			t.Errorf("%s is %s, want %s", severity, got, want)
		}
	}
}
