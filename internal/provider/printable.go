package provider

import (
	"context"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

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

func (s *outerServer) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return printable(s.ProviderServer.ValidateProviderConfig(ctx, req))
}

func (s *outerServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return printable(s.ProviderServer.ConfigureProvider(ctx, req))
}

func (s *outerServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := printable(s.ProviderServer.ValidateResourceConfig(ctx, req))
	if resp != nil && req.TypeName == "redisbaseline_cache" {
		for _, d := range resp.Diagnostics {
			d.Attribute = rootOf(d.Attribute)
		}
	}
	return resp, err
}

// rootOf is the root attribute of a path. Terraform before 1.15 shows the first line of
// the resource for a path into an attribute, and the line of the attribute for its root;
// what validators say names the whole path.
func rootOf(path *tftypes.AttributePath) *tftypes.AttributePath {
	if path == nil || len(path.Steps()) < 2 {
		return path
	}
	return tftypes.NewAttributePathWithSteps(path.Steps()[:1])
}

func (s *outerServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return printable(s.ProviderServer.ReadResource(ctx, req))
}

func (s *outerServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return printable(s.ProviderServer.PlanResourceChange(ctx, req))
}

func (s *outerServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return printable(s.ProviderServer.ApplyResourceChange(ctx, req))
}

func (s *outerServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return printable(s.ProviderServer.ImportResourceState(ctx, req))
}

func (s *outerServer) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return printable(s.ProviderServer.ValidateDataResourceConfig(ctx, req))
}

func (s *outerServer) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return printable(s.ProviderServer.ReadDataSource(ctx, req))
}

func (s *outerServer) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return printable(s.ProviderServer.OpenEphemeralResource(ctx, req))
}

func (s *outerServer) ListResource(
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
