package azure

import (
	"context"
	"net/http"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

func (r *Reader) firewallRules(ctx context.Context, id CacheID) (posture.Set[posture.FirewallRule], error) {
	type model struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Properties struct {
			Start field[word] `json:"startIP"`
			End   field[word] `json:"endIP"`
		} `json:"properties"`
	}
	set := posture.Set[posture.FirewallRule]{Observed: true}
	kind, path := id.collection(service.FirewallRules)
	err := arm.List(ctx, r.client, kind, path, nil, func(m model) {
		set.Items = append(set.Items, posture.FirewallRule{
			Address: m.ID, Name: armid.Last(m.Name),
			Start: fact(m.Properties.Start, "firewallRules.properties.startIP", absentUnknown, asText),
			End:   fact(m.Properties.End, "firewallRules.properties.endIP", absentUnknown, asText),
		})
	})
	if err != nil {
		return unread[posture.FirewallRule](kind, err), err
	}
	return set, nil
}

func (r *Reader) endpointConnections(ctx context.Context, id CacheID) (posture.Set[posture.PrivateEndpoint], error) {
	var all []endpointConnection
	kind, path := id.collection(service.EndpointConnections)
	err := arm.List(ctx, r.client, kind, path, nil, func(m endpointConnection) {
		all = append(all, m)
	})
	if err != nil {
		return unread[posture.PrivateEndpoint](kind, err), err
	}
	return endpoints(all), nil
}

// maintenanceWindows counts the windows. A cache without any has no schedule,
// which ARM answers with 404.
func (r *Reader) maintenanceWindows(ctx context.Context, id CacheID) (posture.Value[int], error) {
	const at = "patchSchedules/default.properties.scheduleEntries"
	kind, path := id.collection(service.PatchSchedules)
	var m struct {
		Properties struct {
			Entries []struct{} `json:"scheduleEntries"`
		} `json:"properties"`
	}
	err := r.client.Get(ctx, kind, path+"/default", &m)
	switch {
	case arm.HasStatus(err, http.StatusNotFound):
		return posture.Known(0, at), nil
	case err != nil:
		reason, detail := unseen(kind, err)
		return posture.Unknown[int](reason, at).WithDetail(detail), err
	}
	return posture.Known(len(m.Properties.Entries), at), nil
}

func (r *Reader) accessAssignments(ctx context.Context, id CacheID) (posture.Set[posture.AccessPolicyAssignment], error) {
	type model struct {
		ID         string `json:"id"`
		Properties struct {
			PolicyName field[word] `json:"accessPolicyName"`
		} `json:"properties"`
	}
	const at = "accessPolicyAssignments.properties.accessPolicyName"
	set := posture.Set[posture.AccessPolicyAssignment]{Observed: true}
	custom := false
	kind, path := id.collection(service.AccessPolicyAssignments)
	err := arm.List(ctx, r.client, kind, path, nil, func(m model) {
		a := posture.AccessPolicyAssignment{
			Address:     m.ID,
			PolicyName:  fact(m.Properties.PolicyName, at, absentUnknown, asText),
			Permissions: posture.Unset[string]("accessPolicies.properties.permissions"),
		}
		custom = custom || !id.Service.HasAccessPolicy(a.PolicyName.V)
		set.Items = append(set.Items, a)
	})
	if err != nil {
		return unread[posture.AccessPolicyAssignment](kind, err), err
	}
	if custom {
		err = r.permissions(ctx, id, set.Items)
	}
	return set, err
}

// permissions looks up what custom policies permit.
func (r *Reader) permissions(ctx context.Context, id CacheID, assignments []posture.AccessPolicyAssignment) error {
	type model struct {
		Name       string `json:"name"`
		Properties struct {
			Permissions field[word] `json:"permissions"`
		} `json:"properties"`
	}
	const at = "accessPolicies.properties.permissions"
	byName := map[string]posture.Value[string]{}
	kind, path := id.collection(service.AccessPolicies)
	err := arm.List(ctx, r.client, kind, path, nil, func(m model) {
		byName[strings.ToLower(armid.Last(m.Name))] = fact(m.Properties.Permissions, at, absentUnknown, asText)
	})
	for i := range assignments {
		a := &assignments[i]
		if id.Service.HasAccessPolicy(a.PolicyName.V) {
			continue
		}
		permissions, ok := byName[strings.ToLower(a.PolicyName.V)]
		switch {
		case err != nil:
			reason, detail := unseen(kind, err)
			permissions = posture.Unknown[string](reason, at).WithDetail(detail)
		case !ok:
			permissions = posture.Unknown[string](posture.ReasonNotObserved, at).WithDetail("no access policy of this name was returned")
		}
		a.Permissions = permissions
	}
	return err
}

type diagnosticModel struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Properties struct {
		Workspace  string            `json:"workspaceId"`
		Storage    string            `json:"storageAccountId"`
		EventHub   string            `json:"eventHubAuthorizationRuleId"`
		Partner    string            `json:"marketplacePartnerId"`
		ServiceBus string            `json:"serviceBusRuleId"`
		Logs       field[[]logModel] `json:"logs"`
	} `json:"properties"`
}

type logModel struct {
	Category string      `json:"category"`
	Group    string      `json:"categoryGroup"`
	Enabled  field[bool] `json:"enabled"`
}

func (r *Reader) diagnosticSettings(ctx context.Context, id CacheID) (posture.Set[posture.DiagnosticSetting], error) {
	set := posture.Set[posture.DiagnosticSetting]{Observed: true}
	path := id.ID + "/providers/Microsoft.Insights/diagnosticSettings"
	err := arm.List(ctx, r.client, diagnosticSettings, path, nil, func(m diagnosticModel) {
		set.Items = append(set.Items, diagnosticSettingOf(m))
	})
	if err != nil {
		return unread[posture.DiagnosticSetting](diagnosticSettings, err), err
	}
	return set, nil
}

func diagnosticSettingOf(m diagnosticModel) posture.DiagnosticSetting {
	const at = "diagnosticSettings.properties."
	s := posture.DiagnosticSetting{Address: m.ID}
	if s.Address == "" {
		s.Address = m.Name
	}
	p := m.Properties
	for _, d := range []struct{ name, id string }{
		{"workspaceId", p.Workspace}, {"storageAccountId", p.Storage}, {"eventHubAuthorizationRuleId", p.EventHub},
		{"marketplacePartnerId", p.Partner}, {"serviceBusRuleId", p.ServiceBus},
	} {
		if d.id != "" {
			s.Destinations = append(s.Destinations, posture.Known(d.id, at+d.name))
		}
	}
	s.Logs = fact(p.Logs, at+"logs", absentUnset, func(models []logModel) ([]posture.Log, bool) {
		logs := make([]posture.Log, 0, len(models))
		for _, l := range models {
			category := l.Category
			if category == "" {
				category = l.Group
			}
			enabled := fact(l.Enabled, at+"logs.enabled", absentUnknown, asIs)
			if category == "" {
				enabled = posture.Undocumented[bool](at + "logs")
			}
			logs = append(logs, posture.Log{Category: category, Enabled: enabled})
		}
		return logs, true
	})
	return s
}
