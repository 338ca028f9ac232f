package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

func main() {
	if err := complete(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

// attribute is an attribute of a list resource or of an identity, as Terraform prints it.
type attribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	DescriptionKind   string       `json:"description_kind,omitempty"`
	Required          bool         `json:"required,omitempty"`
	Optional          bool         `json:"optional,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

// complete copies the schemas of providers and adds to each those of lists and identities.
func complete(ctx context.Context, in io.Reader, out io.Writer) error {
	var document map[string]json.RawMessage
	var providers map[string]map[string]any
	if err := json.NewDecoder(in).Decode(&document); err != nil {
		return fmt.Errorf("standard input is no schema of providers: %w", err)
	}
	if err := json.Unmarshal(document["provider_schemas"], &providers); err != nil {
		return fmt.Errorf("standard input has no provider_schemas: %w", err)
	}
	server := provider.Server("dev", baseline.Published())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	for _, p := range providers {
		p["list_resource_schemas"], p["resource_identity_schemas"] = lists(schemas.ListResourceSchemas), identitiesOf(identities.IdentitySchemas)
	}
	if document["provider_schemas"], err = json.Marshal(providers); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(document)
}

func lists(schemas map[string]*tfprotov6.Schema) map[string]any {
	out := map[string]any{}
	for name, s := range schemas {
		attributes := map[string]attribute{}
		for _, a := range s.Block.Attributes {
			attributes[a.Name] = attribute{Type: a.Type, Description: a.Description, DescriptionKind: kind(a.DescriptionKind),
				Required: a.Required, Optional: a.Optional}
		}
		out[name] = map[string]any{"version": s.Version, "block": map[string]any{"attributes": attributes,
			"description": s.Block.Description, "description_kind": kind(s.Block.DescriptionKind)}}
	}
	return out
}

func identitiesOf(schemas map[string]*tfprotov6.ResourceIdentitySchema) map[string]any {
	out := map[string]any{}
	for name, s := range schemas {
		attributes := map[string]attribute{}
		for _, a := range s.IdentityAttributes {
			attributes[a.Name] = attribute{Type: a.Type, Description: a.Description,
				RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport}
		}
		out[name] = map[string]any{"version": s.Version, "attributes": attributes}
	}
	return out
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}
