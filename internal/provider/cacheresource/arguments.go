package cacheresource

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
)

// argument is an argument of the resource that is one setting of the cache in
// Azure.
type argument interface {
	// complete gives the argument a value where the configuration leaves it out;
	// prior is the same argument of the object before.
	complete(prior argument)
	// send hands a known value to the setting.
	send()
	// observe takes over what the setting is in Azure, where Azure was read.
	observe(read bool)
}

// setting is an argument whose value is a V in Terraform and an A in Azure.
type setting[V attr.Value, A any] struct {
	value *V
	azure **A
	as    form[V, A]
	// planned is the value where the configuration leaves the argument out; nil
	// for null.
	planned func(prior V) V
	// silent is the value where Azure says nothing; nil keeps the value before.
	silent func() V
	// sent says whether Azure takes the setting; nil for always.
	sent func() bool
	// counts says whether what Azure says means anything; nil for always.
	counts func() bool
}

func (s setting[V, A]) complete(prior argument) {
	before, ok := prior.(setting[V, A])
	if ok && s.planned != nil && (*s.value).IsNull() {
		*s.value = s.planned(*before.value)
	}
}

func (s setting[V, A]) send() {
	if isKnown(*s.value) && (s.sent == nil || s.sent()) {
		v := s.as.toAzure(*s.value)
		*s.azure = &v
	}
}

func (s setting[V, A]) observe(read bool) {
	switch {
	case !read, s.counts != nil && !s.counts():
	case *s.azure != nil:
		*s.value = s.as.fromAzure(*s.value, **s.azure)
	case s.silent != nil:
		*s.value = s.silent()
	}
}

// form is how a value is written in Azure. fromAzure gets the value before,
// whose spelling stays where both mean the same.
type form[V attr.Value, A any] struct {
	toAzure   func(V) A
	fromAzure func(was V, is A) V
}

var (
	asBool = form[types.Bool, bool]{types.Bool.ValueBool,
		func(_ types.Bool, is bool) types.Bool { return types.BoolValue(is) }}
	negated = form[types.Bool, bool]{func(v types.Bool) bool { return !v.ValueBool() },
		func(_ types.Bool, is bool) types.Bool { return types.BoolValue(!is) }}
	asEnabled = form[types.Bool, string]{enabledOrDisabled,
		func(_ types.Bool, is string) types.Bool { return types.BoolValue(!strings.EqualFold(is, "Disabled")) }}
	asNumber = form[types.Int64, int]{intOf,
		func(_ types.Int64, is int) types.Int64 { return types.Int64Value(int64(is)) }}
	asText = form[types.String, string]{types.String.ValueString,
		func(was types.String, is string) types.String { return keepSpelling(was, is, strings.EqualFold) }}
	asID = form[types.String, string]{types.String.ValueString,
		func(was types.String, is string) types.String { return keepSpellingOrNull(was, is, strings.EqualFold) }}
	// asWritten minds letter case.
	asWritten = form[types.String, string]{types.String.ValueString,
		func(_ types.String, is string) types.String { return types.StringValue(is) }}
	asMajorVersion = form[types.String, string]{types.String.ValueString, func(was types.String, is string) types.String {
		major, _, _ := strings.Cut(is, ".")
		return keepSpelling(was, major, strings.EqualFold)
	}}
	// asShards takes no shards for no cluster.
	asShards = form[types.Int64, int]{intOf, func(_ types.Int64, is int) types.Int64 {
		if is == 0 {
			return types.Int64Null()
		}
		return types.Int64Value(int64(is))
	}}
)

func intOf(v types.Int64) int { return int(v.ValueInt64()) }

func enabledOrDisabled(v types.Bool) string {
	if v.ValueBool() {
		return "Enabled"
	}
	return "Disabled"
}

