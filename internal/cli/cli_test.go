package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// world is an app in a world of its own: no terminal, no environment, a fixed day.
func world() (a *app, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &app{
		Version: "0.0.0-test", Documents: baseline.Published(),
		Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr,
		Now:        func() time.Time { return time.Date(2026, 6, 30, 23, 0, 0, 0, time.UTC) },
		Getenv:     func(string) string { return "" },
		IsTerminal: func(io.Writer) bool { return false },
		Width:      func() int { return 0 },
	}, stdout, stderr
}

func TestColour(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		noColor  bool
		env      map[string]string
		want     bool
	}{
		{"a terminal", true, false, nil, true},
		{"no terminal", false, false, nil, false},
		{"--no-color", true, true, nil, false},
		{"NO_COLOR", true, false, map[string]string{"NO_COLOR": "1"}, false},
		{"NO_COLOR empty", true, false, map[string]string{"NO_COLOR": ""}, true},
		{"a dumb terminal", true, false, map[string]string{"TERM": "dumb"}, false},
	} {
		a, _, _ := world()
		a.IsTerminal = func(io.Writer) bool { return c.terminal }
		a.Getenv = func(k string) string { return c.env[k] }
		if got := a.colour(c.noColor); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestControlsInterrupted: an interrupt while the files are written leaves nothing of them.
func TestControlsInterrupted(t *testing.T) {
	a, _, stderr := world()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	code := a.run(ctx, []string{"controls", "--format", "csv=" + filepath.Join(dir, "a.csv"),
		"--format", "html=" + filepath.Join(dir, "a.html")})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 || code != exitInput || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit code %d, left %v, %v: %s", code, left, err, stderr)
	}
}

// Every rule of the catalogue can be explained, in any case of letters.
func TestExplainEveryRule(t *testing.T) {
	a, stdout, stderr := world()
	for _, id := range a.ids() {
		stdout.Reset()
		if code := a.run(context.Background(), []string{"explain", strings.ToUpper(id)}); code != exitOK {
			t.Errorf("%s: exit code %d: %s", id, code, stderr)
		}
		if !strings.HasPrefix(stdout.String(), id+"\n") || !strings.Contains(stdout.String(), "References\n") {
			t.Errorf("%s:\n%s", id, stdout)
		}
		for _, l := range strings.Split(stdout.String(), "\n") {
			if strings.TrimRight(l, " ") != l {
				t.Errorf("%s: white space at the end of %q", id, l)
			}
		}
	}
}

// On a narrow terminal the list of rules, and the prose of one rule, keep to its width.
func TestRulesOnANarrowTerminal(t *testing.T) {
	const width = 60
	a, stdout, stderr := world()
	a.Width = func() int { return width }
	for command, end := range map[string]string{"rules": "`redisbaseline explain", "explain DP-3/data-in-transit-encryption": "\nGood\n"} {
		stdout.Reset()
		if code := a.run(context.Background(), strings.Fields(command)); code != exitOK {
			t.Fatalf("%s: exit code %d: %s", command, code, stderr)
		}
		text, _, found := strings.Cut(stdout.String(), end)
		if !found {
			t.Errorf("%s: no %q in\n%s", command, end, text)
		}
		for _, line := range strings.Split(text, "\n") {
			if len(line) > width && !strings.Contains(line, "az ") && !strings.Contains(line, "https://") && !strings.Contains(line, ":  ") {
				t.Errorf("%s: %d columns: %s", command, len(line), line)
			}
		}
	}
}

