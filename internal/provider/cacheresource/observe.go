package cacheresource

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// observed lays what Azure has over a state. Where both mean the same the state
// keeps its own words: casing, order and what the service adds are no changes.
// What Azure does not say stays as it is.
func observed(ctx context.Context, was model, o azurecache.Observed) model {
	m := was
	if !isKnown(m.ID) {
		m.ID = types.StringValue(o.ID)
	}
	m.Name = keep(was.Name, o.Name, strings.EqualFold)
	m.ResourceGroupName = keep(was.ResourceGroupName, o.ResourceGroup, strings.EqualFold)
	m.Location = keep(was.Location, o.Location, sameRegion)
	if o.SKU != nil {
		m.SKUName, m.Capacity = keep(was.SKUName, o.SKU.Name, strings.EqualFold), types.Int64Value(int64(o.SKU.Capacity))
		m.Family = types.StringValue(o.SKU.Family())
	}
	m.Hostname, m.ProvisioningState = textOr(was.Hostname, o.HostName), textOr(was.ProvisioningState, o.ProvisioningState)
	m.Port, m.SSLPort = numberOr(was.Port, o.Port), numberOr(was.SSLPort, o.SSLPort)

	public, nonTLS, keysOff, channel := o.PublicNetworkAccess, o.EnableNonSSLPort, o.DisableAccessKeyAuthentication, o.UpdateChannel
	if o.SKU != nil { // Azure was read, and what it does not say has its documented default
		public, nonTLS = orDefault(public, "Enabled"), orDefault(nonTLS, false)
		keysOff, channel = orDefault(keysOff, false), orDefault(channel, "Stable")
	}
	if public != nil {
		m.PublicNetworkAccessEnabled = types.BoolValue(!strings.EqualFold(*public, "Disabled"))
	}
	setBool(&m.NonSSLPortEnabled, nonTLS)
	if keysOff != nil {
		m.AccessKeysAuthenticationEnabled = types.BoolValue(!*keysOff)
	}
	setText(&m.MinimumTLSVersion, o.MinimumTLSVersion, strings.EqualFold)
	setText(&m.RedisVersion, majorOf(o.RedisVersion), strings.EqualFold)
	setText(&m.UpdateChannel, channel, strings.EqualFold)
	setText(&m.ZonalAllocationPolicy, o.ZonalAllocationPolicy, strings.EqualFold)
	premium := m.SKUName.ValueString() == "Premium"
	m.ShardCount, m.ReplicasPerPrimary = types.Int64Null(), types.Int64Null()
	if o.ShardCount != nil && *o.ShardCount > 0 {
		m.ShardCount = types.Int64Value(int64(*o.ShardCount))
	}
	if o.ReplicasPerPrimary != nil && premium {
		m.ReplicasPerPrimary = types.Int64Value(int64(*o.ReplicasPerPrimary))
	}
	m.SubnetID = keepPointer(was.SubnetID, o.SubnetID, strings.EqualFold)
	m.PrivateStaticIPAddress = keepPointer(was.PrivateStaticIPAddress, o.StaticIP, strings.EqualFold)
	m.Zones = keepSet(was.Zones, o.Zones)
	m.Tags = keepMap(was.Tags, o.Tags)
	if !was.TenantSettings.IsNull() || len(o.TenantSettings) > 0 {
		m.TenantSettings = keepMap(was.TenantSettings, o.TenantSettings)
	}
	m.Identity = observedIdentity(ctx, was.Identity, o)
	m.RedisConfiguration = observedConfiguration(ctx, was.RedisConfiguration, o, m.SKUName.ValueString())
	m.observeChildren(ctx, was, o)
	return m
}

func sameRegion(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", ""))
}

func keep(was types.String, is string, same func(a, b string) bool) types.String {
	if isKnown(was) && same(was.ValueString(), is) || is == "" && isKnown(was) {
		return was
	}
	return types.StringValue(is)
}

// keepPointer is keep for what Azure may not have at all.
func keepPointer(was types.String, is *string, same func(a, b string) bool) types.String {
	switch {
	case is == nil || *is == "":
		return types.StringNull()
	case isKnown(was) && same(was.ValueString(), *is):
		return was
	}
	return types.StringValue(*is)
}

func textOr(was types.String, is string) types.String {
	switch {
	case is != "":
		return types.StringValue(is)
	case was.IsUnknown():
		return types.StringNull()
	}
	return was
}

func numberOr(was types.Int64, is int) types.Int64 {
	switch {
	case is != 0:
		return types.Int64Value(int64(is))
	case was.IsUnknown():
		return types.Int64Null()
	}
	return was
}

func setBool(into *types.Bool, v *bool) {
	switch {
	case v != nil:
		*into = types.BoolValue(*v)
	case into.IsUnknown():
		*into = types.BoolNull()
	}
}

func setText(into *types.String, v *string, same func(a, b string) bool) {
	switch {
	case v != nil:
		*into = keep(*into, *v, same)
	case into.IsUnknown():
		*into = types.StringNull()
	}
}

