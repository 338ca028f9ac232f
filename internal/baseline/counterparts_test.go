package baseline_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// Conditions of rules elsewhere, as functions of known facts: whether a rule objects to a cache.
type objects func(c *posture.Cache) bool

func is[T comparable](v posture.Value[T], want T) bool { return posture.Is(v, want) == posture.True }
func isNot[T comparable](v posture.Value[T], want T) bool {
	return posture.Is(v, want) != posture.True
}

func portOn(c *posture.Cache) bool     { return is(c.NonTLSPort, true) }
func portNotOff(c *posture.Cache) bool { return isNot(c.NonTLSPort, false) }
func never(*posture.Cache) bool        { return false }
func always(*posture.Cache) bool       { return true }
func notPrivate(c *posture.Cache) bool { return isNot(c.PublicNetworkAccess, false) }
func oldTLS(c *posture.Cache) bool {
	return is(c.MinimumTLSVersion, "1.0") || is(c.MinimumTLSVersion, "1.1")
}
func outside(c *posture.Cache) bool  { return !c.SubnetID.IsKnown() }
func noWindow(c *posture.Cache) bool { return c.MaintenanceWindows.V == 0 }
func noRDB(c *posture.Cache) bool    { return is(c.Tier, "Premium") && isNot(c.RDBBackup, true) }
func notApproved(c *posture.Cache) bool {
	return !slices.ContainsFunc(c.PrivateEndpoints.Items, func(e posture.PrivateEndpoint) bool {
		return is(e.Approval, posture.ApprovalApproved)
	})
}

// anyRule is a condition of single firewall rules, where public access is possible.
func anyRule(start, end string) objects {
	return func(c *posture.Cache) bool {
		return slices.ContainsFunc(c.FirewallRules.Items, func(r posture.FirewallRule) bool { return is(r.Start, start) && is(r.End, end) })
	}
}

func oldVersion(c *posture.Cache) bool {
	return c.RedisVersion.IsKnown() && strings.HasPrefix(c.RedisVersion.V, "4")
}

