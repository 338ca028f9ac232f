package tfplan

import (
	"context"
	"errors"
	"io"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
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
	types, unknown := schemasFor(c)
	var notes []string
	var broken error
	from, to := io.Pipe() // the plan is read while it is written
	parallel.For(2, 2, func(i int) {
		if i == 0 {
			defer to.Close()
			notes, broken = c.WritePlan(to, tfconfig.PlanOptions{
				Types: types, Schema: providerSchema, Base: opts.Base, Variables: opts.Variables,
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
	for _, note := range []string{oldLock(c), unknown} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	p.linker.notes = append(notes, p.linker.notes...)
	return p, nil
}
