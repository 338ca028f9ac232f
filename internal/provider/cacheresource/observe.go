package cacheresource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// observed is a state updated by what Azure returned. A value keeps the spelling of the
// state where both mean the same, so that letter case, order and what the service
// adds are no changes. A value that Azure did not return stays, also an unknown one:
// see fillUnknown.
func observed(ctx context.Context, was model, o azurecache.Observed) model {
	m := was
	if !isKnown(m.ID) {
		m.ID = types.StringValue(o.ID)
	}
	m.Name = keepSpelling(was.Name, o.Name, strings.EqualFold)
	m.ResourceGroupName = keepSpelling(was.ResourceGroupName, o.ResourceGroup, strings.EqualFold)
	m.Location = keepSpelling(was.Location, o.Location, sameRegion)
	if o.SKU != nil {
		m.SKUName, m.Capacity = keepSpelling(was.SKUName, o.SKU.Name, strings.EqualFold), types.Int64Value(int64(o.SKU.Capacity))
		m.Family = types.StringValue(o.SKU.Family())
	}
	m.Hostname, m.ProvisioningState = textOr(was.Hostname, o.HostName), textOr(was.ProvisioningState, o.ProvisioningState)
	m.Port, m.SSLPort = numberOr(was.Port, o.Port), numberOr(was.SSLPort, o.SSLPort)

	r := decode[configurationModel](ctx, m.RedisConfiguration)
	for _, a := range (completion{}).arguments(&m, &r, &o.Settings) {
		a.observe(o.SKU != nil)
	}
	m.RedisConfiguration = encode(ctx, configurationTypes(), r)
	m.Zones = keepSet(was.Zones, o.Zones)
	m.Tags = keepMap(was.Tags, o.Tags)
	if !was.TenantSettings.IsNull() || len(o.TenantSettings) > 0 {
		m.TenantSettings = keepMap(was.TenantSettings, o.TenantSettings)
	}
	m.Identity = observedIdentity(ctx, was.Identity, o)
	m.observeChildren(ctx, was, o)
	return m
}

func sameRegion(a, b string) bool {
	return azurecache.ShortLocation(a) == azurecache.ShortLocation(b)
}

// keepSpelling is the text before where it means the same as what Azure returned, or
// where Azure returned nothing.
func keepSpelling(was types.String, is string, same func(a, b string) bool) types.String {
	if isKnown(was) && same(was.ValueString(), is) || is == "" && isKnown(was) {
		return was
	}
	return types.StringValue(is)
}

// keepSpellingOrNull is keepSpelling for an optional value: empty means null.
func keepSpellingOrNull(was types.String, is string, same func(a, b string) bool) types.String {
	if is == "" {
		return types.StringNull()
	}
	return keepSpelling(was, is, same)
}

// textOr and numberOr are what Azure returned, or the value before where it returned
// nothing.
func textOr(was types.String, is string) types.String {
	if is == "" {
		return was
	}
	return types.StringValue(is)
}

func numberOr(was types.Int64, is int) types.Int64 {
	if is == 0 {
		return was
	}
	return types.Int64Value(int64(is))
}

// keepSet is the set before where it has the same elements, without regard to case.
func keepSet(was types.Set, is []string) types.Set {
	before, known := textsOf(was)
	switch {
	case known && !was.IsNull() && armid.SameSet(before, is):
		return was
	case len(is) == 0 && !isKnown(was):
		return types.SetNull(types.StringType)
	}
	return setOf(is)
}

func keepMap(was types.Map, is map[string]string) types.Map {
	switch {
	case len(is) == 0 && was.IsUnknown():
		return types.MapNull(types.StringType)
	case len(is) == 0 && len(was.Elements()) == 0:
		return was
	}
	return textMap(is)
}

func observedIdentity(ctx context.Context, was types.Object, o azurecache.Observed) types.Object {
	if o.Identity == nil || !o.Identity.SystemAssigned && len(o.Identity.UserAssigned) == 0 {
		return types.ObjectNull(identityTypes())
	}
	before := decode[identityModel](ctx, was)
	i := identityModel{
		Type: types.StringValue("UserAssigned"), IdentityIDs: keepSet(before.IdentityIDs, o.Identity.UserAssigned),
		PrincipalID: types.StringNull(), TenantID: types.StringNull(),
	}
	if o.Identity.SystemAssigned {
		i.Type, i.PrincipalID, i.TenantID = types.StringValue("SystemAssigned"), textOr(before.PrincipalID, o.PrincipalID),
			textOr(before.TenantID, o.TenantID)
		if len(o.Identity.UserAssigned) > 0 {
			i.Type = types.StringValue("SystemAssigned, UserAssigned")
		}
	}
	return encode(ctx, identityTypes(), i)
}

func objects(typ map[string]attr.Type) types.ObjectType { return types.ObjectType{AttrTypes: typ} }
