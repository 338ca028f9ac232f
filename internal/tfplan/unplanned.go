package tfplan

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// UnplannedOptions are what [ReadUnplanned] depends on.
type UnplannedOptions struct {
	// Base is the directory of the root module, as reports name it; see [posture.Places].
	Base string
	// Variables are the values of root variables.
	Variables map[string]cty.Value
	// Migration asks for [posture.Migration] too.
	Migration bool
}

// ReadUnplanned reads a configuration of which there is no plan: what it would make if
// nothing of it existed. The configuration is one as a single program reads it; see
// [tfconfig.Configuration.As].
func ReadUnplanned(ctx context.Context, c *tfconfig.Configuration, opts UnplannedOptions) (p *Plan, err error) {
	var notes []string
	var broken error
	from, to := io.Pipe() // the plan is read while it is written
	parallel.For(2, 2, func(i int) {
		if i == 0 {
			defer to.Close()
			notes, broken = c.WritePlan(to, tfconfig.PlanOptions{
				Types: schemasFor(c), Schema: providerSchema, Base: opts.Base, Variables: opts.Variables,
			})
			return
		}
		defer from.Close()
		p, err = Read(ctx, from, Options{Configuration: c, Base: opts.Base, Migration: opts.Migration, unplanned: true})
	})
	switch {
	case broken != nil && !errors.Is(broken, io.ErrClosedPipe): // else reading failed before
		return nil, broken
	case err != nil:
		return nil, err
	}
	p.linker.notes = append(notes, p.linker.notes...)
	return p, nil
}

// schemasFor are the schemas of the resource types that count, of the versions of their
// providers that a configuration takes.
func schemasFor(c *tfconfig.Configuration) map[string]*providerschema.Resource {
	out := providerschema.Common(Generations(c))
	maps.Copy(out, providerschema.Azapi())
	maps.Copy(out, providerschema.Own())
	for name := range resourceTypes {
		if out[name] == nil {
			out[name] = &providerschema.Resource{}
		}
	}
	return out
}

// Generations are the major versions of azurerm that a configuration may take: that of its
// lock file, else those that its constraints allow and that have all that is written.
func Generations(c *tfconfig.Configuration) []int {
	may := constrained(c)
	if fitting := slices.DeleteFunc(slices.Clone(may), func(g int) bool { return refuses(g, c) }); len(fitting) > 0 {
		return fitting
	}
	return may
}

// refuses reports whether a major version of azurerm lacks a resource type or an argument
// that a configuration has, and another one has.
func refuses(generation int, c *tfconfig.Configuration) bool {
	here := providerschema.Azurerm(generation)
	for name := range providerschema.Common(providerschema.Generations) {
		if here[name] == nil && c.HasType(name) {
			return true
		}
	}
	return len(c.Refused(here)) > 0
}

// constrained are the major versions of azurerm that the lock file or the constraints allow.
func constrained(c *tfconfig.Configuration) []int {
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		said := c.ProviderVersion(host + "/hashicorp/azurerm")
		if major, _, ok := strings.Cut(said.Locked, "."); ok {
			if n, err := strconv.Atoi(major); err == nil && slices.Contains(providerschema.Generations, n) {
				return []int{n}
			}
		}
		if len(said.Constraints) > 0 {
			if allowed := allowedBy(said.Constraints); len(allowed) > 0 {
				return allowed
			}
		}
	}
	return providerschema.Generations
}

// allowedBy are the major versions of azurerm of which constraints allow one version.
func allowedBy(constraints []string) (out []int) {
	all, err := version.NewConstraint(strings.Join(constraints, ","))
	if err != nil {
		return nil
	}
	for _, major := range providerschema.Generations {
		candidates := []string{}
		for minor := range 200 {
			candidates = append(candidates, strconv.Itoa(major)+"."+strconv.Itoa(minor)+".0")
		}
		for _, c := range all { // a constraint may allow one patch only
			text := strings.TrimLeft(c.String(), "=!<>~ ")
			candidates = append(candidates, text, text+".1")
		}
		if slices.ContainsFunc(candidates, func(s string) bool {
			v, err := version.NewVersion(s)
			return err == nil && v.Segments()[0] == major && all.Check(v)
		}) {
			out = append(out, major)
		}
	}
	return out
}
