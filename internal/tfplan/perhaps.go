package tfplan

import (
	"fmt"
	"path"
	"strings"
)

// perhaps says, for people, why it is not known whether a cache will be there, and what
// would tell.
func (p *linker) perhaps(in *instance) string {
	const judged = "; it is judged as one that is created"
	r, ok := p.evaluator.Repetition(in.address)
	if !ok {
		return "its count or for_each, or that of a module around it, is not known" + judged
	}
	why := r.Why
	if len(r.Variables) > 0 {
		why = withoutValue(r.Variables)
	}
	return fmt.Sprintf("how many there are of it is not known: %s at %s:%d, and %s%s", r.Expression,
		path.Join(p.options.Base, r.Position.File), r.Position.Line, why, judged)
}

// withoutValue says that root variables have no value, and what would give one.
func withoutValue(names []string) string {
	verb, give := "has", "--var "+names[0]+"=VALUE or --var-file gives it"
	if len(names) > 1 {
		verb, give = "have", "--var NAME=VALUE or --var-file gives one"
	}
	last := len(names) - 1
	list := "var." + names[last]
	if last > 0 {
		list = "var." + strings.Join(names[:last], ", var.") + " and " + list
	}
	return fmt.Sprintf("%s %s no value (%s)", list, verb, give)
}

// openRepetitions are the root variables without a value on which it depends how many
// there are of the resources that count, sorted.
func (p *linker) openRepetitions() []string {
	found := map[string]bool{}
	for cfg, rc := range p.config.resources {
		if !rc.repeated && !rc.module.repeated() {
			continue
		}
		r, _ := p.evaluator.Repetition(cfg)
		for _, name := range r.Variables {
			found[name] = true
		}
	}
	return sortedKeys(found)
}