// counterparts are the conditions of every rule and policy that the catalogue
// cites, as their sources write them; nil where a rule has none over a cache (it
// looks at other objects, has no query, or asks for more than a cache tells).
var counterparts = map[string]objects{
	"22bee202-a82f-4305-9a2a-6d7f44d4dedb":  portOn,
	"766f5de3-c6c0-4327-9f4d-042ab8ae846c":  portOn,
	"CKV_AZURE_91":                          never, // no plan of azurerm 4 has the name
	"e29a75e6":                              never,
	"AC_AZURE_0394":                         never,
	"azure-redis-cache-enable-non-ssl-port": never,
	"PR-AZR-TRF-ARC-001":                    never,
	"Azure.Redis.NonSslPort (AZR-000163)":   portNotOff,
	"TA-000022":                             portOn,
	"CKV_AZURE_148":                         func(c *posture.Cache) bool { return isNot(c.MinimumTLSVersion, "1.2") },
	"e22e5620":                              func(c *posture.Cache) bool { return isNot(c.MinimumTLSVersion, "1.2") },
	"Azure.Redis.MinTLS (AZR-000164)":       func(c *posture.Cache) bool { return c.MinimumTLSVersion.IsUnset() || oldTLS(c) },
	"PR-AZR-TRF-ARC-007":                    oldTLS,
	"7803067c-7d34-46e3-8c79-0ca68fc4036d":  notApproved,
	"5d8094d7-7340-465a-b6fd-e60ab7e48920":  notApproved,
	"azure_compliance.control.redis_cache_uses_private_link": notApproved,
	"c474fc96":                                     nil,
	"PR-AZR-TRF-ARC-005":                           nil,
	"470baccb-7e51-4549-8b1a-3e5be069f663":         notPrivate,
	"30b3dfa5-a70d-4c8e-bed6-0083858f663d":         notPrivate,
	"CKV_AZURE_89":                                 notPrivate,
	"Azure.Redis.PublicNetworkAccess (AZR-000165)": notPrivate,
	"S6329": notPrivate,
	"azure-redis-cache-public-network-access-enabled":         notPrivate,
	"PR-AZR-TRF-ARC-003":                                      notPrivate,
	"7d092e0a-7acd-40d2-a975-dca21cae48c4":                    outside,
	"azure_compliance.control.redis_cache_in_virtual_network": outside,
	"PR-AZR-TRF-ARC-004":                                      outside,
	"openRedis":                                               nil,
	"S6380":                                                   never,
	"auth-required":                                           nil,
	"bicep/redis-no-auth":                                     func(c *posture.Cache) bool { return is(c.AuthenticationRequired, false) },
	"Azure.Redis.EntraID (AZR-000427)":                        func(c *posture.Cache) bool { return isNot(c.EntraAuthentication, true) },
	"azurerm_redis_cache_active_directory_authentication_enabled": always,
	"3827af20-8f80-4b15-8300-6db0873ec901":                        func(c *posture.Cache) bool { return is(c.AccessKeyAuthentication, true) },
	"Azure.Redis.LocalAuth (AZR-000496)": func(c *posture.Cache) bool {
		return isNot(c.AccessKeyAuthentication, false)
	},
	"187242f4-89c6-4c43-9a4e-188c0efacc5f": func(c *posture.Cache) bool {
		return !slices.ContainsFunc(c.DiagnosticSettings.Items, func(s posture.DiagnosticSetting) bool {
			return slices.ContainsFunc(s.Logs.V, func(l posture.Log) bool {
				return (l.Category == "audit" || l.Category == "allLogs") && is(l.Enabled, true)
			})
		})
	},
	"a142867f-3142-4ac6-b952-ab950a29fca5":              nil,
	"aec4c33f-2f2a-4fd3-91cd-24a939513c60":              nil,
	"d3e11828-02c8-40d2-a518-ad01508bb4d7":              nil,
	"Azure_RedisCache_Audit_Enable_Diagnostic_Settings": nil,
	"Azure.Redis.FirewallIPRange (AZR-000300)": func(c *posture.Cache) bool {
		return isNot(c.PublicNetworkAccess, false) && len(c.FirewallRules.Items) == 0
	},
	"Azure.Redis.FirewallRuleCount (AZR-000299)": func(c *posture.Cache) bool {
		return len(c.FirewallRules.Items) == 0 || len(c.FirewallRules.Items) > 10
	},
	"fd8da341":                      anyRule("0.0.0.0", "0.0.0.0"),
	"5089d055":                      anyRule("203.0.113.7", "203.0.113.7"),
	"a829b715":                      anyRule("10.0.0.0", "10.0.255.255"),
	"AC_AZURE_0390":                 anyRule("10.0.0.0", "10.0.255.255"),
	"AC_AZURE_0391":                 anyRule("203.0.113.7", "203.0.113.7"),
	"AC_AZURE_0392":                 anyRule("0.0.0.0", "0.0.0.0"),
	"no-unrestricted-firewall-rule": anyRule("0.0.0.0", "255.255.255.255"),
	"e016b22b-e0eb-436d-8fd7-160c4eaed6e2": func(c *posture.Cache) bool {
		return slices.ContainsFunc(c.PrivateEndpoints.Items, func(e posture.PrivateEndpoint) bool { return len(e.DNSZones.V) == 0 })
	},
	"PR-AZR-TRF-ARC-009": nil,
	"Azure.Redis.MinSKU (AZR-000159)": func(c *posture.Cache) bool {
		return is(c.Tier, "Basic") || is(c.Tier, "Standard") && is(c.Capacity, 0)
	},
	"CKV_AZURE_230": func(c *posture.Cache) bool { return is(c.Tier, "Basic") },
	"1bf67da8-b100-45bf-b89d-e4669fc54411": func(c *posture.Cache) bool {
		return len(c.Zones.V) == 1 && isNot(c.ZonalAllocationPolicy, "Automatic") || is(c.ZonalAllocationPolicy, "NoZones") || is(c.Tier, "Basic")
	},
	"Azure.Redis.AvailabilityZone (AZR-000161)": func(c *posture.Cache) bool { return is(c.Tier, "Premium") && len(c.Zones.V) < 2 },
	"5a44bd30": func(c *posture.Cache) bool { return len(c.Zones.V) < 2 },
	"Azure.Redis.MaxMemoryReserved (AZR-000160)": func(c *posture.Cache) bool { return c.MaxmemoryReserved.V < 614 },
	"Azure.Redis.Version (AZR-000347)":           oldVersion,
	"latest-version":                             oldVersion,
	"b947809d":                                   never,
	"AC_AZURE_0393":                              noWindow,
	"cabc1f98":                                   nil,
	"Azure_RedisCache_BCDR_Use_RDB_Backup":       noRDB,
	"PR-AZR-TRF-ARC-006":                         noRDB,
	"Azure.Redis.MigrateAMR (AZR-000533)":        always,
	"redis-011":                                  always,
}

