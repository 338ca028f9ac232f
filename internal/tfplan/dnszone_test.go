package tfplan_test

import (
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// TestDNSZones: which zones a private endpoint registers itself in, and whether
// virtual networks are linked to them.
func TestDNSZones(t *testing.T) {
	const (
		zoneName = "privatelink.redis.cache.windows.net"
		zoneID   = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/" +
			zoneName
		otherID = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/" +
			zoneName
		zone = "azurerm_private_dns_zone.z"
		link = "azurerm_private_dns_zone_virtual_network_link.l"
	)
	newZone := m{"name": zoneName, "resource_group_name": "dns"}
	oldZone := with(newZone, m{"id": zoneID})
	named := m{"private_dns_zone_name": zoneName, "resource_group_name": "dns"}
	byReference := m{"private_dns_zone_ids": []any{true}}
	azapi := func(s *synth, address, typ string, after, unknown, expressions m) {
		s.change(address, "create", nil, with(m{"type": typ}, after), with(m{"id": true}, unknown))
		s.root.resource(address, with(m{"type": m{"constant_value": typ}}, expressions))
	}
	for name, tt := range map[string]struct {
		group   m // the zone group of the endpoint; nil for none
		unknown m
		around  func(s *synth)
		want    string
	}{
		"no zone group":           {nil, nil, func(*synth) {}, "unset"},
		"a zone outside the plan": {m{"private_dns_zone_ids": []any{zoneID}}, nil, func(*synth) {}, "[" + zoneName + "]"},
		"a new zone without links": {m{}, byReference, func(s *synth) { s.change(zone, "create", nil, newZone, m{"id": true}) },
			"[" + zoneName + " (not linked)]"},
		"a new zone with a link by name": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, newZone, m{"id": true}).change(link, "create", nil, named, nil)
			s.root.resource(link, m{})
		}, "[" + zoneName + " (linked)]"},
		"a new zone with a link by reference": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, m{"name": zoneName}, m{"id": true, "resource_group_name": true}).
				change(link, "create", nil, m{"private_dns_zone_name": zoneName}, m{"resource_group_name": true})
			s.root.resource(link, m{"private_dns_zone_name": refs(zone + ".name")})
		}, "[" + zoneName + " (linked)]"},
		"a link of a zone in another group": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, newZone, m{"id": true}).change(link, "create", nil, with(named, m{"resource_group_name": "other"}), nil)
			s.root.resource(link, m{})
		}, "[" + zoneName + " (not linked)]"},
		"a link by another provider configuration": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, newZone, m{"id": true}).change(link, "create", nil, named, nil)
			s.root.resource(link, m{}, m{"provider_config_key": "azurerm.hub"})
		}, "[" + zoneName + " (links: unresolved_reference)]"},
		"a link of a zone that cannot be told": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, newZone, m{"id": true}).change(link, "create", nil, m{"resource_group_name": "dns"},
				m{"private_dns_zone_name": true})
			s.root.resource(link, m{"private_dns_zone_name": refs("local.zones")})
		}, "[" + zoneName + " (links: unresolved_reference)]"},
		"a link that the plan destroys": {m{}, byReference, func(s *synth) {
			s.change(zone, "create", nil, newZone, m{"id": true}).change(link, "delete", named, nil, nil)
		}, "[" + zoneName + " (not linked)]"},
		"an existing zone without links here": {m{"private_dns_zone_ids": []any{zoneID}}, nil, func(s *synth) {
			s.change(zone, "no-op", oldZone, oldZone, nil)
		}, "[" + zoneName + " (links: not_observed)]"},
		"an existing zone with a link": {m{"private_dns_zone_ids": []any{zoneID}}, nil, func(s *synth) {
			s.change(zone, "no-op", oldZone, oldZone, nil).change(link, "no-op", named, named, nil)
			s.root.resource(link, m{})
		}, "[" + zoneName + " (linked)]"},
		"the zone of the same name in another subscription": {m{"private_dns_zone_ids": []any{otherID}}, nil, func(s *synth) {
			s.change(zone, "no-op", oldZone, oldZone, nil)
		}, "[" + zoneName + "]"},
		"zone, link and zone group by azapi": {nil, nil, func(s *synth) {
			azapi(s, "azapi_resource.z", "Microsoft.Network/privateDnsZones@2024-06-01", m{"name": zoneName}, nil, nil)
			azapi(s, "azapi_resource.l", "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01", m{"name": "l"}, m{"parent_id": true},
				m{"parent_id": refs("azapi_resource.z.id")})
			azapi(s, "azapi_resource.g", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01",
				m{"name": "g", "body": m{"properties": m{"privateDnsZoneConfigs": []any{m{"properties": m{}}}}}},
				m{"parent_id": true, "body": m{"properties": m{"privateDnsZoneConfigs": []any{m{"properties": m{"privateDnsZoneId": true}}}}}},
				m{"parent_id": refs("azurerm_private_endpoint.e.id"), "body": refs("azapi_resource.z.id")})
		}, "[" + zoneName + " (linked)]"},
		"a zone group by azapi of an endpoint that cannot be told": {nil, nil, func(s *synth) {
			azapi(s, "azapi_resource.g", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01",
				m{"name": "g", "body": m{"properties": m{"privateDnsZoneConfigs": []any{m{"properties": m{"privateDnsZoneId": zoneID}}}}}},
				m{"parent_id": true}, m{"parent_id": refs("local.endpoint")})
		}, "unresolved_reference"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSynth().cache("azurerm_redis_cache.a", "a")
			s.root.resource("azurerm_redis_cache.a", m{})
			e := m{"private_service_connection": []any{m{"is_manual_connection": false, "subresource_names": []any{"redisCache"}}},
				"private_dns_zone_group": []any{}}
			u := m{"id": true, "private_service_connection": []any{m{"private_connection_resource_id": true}}}
			if tt.group != nil {
				e["private_dns_zone_group"] = []any{tt.group}
			}
			if tt.unknown != nil {
				u["private_dns_zone_group"] = []any{tt.unknown}
			}
			s.change("azurerm_private_endpoint.e", "create", nil, e, u)
			s.root.resource("azurerm_private_endpoint.e", m{
				"private_service_connection": []any{m{"private_connection_resource_id": refs("azurerm_redis_cache.a.id")}},
				"private_dns_zone_group":     []any{m{"private_dns_zone_ids": refs(zone + ".id")}},
			})
			s.root.resource(zone, m{})
			tt.around(s)
			set := one(t, s).After.PrivateEndpoints
			if len(set.Items) != 1 {
				t.Fatalf("%d private endpoints", len(set.Items))
			}
			if got := say(posture.Map(set.Items[0].DNSZones, zoneNames)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
