package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// commands are what CI systems, terminals and services that show markdown obey.
var commands = []string{
	"##vso[task.setvariable variable=PWNED;isOutput=true]yes", "##[error]pwned", "##[add-path]/tmp", "##vso[task.complete result=Succeeded;]",
	"x##vso[task.uploadfile]/etc/passwd", "###[section]", "##teamcity[buildStatus status='SUCCESS']",
	"::set-output name=pwned::yes", "::error::pwned", "  ::add-mask::e", "::stop-commands::pwned", "::set-env name=PATH::/tmp",
	":::warning::x", "::error://x::pwned", "::error ://x::pwned", "git::error ://x::pwned", "::error:/x::pwned", "::error @x::pwned",
	"::ERROR file=a::pwned", "\n::error::pwned", "\r::error::pwned", "\r\n##vso[task.logissue]x", "\u2028::error::pwned", "\u0085##[error]x",
	"\v::error::x",
	"%0A::error::pwned", "%0D%0A##[error]x", "%253A%3Aerror%3A%3A",
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "\u009b31m", "\x9b31m", "\x07\b\x7f\x00",
	"section_start:1:x[collapsed=true]\r\x1b[0Kx", "travis_fold:start:x\r", "\u202egnp.exe\u202c", "\u2066x\u2069", "\u200f\u061c",
	"\U000e0041\ufeff\u200b",
	"https://evil.example/x", "http://evil.example", "HTTPS://EVIL.EXAMPLE", "www.evil.example", "WWW.evil.example", "<https://evil.example>",
	"mailto:a@evil.example", "a@evil.example", "@octocat", "#1", "owner/repo#1", "!1", "~bug", "%1", "$1", "&1", "GH-1",
	"![x](https://evil.example/x.png)", "[x](https://evil.example)", "[x][y]", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>",
	"<!-- x -->",
	"</details><h1>x</h1>", "</code><b>x", "`` ` ``", "| a | b |", "# heading", "- item",
	"> quote", "$$x$$", "*b* _i_ ~~s~~", "&lt;b&gt;", "&#35;&#35;vso[x]",
	"]]><x/>", "\"><x y=\"", "' onmouseover='alert(1)", "{{.}}", "\\", "\\u0023#vso[x]", "\xff\xfe",
}

// hostileEverywhere is a report that holds a text in every field that an input
// can fill.
func hostileEverywhere(text string) Report {
	r := sampleHeader(text)
	r.Source.Inputs = append(r.Source.Inputs, "b"+text)
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	fill := func(status Status) func(*Finding) {
		return func(f *Finding) {
			f.Status, f.Message, f.Headline, f.Reason = status, text, text, &text
			f.Evidence = []Evidence{{Path: text, Value: raw, State: EvidenceKnown}, {Path: text, State: EvidenceSensitive}}
			f.Position = &Position{File: text, Line: 3}
		}
	}
	for _, address := range []string{text, `azurerm_redis_cache.a["` + text + `"]`, ""} {
		c := sampleCache(address, text, "create").
			with("NS-2/disable-public-network-access", fill(NonCompliant)).with("LT-4/azure-resource-logs", fill(Unknown)).
			with("DP-3/data-in-transit-encryption", fill(Exempt)).with("NS-1/virtual-network-integration", fill(NotApplicable)).
			with("AM-2/azure-policy-support", fill(Compliant)).
			with("advisory/access-keys-disabled", fill(NonCompliant)).with("advisory/tier", fill(Unknown))
		c.Address, c.Name, c.ResourceID, c.DisplayName, c.Input, c.Notes = &address, &text, &text, text, text, []string{text}
		c.Position = &Position{File: text, Line: 1}
		r.Caches = append(r.Caches, c)
	}
	return r.summed(text)
}

var (
	ownCommand = map[string]*regexp.Regexp{
		"azuredevops": regexp.MustCompile(`^##vso\[task\.logissue type=(error|warning);`),
		"github":      regexp.MustCompile(`^::(error|warning|notice) `),
	}
	anyCommand  = regexp.MustCompile(`::[A-Za-z][\w-]*( [^:]*)?::|##`)
	unprintable = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{61c}\x{200e}\x{200f}` +
		`\x{2028}-\x{202e}\x{2066}-\x{2069}\x{e0000}-\x{e007f}\x{feff}]`)
	markdownLink = regexp.MustCompile(`https?://[^\s)]*`)
	ownLink      = regexp.MustCompile(`^https://(example\.com/baseline#|github\.com/redisbaseline/)`)
)

