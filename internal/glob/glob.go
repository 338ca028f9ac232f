// Package glob matches names against patterns in which only * and ? are special:
// * stands for any characters or none, ? for exactly one character.
package glob

import (
	"unicode"
	"unicode/utf8"
)

// Match reports whether a pattern describes the whole of s. It allocates
// nothing, and takes at most len(pattern) times len(s) steps.
func Match(pattern, s string) bool {
	return match(pattern, s, func(a, b rune) bool { return a == b })
}

// MatchFold is Match without regard to case.
func MatchFold(pattern, s string) bool {
	return match(pattern, s, func(a, b rune) bool { return unicode.ToLower(a) == unicode.ToLower(b) })
}

func match(pattern, s string, same func(a, b rune) bool) bool {
	p, i := 0, 0
	star, taken := -1, 0 // after the last star in the pattern; how far that star reaches in s
	for i < len(s) {
		want, wide := utf8.DecodeRuneInString(pattern[p:])
		have, step := utf8.DecodeRuneInString(s[i:])
		switch {
		case wide > 0 && want == '*':
			p += wide
			star, taken = p, i
		case wide > 0 && (want == '?' || same(want, have)):
			p, i = p+wide, i+step
		case star >= 0:
			_, step = utf8.DecodeRuneInString(s[taken:])
			taken += step
			p, i = star, taken
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
