package provider

import (
	"context"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// printableServer escapes every diagnostic: names in plans, messages of Azure and
// paths neither steer a terminal nor command the CI system that runs Terraform.
type printableServer struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// printable escapes the diagnostics of a response, whose field is always called
// Diagnostics.
func printable[Response any](resp *Response, err error) (*Response, error) {
	if resp != nil {
		diags, _ := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics").Interface().([]*tfprotov6.Diagnostic)
		makePrintable(diags)
	}
	return resp, err
}

// makePrintable escapes what steers a terminal or commands a CI system.
func makePrintable(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		d.Summary, d.Detail = report.Printable(strings.ReplaceAll(d.Summary, "\n", " ")), report.Printable(d.Detail)
	}
}

// ValidateProviderConfig is that of the framework.
func (s *printableServer) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return printable(s.ProviderServer.ValidateProviderConfig(ctx, req))
}

// ConfigureProvider is that of the framework.
func (s *printableServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return printable(s.ProviderServer.ConfigureProvider(ctx, req))
}

// ValidateResourceConfig is that of the framework.
func (s *printableServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return printable(s.ProviderServer.ValidateResourceConfig(ctx, req))
}

// ReadResource is that of the framework.
func (s *printableServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return printable(s.ProviderServer.ReadResource(ctx, req))
}

// PlanResourceChange is that of the framework.
func (s *printableServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return printable(s.ProviderServer.PlanResourceChange(ctx, req))
}

// ApplyResourceChange is that of the framework.
func (s *printableServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return printable(s.ProviderServer.ApplyResourceChange(ctx, req))
}

// ImportResourceState is that of the framework.
func (s *printableServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return printable(s.ProviderServer.ImportResourceState(ctx, req))
}

// ValidateDataResourceConfig is that of the framework.
func (s *printableServer) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return printable(s.ProviderServer.ValidateDataResourceConfig(ctx, req))
}

// ReadDataSource is that of the framework.
func (s *printableServer) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return printable(s.ProviderServer.ReadDataSource(ctx, req))
}

// OpenEphemeralResource is that of the framework.
func (s *printableServer) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return printable(s.ProviderServer.OpenEphemeralResource(ctx, req))
}

// ListResource is that of the framework.
func (s *printableServer) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.ListResourceServer.ListResource(ctx, req)
	if stream != nil && stream.Results != nil {
		results := stream.Results
		stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
			for r := range results {
				makePrintable(r.Diagnostics)
				if !yield(r) {
					return
				}
			}
		}
	}
	return stream, err
}

// CallFunction is that of the framework.
func (s *printableServer) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	resp, err := s.ProviderServer.CallFunction(ctx, req)
	if resp != nil && resp.Error != nil {
		resp.Error.Text = report.Printable(resp.Error.Text)
	}
	return resp, err
}
