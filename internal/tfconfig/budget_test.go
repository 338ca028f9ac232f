package tfconfig

import (
	"archive/tar"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"
)

// dense is as many tokens as bytes in code, and next to none in text: where the
// census and the lexer do not agree on which of them it is in, it shows.
var dense = strings.Repeat(";", 40)

func counted(src string) (int, error) {
	b := budget{limit: 1 << 30}
	m, err := b.spend(sourceFile{"x.tf", []byte(src)})
	return m.tokens, err
}

// lessThanLexer says what the census of a text misses that the lexer makes of it.
func lessThanLexer(src string) string {
	total, err := counted(src)
	if err != nil {
		return ""
	}
	tokens, _ := hclsyntax.LexConfig([]byte(src), "x.tf", hcl.InitialPos)
	if total < len(tokens) {
		return fmt.Sprintf("%d tokens of %d", total, len(tokens))
	}
	if !utf8.ValidString(src) { // which is never parsed
		return ""
	}
	var comments, found int
	c := census{src: []byte(src), comment: func([]byte) { found++ }}
	if err := c.native(); err != nil {
		return err.Error()
	}
	n := newNesting()
	for _, t := range tokens {
		n.token(t.Type)
		switch {
		case t.Type == hclsyntax.TokenComment:
			comments++
		case t.Type == hclsyntax.TokenNumberLit && checkNumber(t.Bytes) != nil && !c.oddNumber:
			return fmt.Sprintf("the number %s", t.Bytes)
		}
	}
	switch {
	case c.deepest < n.deepest:
		return fmt.Sprintf("levels: %d instead of %d", c.deepest, n.deepest)
	case found < comments:
		return fmt.Sprintf("%d comments of %d", found, comments)
	default:
		return ""
	}
}

