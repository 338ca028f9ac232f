// Package suggest finds the name that somebody meant who wrote another one: of a
// command, a flag, a rule, a key or a value.
package suggest

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// mostNames is the number of names that a question offers.
const mostNames = 3

// DidYouMean is a question that ends a message and names what is most similar to a
// text, as in "; did you mean text or html?"; empty where nothing is similar.
func DidYouMean(wrote string, names []string) string {
	near := Similar(wrote, names)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// Similar returns the names most similar to a text, at most three; only the name that
// differs in case alone, if there is one. The part of a name behind a slash counts as a
// name too, without regard to case.
func Similar(wrote string, names []string) []string {
	type candidate struct {
		name  string
		score float64
	}
	wrote = strings.ToLower(wrote)
	var near []candidate
	for _, name := range names {
		whole := strings.ToLower(name)
		if wrote == whole {
			return []string{name}
		}
		_, slug, _ := strings.Cut(whole, "/")
		score := max(levenshtein.Similarity(wrote, whole, nil), levenshtein.Similarity(wrote, slug, nil))
		if len(wrote) >= 3 && strings.Contains(whole, wrote) || swapped(wrote, whole) {
			score = max(score, 0.9)
		}
		if score >= 0.6 {
			near = append(near, candidate{name, score})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var found []string
	for _, c := range near[:min(mostNames, len(near))] {
		found = append(found, c.name)
	}
	return found
}

// Misspelt reports whether a text is a name, without regard to case, or differs from it by one
// letter or by the order of two.
func Misspelt(wrote, name string) bool {
	wrote, name = strings.ToLower(wrote), strings.ToLower(name)
	return levenshtein.Distance(wrote, name, nil) <= 1 || swapped(wrote, name)
}

// swapped reports whether two texts differ in the order of two neighbouring letters only.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 1; i < len(a); i++ {
		if a[i-1] != b[i-1] {
			return a[i-1] == b[i] && a[i] == b[i-1] && a[i+1:] == b[i+1:]
		}
	}
	return false
}
