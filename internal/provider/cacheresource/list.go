package cacheresource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var _ list.ListResourceWithConfigure = (*cacheList)(nil)

type cacheList struct{ hosted }

// NewList returns the constructor of the list resource.
func NewList(hostOf HostOf) func() list.ListResource {
	return func() list.ListResource { return &cacheList{hosted{hostOf: hostOf}} }
}

// ListResourceConfigSchema describes the arguments of the list.
func (l *cacheList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Every cache of a subscription, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"subscription_id": schema.StringAttribute{Optional: true, MarkdownDescription: "The subscription; that of the provider by default."},
		},
	}
}

// List lists the caches, sorted by id.
func (l *cacheList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var subscription types.String
	diags := req.Config.GetAttribute(ctx, path.Root("subscription_id"), &subscription)
	client, more := l.host.Client()
	diags.Append(more...)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	ids, err := l.host.Caches(ctx, service.Redis, subscription.ValueString())
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{diag.NewErrorDiagnostic("the caches could not be listed",
			sentence(err.Error()))})
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for i, id := range ids {
			if req.Limit > 0 && int64(i) >= req.Limit || !push(result(ctx, client, req, id)) {
				return
			}
		}
	}
}

func result(ctx context.Context, client *azurecache.Client, req list.ListRequest, text string) list.ListResult {
	out := req.NewListResult(ctx)
	id, err := azure.ParseCacheIDOf(service.Redis, text)
	if err != nil {
		out.Diagnostics.AddError("a listed id is not that of a cache", sentence(err.Error()))
		return out
	}
	m := identified(ctx, id)
	out.DisplayName = id.Name
	out.Diagnostics.Append(out.Identity.SetAttribute(ctx, path.Root("id"), m.ID)...)
	if req.IncludeResource {
		o, err := client.Read(ctx, m.ID.ValueString(), azurecache.AllChildren())
		if err != nil {
			out.Diagnostics.AddError(id.Name+" could not be read", sentence(err.Error()))
			return out
		}
		m = observed(ctx, m, o)
		out.Diagnostics.Append(out.Resource.Set(ctx, &m)...)
	}
	return out
}
