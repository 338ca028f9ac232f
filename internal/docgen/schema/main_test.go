package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestComplete: lists and identities stand beside what Terraform printed, which stays.
func TestComplete(t *testing.T) {
	var out bytes.Buffer
	in := `{"format_version":"1.0","provider_schemas":{"redisbaseline":{"provider":{"version":7}}}}`
	if err := complete(t.Context(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		FormatVersion string `json:"format_version"`
		Providers     map[string]struct {
			Provider struct{ Version int }
			Lists    map[string]struct {
				Block struct {
					Description string
					Attributes  map[string]struct {
						Type     string
						Optional bool
					}
				}
			} `json:"list_resource_schemas"`
			Identities map[string]struct {
				Attributes map[string]struct {
					Type              string
					RequiredForImport bool `json:"required_for_import"`
				}
			} `json:"resource_identity_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	p := got.Providers["redisbaseline"]
	list, id := p.Lists["redisbaseline_cache"].Block, p.Identities["redisbaseline_cache"].Attributes["id"]
	of := list.Attributes["subscription_id"]
	if got.FormatVersion != "1.0" || p.Provider.Version != 7 || list.Description == "" || of.Type != "string" || !of.Optional ||
		id.Type != "string" || !id.RequiredForImport {
		t.Error(out.String())
	}
	for _, in := range []string{"", "{}", `{"provider_schemas":[]}`} {
		if err := complete(t.Context(), strings.NewReader(in), &bytes.Buffer{}); err == nil {
			t.Errorf("%q is a schema", in)
		}
	}
}
