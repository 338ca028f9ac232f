package cacheresource

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// oneOf validates an argument that takes few values, case included.
type oneOf []string

// OneOf returns the validator of an argument that takes one of the values.
func OneOf(values ...string) validator.String { return oneOf(values) }

// Description names the values.
func (o oneOf) Description(context.Context) string {
	names, last := slices.Clone(o), len(o)-1
	for i, name := range names {
		if strings.Contains(name, ", ") {
			names[i] = strconv.Quote(name)
		}
	}
	return "use " + strings.Join(names[:last], ", ") + " or " + names[last]
}

// MarkdownDescription names the values.
func (o oneOf) MarkdownDescription(ctx context.Context) string { return o.Description(ctx) }

// ValidateString refuses any other value, and asks for the one that was meant.
func (o oneOf) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	wrote := req.ConfigValue.ValueString()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || slices.Contains(o, wrote) {
		return
	}
	argument := req.Path
	last, _ := argument.Steps().LastStep()
	if _, element := last.(path.PathStepElementKeyValue); element { // of a set
		argument = argument.ParentPath()
	}
	meant := suggest.DidYouMean(wrote, o)
	if len(suggest.Similar(wrote, o)) == len(o) {
		meant = "" // each is as near as any other
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value",
		fmt.Sprintf("%s cannot be %q: %s%s", argument, wrote, o.Description(ctx), meant))
}
