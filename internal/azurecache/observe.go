package azurecache

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// model is what is decoded of a cache. It has no fields for access keys and
// instances, so that they are dropped with the answer.
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
	Properties properties `json:"properties"`
}

// properties are the properties of a cache: its settings, and those that nobody can set.
type properties struct {
	settings          Settings
	ProvisioningState string `json:"provisioningState"`
	HostName          string `json:"hostName"`
	Port              int    `json:"port"`
	SSLPort           int    `json:"sslPort"`
	LinkedServers     []struct {
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
}

// UnmarshalJSON decodes the named properties and the values of settings. All other
// values are dropped, access keys and connection strings among them.
func (p *properties) UnmarshalJSON(raw []byte) error {
	type plain properties
	var all, configuration map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, (*plain)(p)), json.Unmarshal(raw, &all)); err != nil {
		return err
	}
	if text, ok := all["redisConfiguration"]; ok {
		if err := json.Unmarshal(text, &configuration); err != nil {
			return err
		}
	}
	for _, s := range settings {
		text := all[strings.TrimPrefix(s.path, inProperties)]
		if key, ok := strings.CutPrefix(s.path, inConfiguration); ok {
			text = configuration[key]
		}
		if s.observe != nil {
			s.observe(&p.settings, text)
		}
	}
	return nil
}

// observed is a model in a normal form: one spelling of the names of tiers and
// states, sorted lists, short names of regions.
func (m model) observed(asked azure.CacheID) Observed {
	p := m.Properties
	o := Observed{
		ID: cmp.Or(m.ID, asked.ID), Name: cmp.Or(m.Name, asked.Name), ResourceGroup: asked.ResourceGroup, Location: ShortLocation(m.Location),
		ProvisioningState: p.ProvisioningState, HostName: p.HostName, Port: p.Port, SSLPort: p.SSLPort,
	}
	for _, l := range p.LinkedServers {
		o.LinkedServers = append(o.LinkedServers, l.ID)
	}
	slices.Sort(o.LinkedServers)
	s := &o.Settings
	*s = p.settings
	if s.SKU != nil {
		s.SKU.Name = canonical(s.SKU.Name, basic, standard, premium)
	}
	s.SubnetID, s.StaticIP, s.StorageSubscriptionID = notEmpty(s.SubnetID), notEmpty(s.StaticIP), notEmpty(s.StorageSubscriptionID)
	s.Zones = slices.Sorted(slices.Values(m.Zones))
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
	return o
}

// read decodes a value of an answer; nil where ARM does not return it. In
// redisConfiguration numbers and truth values are text.
func read[T any](raw json.RawMessage, words []string) *T {
	var out *T
	if json.Unmarshal(raw, &out) == nil {
		if text, ok := any(out).(*string); ok && text != nil {
			*text = canonical(*text, words...)
		}
		return out
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil
	}
	out = new(T)
	switch p := any(out).(type) {
	case *bool: // ARM has been seen to write authnotrequired as yes and no
		*p = strings.EqualFold(text, "true") || strings.EqualFold(text, "yes")
		return out
	case *int:
		var err error
		if *p, err = strconv.Atoi(text); err == nil {
			return out
		}
	}
	return nil
}

// ShortLocation is the name of a region without spaces: westeurope for "West
// Europe".
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

func notEmpty(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}
