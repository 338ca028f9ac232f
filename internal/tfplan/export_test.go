package tfplan

import "strings"

// Kept returns everything that a plan keeps of its resources, for tests about secrets.
func Kept(p *Plan) string {
	var out strings.Builder
	for _, in := range p.instances {
		out.Write(in.raw)
	}
	return out.String()
}