func setNumber(into *types.Int64, v *int) {
	switch {
	case v != nil:
		*into = types.Int64Value(int64(*v))
	case into.IsUnknown():
		*into = types.Int64Null()
	}
}

func majorOf(version *string) *string {
	if version == nil {
		return nil
	}
	major, _, _ := strings.Cut(*version, ".")
	return &major
}

// keepSet compares ids and names as Azure does.
func keepSet(was types.Set, is []string) types.Set {
	before, known := textsOf(was)
	sameAll := known && len(before) == len(is)
	if sameAll {
		a, b := lower(before), lower(is)
		sameAll = slices.Equal(a, b)
	}
	switch {
	case sameAll && !was.IsNull():
		return was
	case len(is) == 0 && (was.IsNull() || was.IsUnknown()):
		return types.SetNull(types.StringType)
	}
	return setOf(is)
}

func lower(items []string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = strings.ToLower(item)
	}
	slices.Sort(out)
	return out
}

func keepMap(was types.Map, is map[string]string) types.Map {
	if len(is) == 0 && len(was.Elements()) == 0 && !was.IsUnknown() {
		return was
	}
	if len(is) == 0 && was.IsUnknown() {
		return types.MapNull(types.StringType)
	}
	return textMap(is)
}

func observedIdentity(ctx context.Context, was types.Object, o azurecache.Observed) types.Object {
	if o.Identity == nil || !o.Identity.SystemAssigned && len(o.Identity.UserAssigned) == 0 {
		return types.ObjectNull(identityTypes)
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
	return encode(ctx, identityTypes, i)
}

// observedConfiguration reads redisConfiguration. A key that Azure leaves out
// has the service's default.
func observedConfiguration(ctx context.Context, was types.Object, o azurecache.Observed, tier string) types.Object {
	before, c := decode[configurationModel](ctx, was), o.Configuration
	r := before
	r.Entra = types.BoolValue(c.AADEnabled != nil && *c.AADEnabled)
	r.Authentication = types.BoolValue(c.AuthNotRequired == nil || !*c.AuthNotRequired)
	r.MaxmemoryPolicy = keep(before.MaxmemoryPolicy, orElse(c.MaxmemoryPolicy, "volatile-lru"), strings.EqualFold)
	r.NotifyKeyspaceEvents = types.StringValue(orElse(c.NotifyKeyspaceEvents, ""))
	r.RDBBackupEnabled = types.BoolValue(c.RDBBackupEnabled != nil && *c.RDBBackupEnabled)
	r.AOFBackupEnabled = types.BoolValue(c.AOFBackupEnabled != nil && *c.AOFBackupEnabled)
	setNumber(&r.MaxmemoryReserved, c.MaxmemoryReserved)
	setNumber(&r.MaxmemoryDelta, c.MaxmemoryDelta)
	setNumber(&r.MaxfragmentationReserved, c.MaxfragmentationmemoryReserved)
	if tier == "Basic" {
		r.MaxmemoryReserved, r.MaxmemoryDelta, r.MaxfragmentationReserved = types.Int64Null(), types.Int64Null(), types.Int64Null()
	}
	setNumber(&r.Databases, c.Databases)
	persistent := r.RDBBackupEnabled.ValueBool() || r.AOFBackupEnabled.ValueBool()
	// Settings of what is off are remembered by the service, and mean nothing.
	if persistent {
		c.PersistenceAuthMethod = orDefault(c.PersistenceAuthMethod, "SAS")
	}
	if persistent || isKnown(before.PersistenceAuthentication) {
		setText(&r.PersistenceAuthentication, c.PersistenceAuthMethod, strings.EqualFold)
	}
	if r.RDBBackupEnabled.ValueBool() {
		setNumber(&r.RDBBackupFrequency, c.RDBBackupFrequency)
		setNumber(&r.RDBBackupMaxSnapshotCount, c.RDBBackupMaxSnapshotCount)
	}
	if persistent {
		r.StorageAccountSubscriptionID = keepPointer(before.StorageAccountSubscriptionID, c.StorageSubscriptionID, strings.EqualFold)
	}
	return encode(ctx, configurationTypes, known(r))
}

// known closes what is still open: Azure has been asked.
func known(r configurationModel) configurationModel {
	for _, s := range []*types.String{&r.PersistenceAuthentication, &r.StorageAccountSubscriptionID} {
		setText(s, nil, nil)
	}
	for _, n := range []*types.Int64{&r.RDBBackupFrequency, &r.RDBBackupMaxSnapshotCount} {
		setNumber(n, nil)
	}
	return r
}

func orDefault[T any](v *T, fallback T) *T {
	if v == nil {
		return &fallback
	}
	return v
}

func orElse(v *string, fallback string) string {
	if v == nil {
		return fallback
	}
	return *v
}

func objects(typ map[string]attr.Type) types.ObjectType { return types.ObjectType{AttrTypes: typ} }
