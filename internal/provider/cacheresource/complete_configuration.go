package cacheresource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// configuration completes redis_configuration. Reservations follow the size of
// the cache unless they are written; Basic has none at all.
func (c completion) configuration(ctx context.Context, m, prior model) types.Object {
	if m.RedisConfiguration.IsUnknown() {
		return m.RedisConfiguration
	}
	r, was := decode[configurationModel](ctx, m.RedisConfiguration), decode[configurationModel](ctx, prior.RedisConfiguration)
	r.Entra = first(r.Entra, types.BoolValue(true))
	r.Authentication = first(r.Authentication, types.BoolValue(true))
	r.MaxmemoryPolicy = first(r.MaxmemoryPolicy, types.StringValue("volatile-lru"))
	r.NotifyKeyspaceEvents = first(r.NotifyKeyspaceEvents, types.StringValue(""))
	r.RDBBackupEnabled = first(r.RDBBackupEnabled, types.BoolValue(false))
	r.AOFBackupEnabled = first(r.AOFBackupEnabled, types.BoolValue(false))
	r.StorageAccountSubscriptionID = first(r.StorageAccountSubscriptionID, was.StorageAccountSubscriptionID)

	snapshots := func(written types.Int64, fallback int64) types.Int64 {
		switch {
		case given(written):
			return written
		case r.RDBBackupEnabled.IsUnknown():
			return types.Int64Unknown()
		case r.RDBBackupEnabled.ValueBool():
			return types.Int64Value(fallback)
		}
		return written
	}
	r.RDBBackupFrequency = snapshots(r.RDBBackupFrequency, 60)
	r.RDBBackupMaxSnapshotCount = snapshots(r.RDBBackupMaxSnapshotCount, 1)
	if r.PersistenceAuthentication.IsNull() {
		switch {
		case r.RDBBackupEnabled.ValueBool() || r.AOFBackupEnabled.ValueBool():
			r.PersistenceAuthentication = types.StringValue("ManagedIdentity")
		case r.RDBBackupEnabled.IsUnknown() || r.AOFBackupEnabled.IsUnknown():
			r.PersistenceAuthentication = types.StringUnknown()
		}
	}

	sameSize := c.prior != nil && m.SKUName.Equal(prior.SKUName) && m.Capacity.Equal(prior.Capacity)
	sized := func(written, before types.Int64) types.Int64 {
		switch {
		case given(written):
			return written
		case isKnown(m.SKUName) && m.SKUName.ValueString() == "Basic":
			return types.Int64Null()
		case sameSize:
			return c.laterNumber(before)
		}
		return types.Int64Unknown()
	}
	r.MaxmemoryReserved = sized(r.MaxmemoryReserved, was.MaxmemoryReserved)
	r.MaxmemoryDelta = sized(r.MaxmemoryDelta, was.MaxmemoryDelta)
	r.MaxfragmentationReserved = sized(r.MaxfragmentationReserved, was.MaxfragmentationReserved)
	if !given(r.Databases) {
		r.Databases = c.laterNumber(was.Databases)
	}
	return encode(ctx, configurationTypes, r)
}
