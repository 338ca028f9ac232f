package report

import "testing"

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

func TestSensitiveEvidenceIsNeverShown(t *testing.T) {
	e := Evidence{Path: "key", Value: []byte(`"CANARY"`), State: EvidenceSensitive}
	if got := show(e); got != "key is sensitive" {
		t.Errorf("got %q", got)
	}
}