// arguments connects every argument that is one setting of the cache, those in
// redis_configuration included, with that setting. The completion is asked only
// where the arguments are completed.
func (c completion) arguments(m *model, r *configurationModel, s *azurecache.Settings) []argument {
	on, off := types.BoolValue(true), types.BoolValue(false)
	tier := func() string { return m.SKUName.ValueString() }
	premium := func() bool { return tier() == "Premium" }
	aboveBasic := func() bool { return tier() != "Basic" }
	snapshots := func() bool { return r.RDBBackupEnabled.ValueBool() }
	type (
		flag   = setting[types.Bool, bool]
		number = setting[types.Int64, int]
		text   = setting[types.String, string]
	)
	noText, noNumber := always(types.StringNull()), always(types.Int64Null())
	return []argument{
		setting[types.Bool, string]{value: &m.PublicNetworkAccessEnabled, azure: &s.PublicNetworkAccess, as: asEnabled,
			planned: constant(off), silent: always(on)},
		flag{value: &m.NonSSLPortEnabled, azure: &s.EnableNonSSLPort, as: asBool, planned: constant(off), silent: always(off)},
		flag{value: &m.AccessKeysAuthenticationEnabled, azure: &s.DisableAccessKeyAuthentication, as: negated,
			planned: constant(off), silent: always(on)},
		text{value: &m.MinimumTLSVersion, azure: &s.MinimumTLSVersion, as: asText,
			planned: func(prior types.String) types.String { return c.unlessAdopted(prior, types.StringValue("1.2")) }},
		text{value: &m.RedisVersion, azure: &s.RedisVersion, as: asMajorVersion,
			planned: func(prior types.String) types.String { return first(prior, types.StringValue("6")) }},
		text{value: &m.UpdateChannel, azure: &s.UpdateChannel, as: asText,
			planned: constant(types.StringValue("Stable")), silent: always(types.StringValue("Stable"))},
		text{value: &m.ZonalAllocationPolicy, azure: &s.ZonalAllocationPolicy, as: asText,
			planned: func(prior types.String) types.String { return c.unlessAdopted(prior, c.zonalPolicy(prior)) }},
		number{value: &m.ShardCount, azure: &s.ShardCount, as: asShards, planned: same[types.Int64], silent: noNumber, sent: premium},
		number{value: &m.ReplicasPerPrimary, azure: &s.ReplicasPerPrimary, as: asNumber, sent: premium, counts: premium, silent: noNumber,
			planned: func(prior types.Int64) types.Int64 { return c.replicas(m, prior) }},
		text{value: &m.SubnetID, azure: &s.SubnetID, as: asID, silent: noText},
		text{value: &m.PrivateStaticIPAddress, azure: &s.StaticIP, as: asID, silent: noText,
			planned: func(prior types.String) types.String { return c.staticAddress(m, prior) }},

		flag{value: &r.Entra, azure: &s.AADEnabled, as: asBool, planned: constant(on), silent: always(off)},
		// Outside a network the service refuses the setting, whatever its value.
		flag{value: &r.Authentication, azure: &s.AuthNotRequired, as: negated, planned: constant(on), silent: always(on),
			sent: func() bool { return isKnown(m.SubnetID) || isOff(r.Authentication) }},
		text{value: &r.MaxmemoryPolicy, azure: &s.MaxmemoryPolicy, as: asText,
			planned: constant(types.StringValue("volatile-lru")), silent: always(types.StringValue("volatile-lru"))},
		text{value: &r.NotifyKeyspaceEvents, azure: &s.NotifyKeyspaceEvents, as: asWritten,
			planned: constant(types.StringValue("")), silent: always(types.StringValue(""))},
		number{value: &r.Databases, azure: &s.Databases, as: asNumber, planned: c.numberFromAzure},
		number{value: &r.MaxmemoryReserved, azure: &s.MaxmemoryReserved, as: asNumber, sent: aboveBasic, counts: aboveBasic,
			planned: func(prior types.Int64) types.Int64 { return c.reservation(m, prior) }},
		number{value: &r.MaxmemoryDelta, azure: &s.MaxmemoryDelta, as: asNumber, sent: aboveBasic, counts: aboveBasic,
			planned: func(prior types.Int64) types.Int64 { return c.reservation(m, prior) }},
		number{value: &r.MaxfragmentationReserved, azure: &s.MaxfragmentationmemoryReserved, as: asNumber, sent: aboveBasic, counts: aboveBasic,
			planned: func(prior types.Int64) types.Int64 { return c.reservation(m, prior) }},

		// Azure remembers the settings of persistence that is off; they mean nothing.
		flag{value: &r.RDBBackupEnabled, azure: &s.RDBBackupEnabled, as: asBool, planned: constant(off), silent: always(off), sent: premium},
		flag{value: &r.AOFBackupEnabled, azure: &s.AOFBackupEnabled, as: asBool, planned: constant(off), silent: always(off), sent: premium},
		number{value: &r.RDBBackupFrequency, azure: &s.RDBBackupFrequency, as: asNumber, sent: premium, counts: snapshots,
			planned: func(types.Int64) types.Int64 { return whereOn(r.RDBBackupEnabled, 60) }},
		number{value: &r.RDBBackupMaxSnapshotCount, azure: &s.RDBBackupMaxSnapshotCount, as: asNumber, sent: premium, counts: snapshots,
			planned: func(types.Int64) types.Int64 { return whereOn(r.RDBBackupEnabled, 1) }},
		text{value: &r.PersistenceAuthentication, azure: &s.PersistenceAuthMethod, as: asText, sent: premium,
			counts:  func() bool { return r.persistent() || isKnown(r.PersistenceAuthentication) },
			planned: func(types.String) types.String { return persistenceAuthentication(r) },
			silent: func() types.String {
				if r.persistent() {
					return types.StringValue("SAS")
				}
				return r.PersistenceAuthentication
			}},
		text{value: &r.StorageAccountSubscriptionID, azure: &s.StorageSubscriptionID, as: asID, planned: same[types.String], silent: noText,
			sent:   premium,
			counts: r.persistent},
	}
}

// constant is a default that does not depend on the cache.
func constant[V attr.Value](v V) func(V) V { return func(V) V { return v } }

// same is the value before.
func same[V attr.Value](prior V) V { return prior }

func always[V attr.Value](v V) func() V { return func() V { return v } }
