package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// demands are the arguments that an element of a map or list must have. The
// schema cannot say it: the framework takes a required argument of an element
// that is known after apply for one that is missing.
type demands []string

// Description says what is demanded.
func (d demands) Description(context.Context) string {
	if len(d) == 0 {
		return "must not be null"
	}
	return "must have " + strings.Join(d, ", ")
}

// MarkdownDescription says the same.
func (d demands) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

// ValidateObject refuses an element that is null or lacks something.
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
