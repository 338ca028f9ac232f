package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// demands are the required arguments of an element of a map or list. They are not
// Required in the schema, because the framework would report them as missing in an
// element that is known after apply.
type demands []string

// Description lists the required arguments.
func (d demands) Description(context.Context) string {
	if len(d) == 0 {
		return "must not be null"
	}
	return "must have " + strings.Join(d, ", ")
}

// MarkdownDescription is the same as Description.
func (d demands) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

// ValidateObject refuses an element that is null or lacks a required argument.
func (d demands) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	switch {
	case req.ConfigValue.IsUnknown():
		return
	case req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, "an element is null",
			req.Path.String()+" must not be null: leave it out, or write what it needs.")
		return
	}
	values := req.ConfigValue.Attributes()
	for _, name := range d {
		if values[name].IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "a required argument is missing",
				req.Path.String()+" must have "+name+", which must not be null.")
		}
	}
}
