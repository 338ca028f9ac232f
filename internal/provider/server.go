package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Server returns the provider as a server of the protocol; it judges by the
// documents.
func Server(version string, documents baseline.Documents, options ...Option) func() tfprotov6.ProviderServer {
	return server(New(version, documents, options...)())
}

func server(p provider.Provider) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		inner := providerserver.NewProtocol6(p)()
		// ProviderServer does not include the methods for lists yet, so they have
		// to be passed on.
		lists, _ := inner.(tfprotov6.ListResourceServer) //nolint:errcheck // every server of the framework has them
		return &outerServer{ProviderServer: inner, ListResourceServer: lists}
	}
}

// outerServer is the server of the framework with two differences.
//
// Every attribute of every object parameter is optional, at any depth. Terraform then
// accepts a whole resource object: it adds null for what one generation of azurerm
// lacks, and drops what is not listed. The framework cannot express this, and decodes
// with the plain type.
//
// Every diagnostic is escaped: names in plans, messages of Azure and paths neither
// steer a terminal nor command the CI system that runs Terraform.
type outerServer struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// GetProviderSchema returns the schema with optional object attributes.
func (s *outerServer) GetProviderSchema(ctx context.Context,
	req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.ProviderServer.GetProviderSchema(ctx, req)
	if resp != nil {
		relax(resp.Functions)
	}
	return resp, err
}

// GetFunctions returns the functions with optional object attributes.
func (s *outerServer) GetFunctions(ctx context.Context, req *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	resp, err := s.ProviderServer.GetFunctions(ctx, req)
	if resp != nil {
		relax(resp.Functions)
	}
	return resp, err
}

// CallFunction calls a function. OpenTofu 1.12 sends an argument that is null as
// a value without any data, which the framework cannot read.
func (s *outerServer) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for _, a := range req.Arguments {
		if a != nil && a.MsgPack == nil && a.JSON == nil {
			a.JSON = []byte("null")
		}
	}
	resp, err := s.ProviderServer.CallFunction(ctx, req)
	if resp != nil && resp.Error != nil {
		resp.Error.Text = report.Printable(resp.Error.Text)
	}
	return resp, err
}

func relax(functions map[string]*tfprotov6.Function) {
	for _, f := range functions {
		for _, p := range f.Parameters {
			p.Type = optional(p.Type)
		}
		if f.VariadicParameter != nil {
			f.VariadicParameter.Type = optional(f.VariadicParameter.Type)
		}
	}
}

func optional(t tftypes.Type) tftypes.Type {
	switch t := t.(type) {
	case tftypes.List:
		return tftypes.List{ElementType: optional(t.ElementType)}
	case tftypes.Set:
		return tftypes.Set{ElementType: optional(t.ElementType)}
	case tftypes.Object:
		out := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}, OptionalAttributes: map[string]struct{}{}}
		for name, a := range t.AttributeTypes {
			out.AttributeTypes[name] = optional(a)
			out.OptionalAttributes[name] = struct{}{}
		}
		return out
	default:
		return t
	}
}
