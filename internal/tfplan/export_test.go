package tfplan

import "strings"

// Kept returns everything that a plan keeps of its resources, for tests about secrets.
func Kept(p *Plan) string {
	var out strings.Builder
	for _, in := range p.linker.instances {
		out.WriteString(in.kept)
	}
	return out.String()
}

// LimitToken makes the bound of a single value smaller, so that tests of it are
// quick under the race detector too; it returns how to undo that.
func LimitToken(n int64) func() {
	was := maxToken
	maxToken = n
	return func() { maxToken = was }
}
