package azurecache

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// model is what is decoded of a cache. Access keys and instances have no place
// in it, so that they are never in memory for longer than the answer.
type model struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Location string            `json:"location"`
	Tags     map[string]string `json:"tags"`
	Zones    []string          `json:"zones"`
	Identity *struct {
		Type        string                     `json:"type"`
		PrincipalID string                     `json:"principalId"`
		TenantID    string                     `json:"tenantId"`
		Users       map[string]json.RawMessage `json:"userAssignedIdentities"`
	} `json:"identity"`
	Properties struct {
		ProvisioningState string `json:"provisioningState"`
		HostName          string `json:"hostName"`
		Port              int    `json:"port"`
		SSLPort           int    `json:"sslPort"`
		SKU               *struct {
			Name     string `json:"name"`
			Capacity int    `json:"capacity"`
		} `json:"sku"`
		ShardCount            *int              `json:"shardCount"`
		ReplicasPerPrimary    *int              `json:"replicasPerPrimary"`
		RedisVersion          *string           `json:"redisVersion"`
		EnableNonSSLPort      *bool             `json:"enableNonSslPort"`
		MinimumTLSVersion     *string           `json:"minimumTlsVersion"`
		PublicNetworkAccess   *string           `json:"publicNetworkAccess"`
		DisableAccessKeys     *bool             `json:"disableAccessKeyAuthentication"`
		UpdateChannel         *string           `json:"updateChannel"`
		ZonalAllocationPolicy *string           `json:"zonalAllocationPolicy"`
		SubnetID              *string           `json:"subnetId"`
		StaticIP              *string           `json:"staticIP"`
		TenantSettings        map[string]string `json:"tenantSettings"`
		Configuration         map[string]any    `json:"redisConfiguration"`
		LinkedServers         []struct {
			ID string `json:"id"`
		} `json:"linkedServers"`
		Connections []struct {
			ID         string `json:"id"`
			Properties struct {
				Endpoint struct {
					ID string `json:"id"`
				} `json:"privateEndpoint"`
				State struct {
					Status string `json:"status"`
				} `json:"privateLinkServiceConnectionState"`
			} `json:"properties"`
		} `json:"privateEndpointConnections"`
	} `json:"properties"`
}

// observed normalises what ARM says: one casing for names of tiers and states,
// sorted lists, short locations.
func (m model) observed(asked azure.CacheID) Observed {
	p := m.Properties
	o := Observed{
		ID: m.ID, Name: m.Name, ResourceGroup: asked.ResourceGroup, Location: ShortLocation(m.Location),
		ProvisioningState: p.ProvisioningState, HostName: p.HostName, Port: p.Port, SSLPort: p.SSLPort,
	}
	if o.ID == "" {
		o.ID = asked.ID
	}
	if o.Name == "" {
		o.Name = asked.Name
	}
	for _, l := range p.LinkedServers {
		o.LinkedServers = append(o.LinkedServers, l.ID)
	}
	slices.Sort(o.LinkedServers)
	s := &o.Settings
	if p.SKU != nil {
		s.SKU = &SKU{Name: canonical(p.SKU.Name, basic, standard, premium), Capacity: p.SKU.Capacity}
	}
	s.ShardCount, s.ReplicasPerPrimary, s.RedisVersion = p.ShardCount, p.ReplicasPerPrimary, p.RedisVersion
	s.EnableNonSSLPort, s.MinimumTLSVersion, s.DisableAccessKeyAuthentication = p.EnableNonSSLPort, p.MinimumTLSVersion, p.DisableAccessKeys
	s.PublicNetworkAccess = canonicalOf(p.PublicNetworkAccess, enabled, disabled)
	s.UpdateChannel = canonicalOf(p.UpdateChannel, "Stable", "Preview")
	s.ZonalAllocationPolicy = canonicalOf(p.ZonalAllocationPolicy, "Automatic", "UserDefined", "NoZones")
	s.SubnetID, s.StaticIP = notEmpty(p.SubnetID), notEmpty(p.StaticIP)
	s.Zones = slices.Sorted(slices.Values(m.Zones))
	s.TenantSettings = p.TenantSettings
	s.Tags = m.Tags
	if s.Tags == nil {
		s.Tags = map[string]string{}
	}
	s.Identity = &Identity{}
	if m.Identity != nil {
		o.PrincipalID, o.TenantID = m.Identity.PrincipalID, m.Identity.TenantID
		s.Identity.SystemAssigned = strings.Contains(strings.ToLower(m.Identity.Type), "systemassigned")
		for id := range m.Identity.Users {
			s.Identity.UserAssigned = append(s.Identity.UserAssigned, id)
		}
		slices.Sort(s.Identity.UserAssigned)
	}
	s.Configuration = observedConfiguration(p.Configuration)
	return o
}

func observedConfiguration(m map[string]any) Configuration {
	text := func(name string) *string {
		switch v := m[name].(type) {
		case string:
			return &v
		case bool, float64:
			s := fmt.Sprint(v)
			return &s
		}
		return nil
	}
	flag := func(name string) *bool {
		s := text(name)
		if s == nil {
			return nil
		}
		// authnotrequired has been seen as yes and no.
		v := strings.EqualFold(*s, "true") || strings.EqualFold(*s, "yes")
		return &v
	}
	number := func(name string) *int {
		if s := text(name); s != nil {
			if v, err := strconv.Atoi(*s); err == nil {
				return &v
			}
		}
		return nil
	}
	return Configuration{
		AADEnabled: flag("aad-enabled"), AuthNotRequired: flag("authnotrequired"),
		MaxmemoryReserved: number("maxmemory-reserved"), MaxmemoryDelta: number("maxmemory-delta"),
		MaxfragmentationmemoryReserved: number("maxfragmentationmemory-reserved"),
		MaxmemoryPolicy:                text("maxmemory-policy"), NotifyKeyspaceEvents: text("notify-keyspace-events"),
		RDBBackupEnabled: flag("rdb-backup-enabled"), RDBBackupFrequency: number("rdb-backup-frequency"),
		RDBBackupMaxSnapshotCount: number("rdb-backup-max-snapshot-count"), AOFBackupEnabled: flag("aof-backup-enabled"),
		PersistenceAuthMethod: canonicalOf(text("preferred-data-persistence-auth-method"), "ManagedIdentity", "SAS"),
		StorageSubscriptionID: notEmpty(text("storage-subscription-id")), Databases: number("databases"),
	}
}

// ShortLocation is the form of a region without spaces: "West Europe" is
// westeurope.
func ShortLocation(location string) string {
	return strings.ToLower(strings.ReplaceAll(location, " ", ""))
}

func canonical(text string, known ...string) string {
	for _, k := range known {
		if strings.EqualFold(k, text) {
			return k
		}
	}
	return text
}

func canonicalOf(text *string, known ...string) *string {
	if text == nil {
		return nil
	}
	s := canonical(*text, known...)
	return &s
}

func notEmpty(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}
