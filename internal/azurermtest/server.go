package azurermtest

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// Server returns the provider server of one generation.
func Server(g Generation) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) {
		inner, err := providerserver.NewProtocol6WithError(&configuration{})()
		all := resources(g)
		return &server{ProviderServer: inner, resources: all, data: dataSources(all), subscription: Subscription}, err
	}
}

// AzapiServer returns a provider server of azapi 2, with the resource types of azapi.txt.
func AzapiServer() (tfprotov6.ProviderServer, error) {
	inner, err := providerserver.NewProtocol6WithError(&configuration{})()
	return &server{ProviderServer: inner, resources: typed(providerschema.Azapi()), subscription: Subscription}, err
}

// server is a provider server for the resource types of a table; other requests go to
// a provider without resources. Like azurerm, it uses the legacy type system: only
// there may a block be unknown until apply.
type server struct {
	tfprotov6.ProviderServer
	resources    map[string]*resourceType
	data         map[string]*resourceType
	subscription string // id, from the provider block or the default
}

// ConfigureProvider keeps the subscription_id of the provider block, which stands in
// every made-up ARM id.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse,
	error) {
	schema, err := s.ProviderServer.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config, err := req.Config.Unmarshal(schema.Provider.ValueType())
	if err != nil {
		return nil, err
	}
	if id := stringOf(attributesOf(config)["subscription_id"]); id != "" {
		s.subscription = id
	}
	return s.ProviderServer.ConfigureProvider(ctx, req)
}

func (s *server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse,
	error) {
	resp, err := s.ProviderServer.GetProviderSchema(ctx, req)
	if err != nil {
		return nil, err
	}
	resp.ResourceSchemas = map[string]*tfprotov6.Schema{}
	for name, r := range s.resources {
		resp.ResourceSchemas[name] = &tfprotov6.Schema{Block: r.block.schema()}
	}
	resp.DataSourceSchemas = map[string]*tfprotov6.Schema{}
	for name, r := range s.data {
		resp.DataSourceSchemas[name] = &tfprotov6.Schema{Block: r.block.schema()}
	}
	return resp, nil
}

// ValidateResourceConfig refuses a target of an endpoint or of a diagnostic setting that
// is no ARM id, as azurerm does. A mock of `terraform test` validates with the real
// provider, so that the random words which it makes up for ids are refused.
func (s *server) ValidateResourceConfig(_ context.Context,
	req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	config, err := req.Config.Unmarshal(s.resources[req.TypeName].block.typ())
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.ValidateResourceConfigResponse{}
	err = tftypes.Walk(config, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		name, _ := path.LastStep().(tftypes.AttributeName)
		if name == "private_connection_resource_id" || name == "target_resource_id" {
			if id := stringOf(v); id != "" && !strings.HasPrefix(id, "/") {
				resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError,
					Summary: fmt.Sprintf("Can not parse %q as a resource id: %q", string(name), id), Attribute: path})
			}
		}
		return true, nil
	})
	return resp, err
}

func (s *server) UpgradeResourceState(_ context.Context,
	req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	typ := s.resources[req.TypeName].block.typ()
	v, err := req.RawState.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(typ, v)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (s *server) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

// PlanResourceChange sets the defaults of omitted arguments, and makes omitted computed
// attributes unknown.
func (s *server) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse,
	error) {
	r := s.resources[req.TypeName]
	typ := r.block.typ()
	prior, err := req.PriorState.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	proposed, err := req.ProposedNewState.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState, UnsafeToUseLegacyTypeSystem: true}
	if proposed.IsNull() {
		return resp, nil
	}
	if !prior.IsNull() {
		proposed = r.block.keepComputed(proposed, prior)
	}
	planned, err := tfprotov6.NewDynamicValue(typ, r.block.plan(proposed, prior.IsNull()))
	resp.PlannedState = &planned
	if !prior.IsNull() {
		was, is := attributesOf(prior), attributesOf(proposed)
		for _, name := range []string{
			"name", "location", "resource_group_name", "subnet_id", "parent_id", "private_service_connection", "high_availability_enabled",
		} {
			if old, ok := was[name]; ok && !old.IsNull() && !old.Equal(is[name]) {
				resp.RequiresReplace = append(resp.RequiresReplace, tftypes.NewAttributePath().WithAttributeName(name))
			}
		}
	}
	return resp, err
}

