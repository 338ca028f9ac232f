package cacheresource

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// ImportState imports by an id or an identity. The Read that follows reads the cache
// with everything around it.
func (r *cacheResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	text := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &text)...)
	}
	id, err := azure.ParseCacheIDOf(service.Redis, text.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("this is not the id of a cache", sentence(err.Error())+managedElsewhere(text.ValueString()))
		return
	}
	m := identified(ctx, id)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, m.ID)...)
	resp.Diagnostics.Append(privateState{Adopt: true, Adopted: true}.save(ctx, resp.Private)...)
}

// managedElsewhere says where a cache of another service is imported; it is empty for an id
// that is none of a cache.
func managedElsewhere(text string) string {
	id, err := azure.ParseCacheID(text)
	if err != nil || id.Service == service.Redis {
		return ""
	}
	return fmt.Sprintf(" redisbaseline_cache makes caches of %s alone: import this one of %s into an %s, or an azapi_resource.",
		service.Redis.Name, id.Service.Name, strings.Join(id.Service.Azurerm, " or "))
}

// identified is a model that holds the id of a cache, in the spelling of this
// provider, its name and its resource group.
func identified(ctx context.Context, id azure.CacheID) model {
	m := emptyModel(ctx)
	m.ID = types.StringValue(service.Redis.ID(id.Subscription, id.ResourceGroup, id.Name))
	m.Name, m.ResourceGroupName = types.StringValue(id.Name), types.StringValue(id.ResourceGroup)
	return m
}

// MoveState takes over the state of a cache of azurerm: its id, location and size, and
// none of the secrets. The Read that follows reads the rest.
func (r *cacheResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if !slices.Contains(service.Redis.Azurerm, req.SourceTypeName) || !strings.HasSuffix(req.SourceProviderAddress, "/hashicorp/azurerm") ||
			req.SourceRawState == nil {
			return
		}
		var source struct {
			ID       string `json:"id"`
			Location string `json:"location"`
			SKUName  string `json:"sku_name"`
			Capacity int64  `json:"capacity"`
		}
		unreadable := json.Unmarshal(req.SourceRawState.JSON, &source) // not shown: it could quote the state
		id, err := azure.ParseCacheIDOf(service.Redis, source.ID)
		if unreadable != nil || err != nil {
			resp.Diagnostics.AddError("the state of "+service.Redis.Azurerm[0]+" cannot be read",
				"It holds no id of a cache. Take the cache out of the state with a removed block, and import it here with an import block.")
			return
		}
		m := identified(ctx, id)
		m.Location, m.SKUName, m.Capacity = types.StringValue(source.Location), types.StringValue(source.SKUName),
			types.Int64Value(source.Capacity)
		resp.Diagnostics.Append(resp.TargetState.Set(ctx, &m)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.TargetIdentity, m.ID)...)
		resp.Diagnostics.Append(privateState{Adopt: true, Adopted: true}.save(ctx, resp.TargetPrivate)...)
	}}}
}