// A rule that stands in several documents is explained for each, or for the one
// that --service names.
func TestExplainService(t *testing.T) {
	a, stdout, stderr := world()
	other := *a.Documents[0]
	other.ID, other.Service = "another", &service.Service{Name: "Another Redis", Type: "Microsoft.Cache/another"}
	a.Documents = append(a.Documents[:1:1], &other)
	for _, c := range []struct {
		args []string
		want []string // services that are shown, in order
	}{
		{nil, []string{"Azure Cache for Redis", "Another Redis"}},
		{[]string{"--service", "ANOTHER"}, []string{"Another Redis"}},
		{[]string{"--service", "Azure Cache for Redis"}, []string{"Azure Cache for Redis"}},
		{[]string{"--service", "microsoft.cache/another"}, []string{"Another Redis"}},
	} {
		for _, command := range [][]string{{"explain", "NS-2/azure-private-link"}, {"rules"}} {
			stdout.Reset()
			if code := a.run(context.Background(), append(command, c.args...)); code != exitOK {
				t.Fatalf("%v: exit code %d: %s", c.args, code, stderr)
			}
			var got []string
			for _, l := range strings.Split(stdout.String(), "\n") {
				for _, d := range a.Documents {
					if strings.HasPrefix(l, "service:") && strings.HasSuffix(l, " "+d.Service.Name) || strings.HasPrefix(l, d.Service.Name+": ") {
						got = append(got, d.Service.Name)
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v %v shows %v, want %v", command, c.args, got, c.want)
			}
		}
	}
}

func TestOneLine(t *testing.T) {
	if got, want := report.OneLine("a\n\tb  c\x1b[31m\u202e\xff"), `a b c\x1b[31m\u202e\xff`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// 1 GB of anything that is not a plan is a one-line error. With -short, as under the race
// detector, it is 1 MB.
func TestOneGigabyteOfGarbage(t *testing.T) {
	size := int64(1 << 30)
	if testing.Short() {
		size = 1 << 20
	}
	for name, garbage := range map[string]struct{ head, unit string }{
		"zeros":           {"", "\x00"},
		"white space":     {"", " "},
		"letters":         {"", "garbage "},
		"opening brace":   {"", "{"},
		"opening bracket": {"", "["},
		"one string":      {`"`, "a"},
		"a key of a plan": {`{"format_version":"`, "1"},
		"numbers":         {"[", "1,"},
	} {
		t.Run(name, func(t *testing.T) {
			a, stdout, stderr := world()
			a.Stdin = io.LimitReader(io.MultiReader(strings.NewReader(garbage.head), repeated(garbage.unit)), size)
			if code := a.run(context.Background(), []string{"check", "-"}); code != exitInput {
				t.Errorf("exit code %d", code)
			}
			if stdout.Len() != 0 {
				t.Errorf("output: %.200q", stdout)
			}
			if got := stderr.String(); !strings.HasPrefix(got, "redisbaseline: standard input: ") || strings.Count(got, "\n") != 1 ||
				len(got) > 500 {
				t.Errorf("error: %.500q", got)
			}
		})
	}
}

// repeat is a reader without end, of blocks of whole units.
type repeat struct {
	block []byte
	at    int
}

func repeated(unit string) *repeat { return &repeat{block: bytes.Repeat([]byte(unit), 1<<16)} }

func (r *repeat) Read(p []byte) (int, error) {
	n := copy(p, r.block[r.at:])
	r.at = (r.at + n) % len(r.block)
	return n, nil
}

// Help names the value of each flag by a word of its own, as in --format FORMAT[=FILE],
// and not by a type of Go.
func TestHelpNamesValues(t *testing.T) {
	a, _, _ := world()
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, text := pflag.UnquoteUsage(f)
			if !f.Hidden && f.Value.Type() != "bool" && (name != strings.ToUpper(name) || strings.Contains(text, "`")) {
				t.Errorf("%s --%s %s: %s", cmd.CommandPath(), f.Name, name, text)
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(a.rootCommand())
}

// Help fits 80 columns but for examples, which are copied as they stand.
func TestHelpFits(t *testing.T) {
	a, _, _ := world()
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		var out bytes.Buffer
		cmd.SetOut(&out)
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(out.String(), cmd.Example, "", 1)
		if !strings.HasPrefix(text, "Usage:\n") {
			t.Errorf("%s: the usage does not come first", cmd.CommandPath())
		}
		for line := range strings.Lines(text) {
			if width := len([]rune(line)) - 1; width > 80 {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), width, line)
			}
		}
		for _, sub := range cmd.Commands() {
			if sub.Name() != "completion" {
				walk(sub)
			}
		}
	}
	walk(a.rootCommand())
}
