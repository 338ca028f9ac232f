package report

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// fingerprints names findings so that a later run of the same rule on the same
// cache gives the same name, whatever its message says by then.
type fingerprints map[string]int

// of returns the fingerprint of a rule on a cache. Where several inputs hold
// the same address, the later ones are numbered, so that none is lost.
func (p fingerprints) of(rule string, c Cache) string {
	key := rule + "\x00" + c.Label()
	n := p[key]
	p[key]++
	if n > 0 {
		key += "\x00" + strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// stdin is how an input that is no file is called.
const stdin = "-"

// inputFile is the file a cache was read from, with forward slashes, or "" when
// it did not come from a file.
func inputFile(header Report, c Cache) string {
	in := c.Input
	if in == "" && len(header.Source.Inputs) == 1 {
		in = header.Source.Inputs[0]
	}
	if in == "" || in == stdin || header.Source.Kind == SourceExisting {
		return ""
	}
	return strings.TrimPrefix(path.Clean(filepath.ToSlash(in)), "./")
}
