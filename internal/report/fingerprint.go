package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// fingerprints makes names of findings that a later run of the same rule on the
// same cache makes again, whatever the message says by then. Its values count the
// findings with the same rule and label so far.
type fingerprints map[[16]byte]int

// of returns the fingerprint of a rule on a cache. Where several inputs hold
// the same address, the later caches are numbered, so that none is lost.
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

// ofNote returns the fingerprint of a note on the whole report.
func (p fingerprints) ofNote(text string) string { return p.of("note", &Cache{DisplayName: text}) }
