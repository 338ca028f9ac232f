package tfconfig

import (
	"bytes"
	"fmt"
	"runtime"
	"unicode/utf8"
)

// Limits of tokens: names, numbers, punctuation, lines, pieces of strings. The
// parser holds all tokens of a file at once, in two copies of about 100 bytes each,
// and keeps about 90 bytes for each; a token may be a single byte of source. Real
// configurations have a token every five or six bytes, and hardly any in comments,
// heredocs and long strings. A packed configuration at its limit took 120 to 235
// MiB, whatever was in it (TestLoadSlugDense).
const (
	maxFileTokens = 250_000   // of a file
	maxTokens     = 2_000_000 // of a configuration
	maxSlugTokens = 800_000   // of a packed one, which is not trusted
)

// budget counts the tokens of a configuration against their limit.
type budget struct {
	tokens, limit int
}

// measure is what is known of a file before it is parsed.
type measure struct {
	tokens int
	flat   bool // for sure nothing in it nests too deeply, and no number is too long
}

// spend measures a file, and counts its tokens.
func (b *budget) spend(f sourceFile) (measure, error) {
	c := census{src: f.data}
	flat := false
	var err error
	switch {
	case isJSON(f.name):
		err = c.json()
	case !utf8.Valid(f.data):
		c.stateless(f.data)
	default:
		err = c.native()
		flat = c.deepest <= maxNesting && !c.oddNumber
	}
	if err != nil {
		return measure{}, fmt.Errorf("%s:%d: %w", f.name, 1+bytes.Count(f.data[:c.pos], []byte("\n")), err)
	}
	if b.tokens += c.tokens; c.tokens > maxFileTokens {
		return measure{}, fmt.Errorf("the configuration is too large to be read: %s has more than %d tokens", f.name, maxFileTokens)
	}
	if b.tokens > b.limit {
		return measure{}, fmt.Errorf("the configuration is too large to be read: it has more than %d tokens", b.limit)
	}
	return measure{c.tokens, flat}, nil
}

// workers is how many files are parsed at once: all of them together have no more tokens
// than a single one may have, so that they take no more memory.
func workers(files []measure) int {
	largest := 1
	for _, f := range files {
		largest = max(largest, f.tokens)
	}
	return min(runtime.GOMAXPROCS(0), len(files), max(maxFileTokens/largest, 1))
}