// The census never counts less than the lexer makes, whatever the text: here all
// short sequences of what begins or ends strings, heredocs, comments, templates and
// brackets.
func TestCensusIsNoLess(t *testing.T) {
	t.Parallel()
	parts := []string{`"`, "${", "$", "%{", "}", "~}", "{", "\n", "\r\n", `\`, "<<E\n", "<<-E\n", "E\n", " E \n", "/*", "*/", "//", "#", "a",
		" ", "1", "é", "\xff", "(", ")", "[", "]", ",", "=", "!", ">", "-", "&", "_1e999", ".1E+999", "é1e-999", strings.Repeat("1", 401)}
	length := 2
	if os.Getenv("REDISBASELINE_LONG") != "" {
		length = 3
	}
	wrong := 0
	var try func(prefix string, left int)
	try = func(prefix string, left int) {
		for _, src := range []string{prefix + dense + "\n" + dense, prefix + "!!!!{[((a ? b : c /*x*/"} {
			if less := lessThanLexer(src); less != "" {
				if wrong++; wrong < 10 {
					t.Errorf("%q: misses %s", src, less)
				}
			}
		}
		if left > 0 {
			for _, p := range parts {
				try(prefix+p, left-1)
			}
		}
	}
	for _, start := range []string{"", `"`, "<<E\n", `"${`, "<<E\n${", "<<E\nx", "\"${<<E\n"} {
		try(start, length)
	}
}

func FuzzCensus(f *testing.F) {
	f.Add("a = \"b ${c} %{if d}$${e}\" # f\nb = <<-EOT\n  x ${y}\n  EOT\n/* z */")
	f.Add("a = <<EOT\n$\nEOT\n$${")
	f.Add("a = <<-é̀1\n  x ${y}\n  é̀1\nb = <<é.\n")
	f.Add("a = <<E\nx\r")
	f.Add("a = [!1 == 2 ? -3.5e9 : (b)]\n")
	f.Fuzz(func(t *testing.T, src string) {
		for _, end := range []string{dense + "\n" + dense, "!!!!{[((a ? b : c /*x*/"} {
			if less := lessThanLexer(src + end); less != "" {
				t.Errorf("%q: misses %s", src+end, less)
			}
		}
	})
}

// Files that are parsed at once have no more tokens together than a single one may have.
func TestWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	sizes := func(tokens ...int) (out []measure) {
		for _, n := range tokens {
			out = append(out, measure{tokens: n})
		}
		return out
	}
	for _, test := range []struct {
		files []measure
		want  int
	}{
		{nil, 0},
		{sizes(10), 1},
		{sizes(10, 10, 10), 3},
		{slices.Repeat(sizes(300), 100), 8},
		{sizes(10, 10, maxFileTokens), 1},
		{sizes(10, maxFileTokens/3, 10, 10), 3},
	} {
		if got := workers(test.files); got != test.want {
			t.Errorf("%d workers for %d files, want %d", got, len(test.files), test.want)
		}
	}
}

// What people write is not counted as much more than it is.
func TestCensusIsNotMuchMore(t *testing.T) {
	t.Parallel()
	sources := map[string][]byte{}
	err := filepath.WalkDir("../tfplan/testdata", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch filepath.Ext(path) {
		case ".tf":
			sources[path], err = os.ReadFile(path)
		case ".txtar":
			var archive *txtar.Archive
			if archive, err = txtar.ParseFile(path); err != nil {
				return err
			}
			for _, f := range archive.Files {
				if strings.HasSuffix(f.Name, ".tf") {
					sources[path+"/"+f.Name] = f.Data
				}
			}
		}
		return err
	})
	if err != nil || len(sources) < 50 {
		t.Fatalf("%d files, %v", len(sources), err)
	}
	for name, src := range sources {
		tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
		if n, err := counted(string(src)); err != nil || n < len(tokens) || n > len(tokens)+len(tokens)/20+5 {
			t.Errorf("%s: %d, and the lexer makes %d; %v", name, n, len(tokens), err)
		}
	}
}

// heap is what fn holds at its worst. Memory is collected early, so that garbage
// which a busy machine has not come to collect is no part of it.
func heap(fn func()) (peak uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&now)
			if now.HeapInuse > before.HeapInuse {
				peak = max(peak, now.HeapInuse-before.HeapInuse)
			}
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	fn()
	close(done)
	<-sampled
	return peak
}

// A few kilobytes of archive are refused before they become gigabytes.
func TestLoadSlugDense(t *testing.T) {
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	tuple := "locals { a = [" + strings.Repeat("1,", 4_000_000-20) + "] }"
	var many []tar.Header
	for i := range 5 {
		many = append(many, file(fmt.Sprintf("f%d.tf", i), fmt.Sprintf("locals { a%d = [%s] }", i, strings.Repeat("1,", 124_000))))
	}
	for name, c := range map[string]struct {
		files []tar.Header
		want  string
	}{
		"one file":   {[]tar.Header{file("x.tf", tuple)}, "the configuration is too large to be read: x.tf has more than"},
		"many files": {many, "the configuration is too large to be read: it has more than"},
		"parentheses": {[]tar.Header{file("x.tf", "locals { a = "+strings.Repeat("(", 2_000_000)+strings.Repeat(")", 2_000_000)+" }")},
			"x.tf:1: expressions nest"},
		"lines":   {[]tar.Header{file("x.tf", strings.Repeat("\n", 8_000_000))}, "too large to be read"},
		"heredoc": {[]tar.Header{file("x.tf", "locals {\na = <<E\n"+strings.Repeat("\n", 8_000_000)+"E\n}")}, "too large to be read"},
		"JSON":    {[]tar.Header{file("x.tf.json", `{"locals":{"a":[`+strings.Repeat("1,", 4_000_000-30)+"1]}}")}, "too large to be read"},
		"JSON template": {[]tar.Header{file("x.tf.json", `{"locals":{"a":"${[`+strings.Repeat("1,", 4_000_000-30)+`1]}"}}`)},
			"too large to be read"},
		"comments": {[]tar.Header{file("x.tf", strings.Repeat("/* ", 2_600_000))}, "x.tf:1: a comment has no end"},
		"JSON comments": {[]tar.Header{file("x.tf.json", `{"locals":{"a":"${`+strings.Repeat("/*"+strings.Repeat(" ", 100), 78_000)+`"}}`)},
			"too large to be read"},
		"odd comments": {[]tar.Header{file("x.tf", "\xff"+strings.Repeat("/*"+strings.Repeat(" ", 100), 78_000))}, "too large to be read"},
		"shifts":       {[]tar.Header{file("x.tf", strings.Repeat("<<", 4_000_000))}, "too large to be read"},
	} {
		t.Run(name, func(t *testing.T) {
			packed := slug(t, c.files...)
			var err error
			peak := heap(func() { _, err = LoadSlug(packed, "") })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			t.Logf("%d bytes packed, %d MiB", packed.Cap(), peak>>20)
			if peak > 300<<20 {
				t.Errorf("%d MiB", peak>>20)
			}
		})
	}
}

// Megabytes that are mostly text, as real configurations have it, are read; the
// long form has all that an archive may hold.
func TestLoadSlugLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("large: minutes under the race detector")
	}
	n := 200
	if os.Getenv("REDISBASELINE_LONG") != "" {
		n = 2000
	}
	var files []tar.Header
	for i := range n {
		files = append(files, file(fmt.Sprintf("f%d.tf", i),
			fmt.Sprintf("# %s\nresource \"x\" \"e%d\" {\n  tags = { a = \"b-${local.c}\", d = [1, 2, var.e] }\n  text = \"%s\"\n  long = "+
				"<<-EOT\n%s  EOT\n}\n",
				strings.Repeat("why ", 500), i, strings.Repeat("some text, ", 200),
				strings.Repeat("    echo \"one more line of a script\" | tee {log}\n", 70))))
	}
	packed := slug(t, files...)
	peak := heap(func() {
		if _, err := LoadSlug(packed, ""); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d MiB", peak>>20)
}
