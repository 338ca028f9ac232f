package provider

import (
	"context"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// quietServer makes every diagnostic safe to be printed: names from plans, texts of
// Azure and paths can neither steer a terminal nor command the CI system that runs
// Terraform.
type quietServer struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// quiet makes the diagnostics of a response safe. Every response that has
// diagnostics has them in a field named Diagnostics.
func quiet[Response any](resp *Response, err error) (*Response, error) {
	if resp != nil {
		diags, _ := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics").Interface().([]*tfprotov6.Diagnostic)
		quieted(diags)
	}
	return resp, err
}

func quieted(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		d.Summary, d.Detail = report.Printable(strings.ReplaceAll(d.Summary, "\n", " ")), report.Printable(d.Detail)
	}
}

// ValidateProviderConfig is that of the framework.
func (s *quietServer) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return quiet(s.ProviderServer.ValidateProviderConfig(ctx, req))
}

// ConfigureProvider is that of the framework.
func (s *quietServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return quiet(s.ProviderServer.ConfigureProvider(ctx, req))
}

// ValidateResourceConfig is that of the framework.
func (s *quietServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return quiet(s.ProviderServer.ValidateResourceConfig(ctx, req))
}

// ReadResource is that of the framework.
func (s *quietServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return quiet(s.ProviderServer.ReadResource(ctx, req))
}

// PlanResourceChange is that of the framework.
func (s *quietServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return quiet(s.ProviderServer.PlanResourceChange(ctx, req))
}

// ApplyResourceChange is that of the framework.
func (s *quietServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return quiet(s.ProviderServer.ApplyResourceChange(ctx, req))
}

// ImportResourceState is that of the framework.
func (s *quietServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return quiet(s.ProviderServer.ImportResourceState(ctx, req))
}

// ValidateDataResourceConfig is that of the framework.
func (s *quietServer) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return quiet(s.ProviderServer.ValidateDataResourceConfig(ctx, req))
}

// ReadDataSource is that of the framework.
func (s *quietServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return quiet(s.ProviderServer.ReadDataSource(ctx, req))
}

// OpenEphemeralResource is that of the framework.
func (s *quietServer) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return quiet(s.ProviderServer.OpenEphemeralResource(ctx, req))
}

// ListResource is that of the framework.
func (s *quietServer) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.ListResourceServer.ListResource(ctx, req)
	if stream != nil && stream.Results != nil {
		results := stream.Results
		stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
			for r := range results {
				quieted(r.Diagnostics)
				if !yield(r) {
					return
				}
			}
		}
	}
	return stream, err
}

// CallFunction is that of the framework.
func (s *quietServer) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	resp, err := s.ProviderServer.CallFunction(ctx, req)
	if resp != nil && resp.Error != nil {
		resp.Error.Text = report.Printable(resp.Error.Text)
	}
	return resp, err
}
