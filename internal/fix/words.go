package fix

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// plainWord is a word of a comment that may be repeated, with punctuation around it: letters
	// with a capital at the beginning at most, a short abbreviation, a number such as a port or a
	// year, a version. Passwords mix these, and keys and tokens are longer.
	plainWord = regexp.MustCompile(`^["'(]*(\p{Lu}?\p{Ll}{0,14}(['’-]\p{Ll}{1,14})?|\p{Lu}{2,5}|` +
		`[0-9]{1,5}|v?[0-9]{1,2}(\.[0-9]{1,2}){1,2}|[–—-])["'),.:;!?]*$`)
	// besideSecret is a word, in lower case, beside which a secret may stand.
	besideSecret = regexp.MustCompile(`pass|pwd|secret|key|token|cred|auth|login|connection|kennwort|geheim|^\W*(pw|pin|sas|user|account)\W*$`)
)

// plainWords reports whether a comment holds nothing but plain words, and none beside which a
// secret may stand.
func plainWords(comment string) bool {
	comment = strings.TrimSuffix(strings.TrimLeft(strings.TrimSpace(comment), "#/*"), "*/")
	return !slices.ContainsFunc(strings.Fields(comment), func(word string) bool {
		return !plainWord.MatchString(word) || besideSecret.MatchString(strings.ToLower(word))
	})
}
