package tfwrite_test

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate/tfwrite"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/sizing"
)

const (
	inGroup   = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-shop"
	subnetID  = inGroup + "/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints"
	workspace = inGroup + "/providers/Microsoft.OperationalInsights/workspaces/logs"
	appID     = "11111111-2222-4333-8444-555555555555"
)

// situation is a cache with the plan of its move, made step by step.
type situation struct {
	move migrate.Move
	old  posture.Cache
}

func (s *situation) cache() tfwrite.Cache { return tfwrite.Cache{Move: &s.move, Old: &s.old} }

// step changes a situation.
type step func(*situation)

// classic is a cache of Azure Cache for Redis of which everything is known, with its target.
func classic(sku, target string, steps ...step) *situation {
	s := &situation{
		old: posture.Cache{
			Address: "azurerm_redis_cache.orders", Dialect: posture.DialectAzurerm, Type: service.Redis.Type,
			Name: posture.Known("redis-orders", "name"), ResourceGroup: posture.Known("rg-shop", "resource_group_name"),
			ResourceID: posture.Known(inGroup+"/providers/Microsoft.Cache/redis/redis-orders", "id"),
			Location:   posture.Known("westeurope", "location"), SubnetID: posture.Unset[string]("subnet_id"),
			AccessKeyAuthentication: posture.Known(true, "access_keys_authentication_enabled"),
			PrivateEndpoints:        posture.Set[posture.PrivateEndpoint]{Observed: true},
			DiagnosticSettings:      posture.Set[posture.DiagnosticSetting]{Observed: true},
			AccessPolicyAssignments: posture.Set[posture.AccessPolicyAssignment]{Observed: true},
		},
		move: migrate.Move{
			DisplayName: "redis-orders", Type: service.Redis.Type, Service: service.Redis.Name, State: migrate.ToMove,
			Current: sizing.Size{SKU: sku},
			Target: &migrate.Target{Known: true, Size: sizing.Size{SKU: target}, Why: "Microsoft's table moves " + sku + " to " + target + ".",
				Settings: []migrate.Setting{
					{Name: migrate.HighAvailability, Value: "true"}, {Name: migrate.ClusteringPolicy, Value: "EnterpriseCluster"},
					{Name: migrate.Persistence, Value: "none"}, {Name: migrate.EvictionPolicy, Value: "VolatileLRU"},
					{Name: migrate.Modules, Value: "none"}, {Name: migrate.CustomerManagedKey, Value: "false"},
				}},
		},
	}
	for _, step := range steps {
		step(s)
	}
	return s
}

// enterprise is a cache of the Enterprise tiers.
func enterprise(sku, target string, steps ...step) *situation {
	return classic(sku, target, append([]step{func(s *situation) {
		s.old.Address, s.old.Dialect = "azurerm_redis_enterprise_cluster.orders", posture.DialectEnterprise
		s.old.Type, s.move.Type, s.move.Service = service.Enterprise.Type, service.Enterprise.Type, service.Enterprise.Name
		s.old.ResourceID = posture.Known(inGroup+"/providers/Microsoft.Cache/redisEnterprise/redis-orders", "id")
		s.old.SKU = posture.Known(sku, "sku_name")
	}}, steps...)...)
}

func setting(name migrate.SettingName, value string) step {
	return func(s *situation) {
		for i := range s.move.Target.Settings {
			if s.move.Target.Settings[i].Name == name {
				s.move.Target.Settings[i].Value = value
				return
			}
		}
		s.move.Target.Settings = append(s.move.Target.Settings, migrate.Setting{Name: name, Value: value})
	}
}

func at(address, name string) step {
	return func(s *situation) {
		s.old.Address, s.move.DisplayName = address, name
		s.old.Name = posture.Known(name, "name")
		typ := s.old.Type
		s.old.ResourceID = posture.Known(inGroup+"/providers/"+typ+"/"+name, "id")
	}
}

func endpointIn(address, subnet string, zones ...posture.DNSZone) step {
	return func(s *situation) {
		e := posture.PrivateEndpoint{Address: address, SubnetID: posture.Known(subnet, "subnet_id"),
			Approval: posture.Known(posture.ApprovalApproved, "is_manual_connection"), DNSZones: posture.Unset[[]posture.DNSZone]("zone")}
		if len(zones) > 0 {
			e.DNSZones = posture.Known(zones, "zone")
		}
		s.old.PrivateEndpoints.Items = append(s.old.PrivateEndpoints.Items, e)
	}
}

func logsTo(address string, destinations ...posture.Value[string]) step {
	return func(s *situation) {
		s.old.DiagnosticSettings.Items = append(s.old.DiagnosticSettings.Items, posture.DiagnosticSetting{Address: address,
			Logs: posture.Known([]posture.Log{{Category: "ConnectedClientList", Enabled: posture.Known(true, "enabled_log")}},
				"enabled_log"),
			Destinations: destinations})
	}
}

func granted(address, policy, principal string) step {
	return func(s *situation) {
		s.old.AccessPolicyAssignments.Items = append(s.old.AccessPolicyAssignments.Items, posture.AccessPolicyAssignment{Address: address,
			PolicyName: posture.Known(policy, "access_policy_name"), ObjectID: posture.Known(principal, "object_id")})
	}
}

func blockedBy(titles ...string) step {
	return func(s *situation) {
		s.move.State = migrate.Blocked
		for _, t := range titles {
			possible, uncertain := strings.CutPrefix(t, "?")
			s.move.Differences = append(s.move.Differences, migrate.Difference{
				Entry: &migrate.Entry{Title: possible}, Severity: migrate.Blocker, Certain: !uncertain,
			})
		}
	}
}

func partners(of ...string) step {
	return func(s *situation) { s.move.Partners = of }
}

func tags(all map[string]string) step {
	return func(s *situation) { s.old.Tags = posture.Known(all, "tags") }
}

func unknownSize(why string) step {
	return func(s *situation) {
		s.move.Target.Known, s.move.Target.Size, s.move.Target.Why = false, sizing.Size{}, why
	}
}
