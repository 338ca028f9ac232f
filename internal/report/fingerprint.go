package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
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

// ofNote returns the fingerprint of a remark about the whole report.
func (p fingerprints) ofNote(text string) string { return p.of("note", Cache{DisplayName: text}) }
