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

// privateState is the private state of the resource.
type privateState struct {
	// Adopt says that the cache was imported or moved, and that the next Read takes
	// everything around it into the state.
	Adopt bool `json:"adopt,omitempty"`
	// Adopted says that the cache was imported or moved, and that no apply has
	// changed it since.
	Adopted bool `json:"adopted,omitempty"`
	// Unfinished says that the creation of the cache was not completed. Token resumes
	// the operation that was running.
	Unfinished bool   `json:"unfinished,omitempty"`
	Token      string `json:"token,omitempty"`
	// Linked are the links for geo-replication, and Connections the connections of
	// private endpoints, when the cache was last read.
	Linked      []string           `json:"linked,omitempty"`
	Connections []azure.Connection `json:"connections,omitempty"`
	// Unread is, by argument, the reason why children of the cache may not be read.
	Unread map[string]string `json:"unread,omitempty"`
	// Zoneless says that the service was left to choose zones, and has none for this
	// cache.
	Zoneless bool `json:"zoneless,omitempty"`
}

const privateStateKey = "note"

func newPrivateState(config model, o azurecache.Observed) privateState {
	silent := config.ZonalAllocationPolicy.IsNull() && config.Zones.IsNull() && config.SKUName.ValueString() != "Basic"
	return privateState{
		Linked: o.LinkedServers, Connections: o.Connections,
		Zoneless: silent && o.ZonalAllocationPolicy != nil && *o.ZonalAllocationPolicy == "NoZones",
	}
}

// update takes over the answers of Azure that are kept beside the state, and reports
// whether anything changed.
func (n *privateState) update(o azurecache.Observed) (news bool) {
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

func loadPrivateState(ctx context.Context, p privateReader) (n privateState, diags diag.Diagnostics) {
	raw, diags := p.GetKey(ctx, privateStateKey)
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &n); err != nil {
			diags.AddError("the private part of the state cannot be read", err.Error())
		}
	}
	return n, diags
}

func (n privateState) save(ctx context.Context, p privateWriter) diag.Diagnostics {
	raw, err := json.Marshal(n)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("the private part of the state cannot be written", err.Error())}
	}
	return p.SetKey(ctx, privateStateKey, raw)
}

func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.SetAttribute(ctx, path.Root("id"), id)
}

// fillUnknown is the planned object with its unknown parts taken from what was read
// after the change. Known parts stay, as Terraform demands.
func fillUnknown(plan, seen tftypes.Value) tftypes.Value {
	switch {
	case !plan.IsKnown():
		return nullUnknown(seen)
	case plan.IsNull() || plan.IsFullyKnown():
		return plan
	}
	var planned, found map[string]tftypes.Value
	if plan.As(&planned) != nil { // lists and sets have no computed parts
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
		planned[name] = fillUnknown(v, other)
	}
	return tftypes.NewValue(plan.Type(), planned)
}

// nullUnknown is a value with null for every unknown part.
func nullUnknown(v tftypes.Value) tftypes.Value {
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
