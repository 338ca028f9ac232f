package tfconfig

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An address without keys is what the parser of expressions makes of it.
func TestPlainAddress(t *testing.T) {
	t.Parallel()
	words := []string{"module", "data", "action", "a", "b-1", "_c", "null", "for", "", "1", "é", " d", "e[0]"}
	plain := 0
	var try func(chosen []string)
	try = func(chosen []string) {
		s := strings.Join(chosen, ".")
		if _, ok := plainWords(s); ok {
			plain++
			got, err := parseAddress(s)
			want, wantErr := keyedAddress(s)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(address{}, moduleStep{}, Key{})); diff != "" || err != wantErr {
				t.Errorf("%q: %s (%v, want %v)", s, diff, err, wantErr)
			}
		}
		if len(chosen) < 5 {
			for _, w := range words {
				try(append(chosen[:len(chosen):len(chosen)], w))
			}
		}
	}
	try(nil)
	if plain < 1000 {
		t.Errorf("%d plain addresses", plain)
	}
}