// keepComputed copies the computed blocks that the configuration omits from the prior
// state.
func (b *block) keepComputed(proposed, prior tftypes.Value) tftypes.Value {
	values, was := attributesOf(proposed), attributesOf(prior)
	for _, n := range b.blocks {
		if n.Computed && values[n.Name].IsKnown() && len(elementsOf(values[n.Name])) == 0 {
			values[n.Name] = was[n.Name]
		}
	}
	return tftypes.NewValue(b.typ(), values)
}

// plan is the planned value of an object of this block.
func (b *block) plan(v tftypes.Value, create bool) tftypes.Value {
	if !v.IsKnown() || v.IsNull() {
		return v
	}
	values := attributesOf(v)
	for _, a := range b.attributes {
		switch {
		case !values[a.Name].IsKnown() || !values[a.Name].IsNull():
		case a.defaultValue != nil:
			values[a.Name] = *a.defaultValue
		case a.Is("C") && create:
			values[a.Name] = tftypes.NewValue(a.typ, tftypes.UnknownValue)
		}
		if a.Is("W") {
			values[a.Name] = tftypes.NewValue(a.typ, nil)
		}
	}
	for _, n := range b.blocks {
		if !values[n.Name].IsKnown() {
			continue
		}
		items := elementsOf(values[n.Name])
		if len(items) == 0 && n.Computed && create {
			values[n.Name] = tftypes.NewValue(n.typ(), tftypes.UnknownValue)
			continue
		}
		for i := range items {
			items[i] = n.block.plan(items[i], create)
		}
		values[n.Name] = tftypes.NewValue(n.typ(), items)
	}
	return tftypes.NewValue(b.typ(), values)
}

// ApplyResourceChange gives every unknown attribute of the plan a made-up value.
func (s *server) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse,
	error) {
	r := s.resources[req.TypeName]
	typ := r.block.typ()
	planned, err := req.PlannedState.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.ApplyResourceChangeResponse{NewState: req.PlannedState, UnsafeToUseLegacyTypeSystem: true}
	if planned.IsNull() {
		return resp, nil
	}
	values := attributesOf(planned)
	name := stringOf(values["name"])
	for a, v := range values {
		if a == "id" && !v.IsKnown() {
			values[a] = tftypes.NewValue(tftypes.String, fill(r.id, s.subscription, values))
		}
	}
	state, err := tfprotov6.NewDynamicValue(typ, r.block.apply(tftypes.NewValue(typ, values), name))
	resp.NewState = &state
	return resp, err
}

// apply is the value of an object of this block after apply; name is that of its
// resource.
func (b *block) apply(v tftypes.Value, name string) tftypes.Value {
	values := attributesOf(v)
	for _, a := range b.attributes {
		if !values[a.Name].IsFullyKnown() {
			values[a.Name] = madeUp(a, name)
		}
	}
	for _, n := range b.blocks {
		items := []tftypes.Value{}
		switch {
		case values[n.Name].IsKnown():
			items = elementsOf(values[n.Name])
		case n.Name == "redis_configuration":
			empty := map[string]tftypes.Value{}
			for attribute, typ := range n.block.typ().AttributeTypes {
				empty[attribute] = tftypes.NewValue(typ, nil)
			}
			items = append(items, n.block.plan(tftypes.NewValue(n.block.typ(), empty), true))
		}
		for i := range items {
			one := attributesOf(items[i])
			switch n.Name {
			case "redis_configuration":
				reserve(values, one)
			case "default_database":
				one["id"] = tftypes.NewValue(tftypes.String, stringOf(values["id"])+"/databases/default")
				one["port"] = tftypes.NewValue(tftypes.Number, 10000)
			}
			items[i] = n.block.apply(tftypes.NewValue(n.block.typ(), one), name)
		}
		values[n.Name] = tftypes.NewValue(n.typ(), items)
	}
	return tftypes.NewValue(b.typ(), values)
}

