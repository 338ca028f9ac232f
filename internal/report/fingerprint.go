package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// fingerprints names findings so that a later run of the same rule on the same
// cache gives the same name, whatever its message says by then. Its values count
// how often a name was asked for.
type fingerprints map[[16]byte]int

// of returns the fingerprint of a rule on a cache. Where several inputs hold
// the same address, the later ones are numbered, so that none is lost.
func (p fingerprints) of(rule string, c *Cache) string {
	key := rule + "\x00" + c.Label()
	sum := shortSum(key)
	n := p[sum]
	p[sum]++
	if n > 0 {
		sum = shortSum(key + "\x00" + strconv.Itoa(n))
	}
	return hex.EncodeToString(sum[:])
}

// shortSum is the first half of a text's SHA-256.
func shortSum(text string) [16]byte {
	sum := sha256.Sum256([]byte(text))
	return [16]byte(sum[:16])
}

// ofNote returns the fingerprint of a remark about the whole report.
func (p fingerprints) ofNote(text string) string { return p.of("note", &Cache{DisplayName: text}) }
