package cacheresource

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// note is what the resource remembers beside the state, in its private part.
type note struct {
	// Adopt says that the cache was imported or moved, so that the next look
	// takes over everything around it.
	Adopt bool `json:"adopt,omitempty"`
	// Adopted says that it was, and that no apply has changed it since.
	Adopted bool `json:"adopted,omitempty"`
	// Unfinished says that creating the cache did not get to its end; Token is
	// the operation that was under way.
	Unfinished bool   `json:"unfinished,omitempty"`
	Token      string `json:"token,omitempty"`
	// Linked are the links for geo-replication, and Connections the connections
	// of private endpoints, when the cache was last seen.
	Linked      []string           `json:"linked,omitempty"`
	Connections []azure.Connection `json:"connections,omitempty"`
	// Unread says why something around the cache may not be read, by argument.
	Unread map[string]string `json:"unread,omitempty"`
	// Zoneless says that the choice of zones was left to the service, which has
	// none for this cache.
	Zoneless bool `json:"zoneless,omitempty"`
}

const noteKey = "note"

func remember(config model, o azurecache.Observed) note {
	silent := config.ZonalAllocationPolicy.IsNull() && config.Zones.IsNull() && config.SKUName.ValueString() != "Basic"
	return note{
		Linked: o.LinkedServers, Connections: o.Connections,
		Zoneless: silent && o.ZonalAllocationPolicy != nil && *o.ZonalAllocationPolicy == "NoZones",
	}
}

// see takes over what Azure shows beside the state, and tells whether that is
// news.
func (n *note) see(o azurecache.Observed) (news bool) {
	news = n.Adopt || !slices.Equal(n.Linked, o.LinkedServers) || !slices.Equal(n.Connections, o.Connections) ||
		!maps.Equal(n.Unread, o.Unread)
	n.Adopt, n.Linked, n.Connections, n.Unread = false, o.LinkedServers, o.Connections, o.Unread
	return news
}

type privateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func recall(ctx context.Context, p privateReader) (n note, diags diag.Diagnostics) {
	raw, diags := p.GetKey(ctx, noteKey)
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &n); err != nil {
			diags.AddError("the private part of the state cannot be read", err.Error())
		}
	}
	return n, diags
}

func (n note) keep(ctx context.Context, p privateWriter) diag.Diagnostics {
	raw, err := json.Marshal(n)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("the private part of the state cannot be written", err.Error())}
	}
	return p.SetKey(ctx, noteKey, raw)
}

func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.SetAttribute(ctx, path.Root("id"), id)
}

// settle returns the planned object with its open parts taken from what was
// seen: what was planned is what is true after a change that went well.
func settle(plan, seen tftypes.Value) tftypes.Value {
	switch {
	case !plan.IsKnown():
		return closed(seen)
	case plan.IsNull() || plan.IsFullyKnown():
		return plan
	}
	var planned, found map[string]tftypes.Value
	if plan.As(&planned) != nil { // lists and sets hold nothing that only Azure knows
		return plan
	}
	if seen.IsNull() || !seen.IsKnown() || seen.As(&found) != nil {
		found = map[string]tftypes.Value{}
	}
	planned = maps.Clone(planned) // As does not copy
	for name, v := range planned {
		other, ok := found[name]
		if !ok {
			other = tftypes.NewValue(v.Type(), nil)
		}
		planned[name] = settle(v, other)
	}
	return tftypes.NewValue(plan.Type(), planned)
}

// closed turns what is still unknown into null.
func closed(v tftypes.Value) tftypes.Value {
	out, err := tftypes.Transform(v, func(_ *tftypes.AttributePath, inner tftypes.Value) (tftypes.Value, error) {
		if !inner.IsKnown() {
			return tftypes.NewValue(inner.Type(), nil), nil
		}
		return inner, nil
	})
	if err != nil {
		return tftypes.NewValue(v.Type(), nil)
	}
	return out
}