// TestCounterparts: a rule or policy that a page cites objects to the same
// caches, or the page says what differs.
func TestCounterparts(t *testing.T) {
	var eleven []func(*posture.Cache)
	for range 11 {
		eleven = append(eleven, firewall("203.0.113.7", "203.0.113.7"))
	}
	zoned := func(linked posture.Value[bool], names ...string) func(*posture.Cache) {
		return all(endpoint(posture.ApprovalApproved), func(c *posture.Cache) {
			list := posture.DNSZonesOf(names)
			for i := range list {
				list[i].Linked = linked
			}
			c.PrivateEndpoints.Items[0].DNSZones = known(list)
		})
	}
	var samples []*posture.Cache
	for _, edit := range []func(*posture.Cache){
		nothing, public, private, injected, all(injected, public), endpoint(posture.ApprovalApproved), all(standard, private),
		all(basic, private),
		func(c *posture.Cache) { c.NonTLSPort = known(true) }, func(c *posture.Cache) { c.NonTLSPort = known(false) },
		tls(known("1.0")), tls(known("1.1")), tls(known("1.2")), tls(known("1.3")), all(tls(known("1.2")), func(c *posture.Cache) {
			c.NonTLSPort = known(true)
		}),
		authentication(known(false)), authentication(known(true)), all(injected, authentication(known(false))),
		entra(known(true)), entra(known(false)), keys(known(true)), keys(known(false)),
		setting(category("audit", known(true)), known(workspace)), setting(category("ConnectedClientList", known(true)), known(workspace)),
		all(eleven...), firewall("0.0.0.0", "0.0.0.0"), firewall("0.0.0.0", "255.255.255.255"), firewall("10.0.0.0", "10.0.255.255"),
		firewall("203.0.113.0", "203.0.113.99"),
		all(injected, public, firewall("0.0.0.0", "255.255.255.255")),
		zoned(known(true), "privatelink.redis.cache.windows.net"), zoned(known(false), "privatelink.redis.cache.windows.net"), zoned(known(true)),
		size("Standard", "C", known(0)), size("Standard", "C", known(1)), size("Basic", "C", known(1)),
		zones(known([]string{"1"})), zones(known([]string{"1", "2"})), allocation(known("NoZones")), allocation(known("Automatic")),
		reserved(known(100)), reserved(known(700)), runs(known("4.0")), runs(known("6.0")), runs(known("latest")), windows(known(0)),
		windows(known(1)),
		backups(known(true), known(false)), backups(known(false), known(true)), backups(known(false), known(false)),
	} {
		c := plain()
		edit(c)
		samples = append(samples, c)
	}
	cited := map[string]bool{}
	check := func(rule, id, differs string, judged func(*posture.Cache) report.Finding) {
		cited[id] = true
		condition, known := counterparts[id]
		switch {
		case !known:
			t.Errorf("%s cites %s, which is not in the table", rule, id)
			return
		case condition == nil && differs == "":
			t.Errorf("%s cites %s without what differs", rule, id)
			return
		case condition == nil:
			return
		}
		same, decided := true, 0
		for _, c := range samples {
			f := judged(c)
			if f.Status == report.Unknown {
				continue
			}
			decided++
			if (f.Status == report.NonCompliant) != condition(c) {
				same = false
				if differs == "" {
					t.Errorf("%s is %s (%s) where %s says otherwise: its page has to tell what differs", rule, f.Status, f.Message, id)
				}
			}
		}
		if same && differs != "" && decided > 0 {
			t.Errorf("%s and %s agree about every sample, but the page says: %s", rule, id, differs)
		}
	}
	each := func(rule string, supported bool, d *baseline.Documentation) {
		if rule == "AM-2/azure-policy-support" {
			return // it cites what it looks for
		}
		judged := func(c *posture.Cache) report.Finding {
			return lookup(t, documents.Evaluate(c, baseline.Options{Today: day("2026-11-28")}), rule)
		}
		if !supported && len(d.Peers)+len(d.Policies) > 0 {
			t.Errorf("%s judges nothing, so that nothing elsewhere checks the same", rule)
		}
		for _, p := range d.Policies {
			check(rule, p.ID, p.Differs, judged)
		}
		for _, p := range d.Peers {
			check(rule, p.ID, p.Differs, judged)
		}
	}
	b := azureCache
	for i := range b.Features {
		each(b.Features[i].ID, b.Features[i].Supported, &b.Features[i].Documentation)
	}
	for i := range b.Advisories {
		each(b.Advisories[i].ID, true, &b.Advisories[i].Documentation)
	}
	for id := range counterparts {
		if !cited[id] {
			t.Errorf("%s is in the table and cited nowhere", id)
		}
	}
}