// checkQuiet finds what somebody would obey. Columns of tables and headings of
// our own are no text of an input.
func checkQuiet(t *testing.T, what, out string) {
	t.Helper()
	for _, line := range strings.FieldsFunc(out, func(r rune) bool { return r == '\n' }) {
		if own := ownCommand[what]; own != nil {
			line = own.ReplaceAllString(line, "")
		}
		if strings.HasPrefix(what, "markdown") || strings.HasPrefix(what, "outcome") {
			line = strings.TrimPrefix(line, "### ")
		}
		if m := anyCommand.FindString(line); m != "" {
			t.Errorf("%s: the command %q in %q", what, m, line)
		}
		if m := unprintable.FindString(line); m != "" {
			t.Errorf("%s: %q in %q", what, m, line)
		}
	}
}

// No text of an input commands whoever reads a format, and what formats for
// programs hold is still the text as it was.
func TestNoFormatCarriesCommands(t *testing.T) {
	for _, text := range append(commands, strings.Join(commands, " "), strings.Join(commands, "\n")) {
		r := hostileEverywhere(text)
		for _, format := range Formats() {
			for _, opts := range []EncodeOptions{{}, {Verbose: true, Width: 40}} {
				out := encode(t, format, r, opts)
				checkQuiet(t, format, out)
				switch format {
				case "json", "sarif", "gitlab":
					if !json.Valid([]byte(out)) {
						t.Errorf("%s of %q is not JSON", format, text)
					}
				case "csv":
					rows(t, out)
				case "junit":
					if err := xml.Unmarshal([]byte(out), new(struct {
						XMLName xml.Name `xml:"testsuites"`
					})); err != nil {
						t.Errorf("junit of %q: %v", text, err)
					}
				case "markdown":
					for _, link := range markdownLink.FindAllString(out, -1) {
						if !ownLink.MatchString(link) {
							t.Errorf("markdown of %q has the link %s", text, link)
						}
					}
				}
			}
		}
		outcomes := NewOutcomes(r.Catalogue, 64<<10)
		for _, c := range r.Caches {
			outcomes.Add(c, func(f Finding) bool { return f.Status == Unknown || f.Status == NonCompliant })
		}
		for _, o := range outcomes.List() {
			checkQuiet(t, "outcome", o.Body)
		}
		checkQuiet(t, "Printable", Printable(text))
		if once := Printable(text); Printable(once) != once {
			t.Errorf("Printable of %q changes what it made: %q, %q", text, once, Printable(once))
		}
	}
}

// JSON says the same as ever to a program.
func TestJSONWriterKeepsTheText(t *testing.T) {
	for _, text := range append(commands, "::/0", "2001:db8::1", "é ✓ 日本語 🗑️") {
		raw, err := json.Marshal(map[string]string{text: text})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if n, err := JSONWriter(&out).Write(raw); err != nil || n != len(raw) {
			t.Fatal(n, err)
		}
		var want, got map[string]string
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%q: %v", out.String(), err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// What is looked for at eight bytes at once is found wherever it stands.
func TestJSONWriterFindsCommandsAnywhere(t *testing.T) {
	for _, command := range []string{"##vso[x]", "::error::x", "::x", "##x", "\u202e", "\x7f"} {
		for before := range 20 {
			for after := range 10 {
				raw := `"` + strings.Repeat("x", before) + command + strings.Repeat("y", after) + `"`
				var out bytes.Buffer
				if _, err := JSONWriter(&out).Write([]byte(raw)); err != nil {
					t.Fatal(err)
				}
				if out.String() == raw || isPlain(raw[1:len(raw)-1]) {
					t.Fatalf("%q stays", raw)
				}
			}
		}
	}
}

// What is no command stays as it is: addresses of IPv6 above all.
func TestPrintableLeavesTextAlone(t *testing.T) {
	for _, text := range []string{
		"::/0", "::1", "::", "2001:db8::/32",
		"fe80::1%eth0", "::ffff:10.0.0.1", "2001:db8::dead:beef", "a::b/main.tf", "#1", "C#", "a:b", "ä — ✓ 日本語",
		"git::https://example.com/a.git//b?ref=v1", "git::ssh://git@example.com/a.git", "git::git@example.com:a/b.git",
	} {
		if got := Printable(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Markdown makes no link, mention, reference or picture of a text.
func TestMarkdownMakesNoLinks(t *testing.T) {
	refs := regexp.MustCompile(`(^|[^\w&])[@#!~%$&][\pL\pN]|://|(?i)www\.|mailto:|(^|[^\\])[\[\]<>!|]`)
	entities := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "", "&#124;", "")
	for _, text := range commands {
		if m := refs.FindString(entities.Replace(MarkdownText(text))); m != "" {
			t.Errorf("%q: %q in %q", text, m, MarkdownText(text))
		}
		code := strings.TrimSuffix(strings.TrimPrefix(MarkdownCode(text), "<code>"), "</code>")
		if m := regexp.MustCompile(`@[\pL\pN]|://|(?i)www\.|mailto:|[<>|]`).FindString(entities.Replace(code)); m != "" {
			t.Errorf("%q: %q in %q", text, m, code)
		}
	}
}
