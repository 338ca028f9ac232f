package azurermtest

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// lookupArguments are the arguments that say which object a data source reads.
var lookupArguments = []string{"name", "resource_group_name", "virtual_network_name"}

// dataSources are the data sources of one generation: one for every resource type
// that has a name, and the two about the subscription itself.
func dataSources(all map[string]*resourceType) map[string]*resourceType {
	out := map[string]*resourceType{}
	for name, r := range all {
		d, found := &resourceType{id: r.id, block: &block{}}, 0
		for _, a := range r.block.attributes {
			flags := "C"
			switch {
			case slices.Contains(lookupArguments, a.Name):
				flags = "R"
				found++
			case a.Is("W"):
				continue
			case a.Is("S"):
				flags = "CS"
			}
			d.block.attributes = append(d.block.attributes, &attribute{Attribute: &providerschema.Attribute{Name: a.Name, Flags: flags}, typ: a.typ})
		}
		if found > 0 {
			out[name] = d
		}
	}
	str := func(name, flags string) *attribute {
		return &attribute{Attribute: &providerschema.Attribute{Name: name, Flags: flags}, typ: tftypes.String}
	}
	own := "/subscriptions/{subscription}"
	out["azurerm_client_config"] = &resourceType{id: own,
		block: &block{attributes: []*attribute{str("id", "C"), str("subscription_id", "C"), str("tenant_id", "C")}}}
	out["azurerm_subscription"] = &resourceType{id: own,
		block: &block{attributes: []*attribute{str("id", "C"), str("subscription_id", "OC"), str("display_name", "C")}}}
	return out
}

func (s *server) ValidateDataResourceConfig(context.Context,
	*tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

// ReadDataSource returns an object for every name, with made-up computed attributes.
func (s *server) ReadDataSource(_ context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	r := s.data[req.TypeName]
	typ := r.block.typ()
	config, err := req.Config.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	values := attributesOf(config)
	for _, a := range r.block.attributes {
		switch {
		case !a.Is("C") || !values[a.Name].IsNull():
		case a.Name == "id":
			values[a.Name] = tftypes.NewValue(tftypes.String, fill(r.id, s.subscription, values))
		case a.Name == "subscription_id":
			values[a.Name] = tftypes.NewValue(tftypes.String, s.subscription)
		default:
			values[a.Name] = madeUp(a, stringOf(values["name"]))
		}
	}
	state, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}

// ImportResourceState returns an object for every id. Attributes that do not stand in
// the id are null.
func (s *server) ImportResourceState(_ context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse,
	error) {
	typ := s.resources[req.TypeName].block.typ()
	values := map[string]tftypes.Value{}
	for name, t := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(t, nil)
	}
	for _, n := range s.resources[req.TypeName].block.blocks {
		values[n.Name] = tftypes.NewValue(n.typ(), []tftypes.Value{})
	}
	set := func(name, value string) {
		if t, ok := typ.AttributeTypes[name]; ok && t.Is(tftypes.String) {
			values[name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	parts := strings.Split(req.ID, "/")
	set("id", req.ID)
	set("name", parts[len(parts)-1])
	for i := range parts[:len(parts)-1] {
		if parts[i] == "resourceGroups" {
			set("resource_group_name", parts[i+1])
		}
	}
	state, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{{TypeName: req.TypeName, State: &state}}},
		err
}