// reservedMegabytes are what Azure reserves of the memory of a cache for each of two
// purposes, about a tenth, by family and capacity.
var reservedMegabytes = map[string][]int{"C": {2, 125, 250, 642, 1330, 2662, 5427}, "P": {0, 642, 1330, 2662, 5427, 12288}}

// reserve sets the reservations in the configuration of a cache that are left to Azure.
func reserve(cache, configuration map[string]tftypes.Value) {
	var capacity *big.Float
	if cache["capacity"].As(&capacity) != nil || capacity == nil {
		return
	}
	sizes := reservedMegabytes[stringOf(cache["family"])]
	n, _ := capacity.Int64()
	if n < 0 || int(n) >= len(sizes) {
		return
	}
	for _, name := range []string{"maxmemory_reserved", "maxfragmentationmemory_reserved", "maxmemory_delta"} {
		if v, ok := configuration[name]; ok && !v.IsKnown() {
			configuration[name] = tftypes.NewValue(tftypes.Number, sizes[n])
		}
	}
}

// computedValues are the values of computed attributes that tests and rules read.
var computedValues = map[string]any{
	"port": 6379, "ssl_port": 6380, "redis_version": "6", "authentication_enabled": true, "non_ssl_port_enabled": false,
	"principal_id": "99999999-9999-4999-8999-999999999999",
}

// madeUp is the value of a computed attribute in the resource of a name.
func madeUp(a *attribute, name string) tftypes.Value {
	if v, ok := computedValues[a.Name]; ok {
		return tftypes.NewValue(a.typ, v)
	}
	switch {
	case a.Is("S"):
		return tftypes.NewValue(a.typ, "CANARY-"+name+"-"+a.Name)
	case a.Name == "hostname":
		return tftypes.NewValue(a.typ, name+".redis.cache.windows.net")
	case a.Name == "security_rule":
		return tftypes.NewValue(a.typ, []tftypes.Value{})
	case a.typ.Is(tftypes.String):
		return tftypes.NewValue(a.typ, "computed-"+a.Name)
	case a.typ.Is(tftypes.Number):
		return tftypes.NewValue(a.typ, 1)
	case a.typ.Is(tftypes.Bool):
		return tftypes.NewValue(a.typ, false)
	default:
		return tftypes.NewValue(a.typ, nil)
	}
}

// Subscription is the id of the subscription in made-up ARM ids where the provider
// block has no subscription_id.
const Subscription = "00000000-0000-4000-8000-000000000001"

// fill replaces the placeholders of an id template, such as {name}, with attributes; a
// type loses its API version.
func fill(template, subscription string, values map[string]tftypes.Value) string {
	out := strings.ReplaceAll(template, "{subscription}", subscription)
	for name, v := range values {
		if s := stringOf(v); s != "" {
			if name == "type" {
				s, _, _ = strings.Cut(s, "@")
			}
			out = strings.ReplaceAll(out, "{"+name+"}", s)
		}
	}
	return out
}

func attributesOf(v tftypes.Value) map[string]tftypes.Value {
	out := map[string]tftypes.Value{}
	must(v.As(&out))
	return out
}

func elementsOf(v tftypes.Value) []tftypes.Value {
	out := []tftypes.Value{}
	must(v.As(&out))
	return out
}

func stringOf(v tftypes.Value) string {
	var s string
	if v.Type() == nil || !v.Type().Is(tftypes.String) || !v.IsKnown() || v.IsNull() || v.As(&s) != nil {
		return ""
	}
	return s
}
