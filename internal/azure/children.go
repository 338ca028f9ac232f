package azure

import (
	"context"
	"net/http"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Where answers have what is asked of the resources around a cache.
var (
	firewallRule     = vocabulary.FirewallRule.ARM()
	patchSchedule    = vocabulary.PatchSchedule.ARM()
	accessPolicy     = vocabulary.AccessPolicy.ARM()
	accessAssignment = vocabulary.AccessPolicyAssignment.ARM()
	// managedAssignment is an assignment in a database of Azure Managed Redis.
	managedAssignment = vocabulary.ManagedAccessPolicyAssignment.ARM()
	diagnostic        = vocabulary.DiagnosticSetting.ARM()
)

// readAll reads a collection of a cache.
func readAll[T any](ctx context.Context, r *Reader, id CacheID, collection string, item func(value) T) (posture.Set[T], error) {
	set := posture.Set[T]{Observed: true}
	kind, path := id.collection(collection)
	err := arm.List(ctx, r.client, kind, path, nil, func(v value) { set.Items = append(set.Items, item(v)) })
	if err != nil {
		return unread[T](kind, err), err
	}
	return set, nil
}

func (r *Reader) firewallRules(ctx context.Context, id CacheID) (posture.Set[posture.FirewallRule], error) {
	return readAll(ctx, r, id, service.FirewallRules, func(v value) posture.FirewallRule {
		return posture.FirewallRule{Address: v.str("id"), Name: armid.Last(v.str("name")),
			Start: v.fact(service.FirewallRules, firewallRule.Place(vocabulary.Start)),
			End:   v.fact(service.FirewallRules, firewallRule.Place(vocabulary.End))}
	})
}

func (r *Reader) endpointConnections(ctx context.Context, id CacheID) (posture.Set[posture.PrivateEndpoint], error) {
	return readAll(ctx, r, id, service.EndpointConnections, func(v value) posture.PrivateEndpoint { return endpoints([]value{v}).Items[0] })
}

// maintenanceWindows counts the windows. A cache without any has no schedule,
// which ARM answers with 404.
func (r *Reader) maintenanceWindows(ctx context.Context, id CacheID, c *posture.Cache) error {
	windows := patchSchedule.Place(vocabulary.Windows).Path
	at := service.PatchSchedules + "/default." + windows
	kind, path := id.collection(service.PatchSchedules)
	var v value
	err := r.client.Get(ctx, kind, path+"/default", &v)
	days := posture.Unset[[]string](at)
	switch {
	case arm.HasStatus(err, http.StatusNotFound):
		c.MaintenanceWindows, err = posture.Known(0, at), nil
	case err != nil:
		reason, detail := unseen(kind, err)
		c.MaintenanceWindows = posture.Unknown[int](reason, at).WithDetail(detail)
		days = posture.Unknown[[]string](reason, at).WithDetail(detail)
	default:
		c.MaintenanceWindows = posture.Known(len(v.at(windows).elems), at)
		days = vocabulary.WindowDays(v.at(windows), at)
	}
	if r.Migration {
		c.MaintenanceDays = days
	}
	return err
}

// accessPolicies reads the custom access policies of a cache.
func (r *Reader) accessPolicies(ctx context.Context, id CacheID) (posture.Set[posture.AccessPolicy], error) {
	set := posture.Set[posture.AccessPolicy]{Observed: true}
	kind, path := id.collection(service.AccessPolicies)
	err := arm.List(ctx, r.client, kind, path, nil, func(v value) {
		name := armid.Last(v.str("name"))
		if !strings.EqualFold(v.str("properties.type"), "BuiltIn") && !id.Service.HasAccessPolicy(name) {
			set.Items = append(set.Items, posture.AccessPolicy{Address: v.str("id"), Name: posture.Known(name, service.AccessPolicies+".name"),
				Permissions: v.fact(service.AccessPolicies, accessPolicy.Place(vocabulary.Permissions))})
		}
	})
	if err != nil {
		return unread[posture.AccessPolicy](kind, err), err
	}
	return set, nil
}

// links reads the linked servers of a cache. serverRole is that of the other cache.
func (r *Reader) links(ctx context.Context, id CacheID) (posture.Set[posture.GeoLink], error) {
	return readAll(ctx, r, id, service.LinkedServers, func(v value) posture.GeoLink {
		const other, role = "properties.linkedRedisCacheId", "properties.serverRole"
		return posture.GeoLink{Address: v.str("id"), Other: vocabulary.Text(v.required(other), service.LinkedServers+"."+other),
			Primary: vocabulary.Value(v.required(role), service.LinkedServers+"."+role, func(s vocabulary.Scalar) (bool, bool) {
				secondary := strings.EqualFold(s.Text, "Secondary")
				return secondary, secondary || strings.EqualFold(s.Text, "Primary")
			})}
	})
}

// linksOf are the links of a cluster to those whose databases are in the group of its own. No
// member of active geo-replication is the primary.
func linksOf(id CacheID, databases posture.Value[[]string]) posture.Set[posture.GeoLink] {
	if databases.IsUnknown() {
		return posture.Set[posture.GeoLink]{Reason: databases.Why(), Detail: databases.Source.Detail}
	}
	set := posture.Set[posture.GeoLink]{Observed: true}
	for _, database := range databases.V {
		if cluster := database[:max(0, len(database)-len(id.Service.Database))]; !strings.EqualFold(cluster, id.ID) {
			set.Items = append(set.Items, posture.GeoLink{Other: posture.Known(cluster, databases.Source.Path),
				Primary: posture.Unset[bool](databases.Source.Path)})
		}
	}
	return set
}

func (r *Reader) accessAssignments(
	ctx context.Context, id CacheID, collection string,
) (posture.Set[posture.AccessPolicyAssignment], error) {
	custom := false
	set, err := readAll(ctx, r, id, collection, func(v value) posture.AccessPolicyAssignment {
		a := posture.AccessPolicyAssignment{
			Address:     v.str("id"),
			PolicyName:  v.fact(collection, accessAssignment.Place(vocabulary.Policy)),
			Permissions: posture.Unset[string](permissionsAt),
		}
		if r.Migration {
			principal := accessAssignment
			if id.Service.Database != "" {
				principal = managedAssignment
			}
			a.ObjectID = v.fact(collection, principal.Place(vocabulary.Principal))
		}
		switch {
		case id.Service.HasAccessPolicy(a.PolicyName.V):
		case id.Service.Database != "":
			a.Permissions = posture.Unknown[string](posture.ReasonNotObserved, permissionsAt).WithDetail("api-version " +
				id.Service.APIVersion + " does not return what it permits")
		default:
			custom = true
		}
		return a
	})
	if err == nil && custom {
		err = r.permissions(ctx, id, set.Items)
	}
	return set, err
}

var permissionsAt = service.AccessPolicies + "." + accessPolicy.Place(vocabulary.Permissions).Path

// permissions looks up what custom policies permit.
func (r *Reader) permissions(ctx context.Context, id CacheID, assignments []posture.AccessPolicyAssignment) error {
	byName := map[string]posture.Value[string]{}
	kind, path := id.collection(service.AccessPolicies)
	err := arm.List(ctx, r.client, kind, path, nil, func(v value) {
		byName[strings.ToLower(armid.Last(v.str("name")))] = v.fact(service.AccessPolicies, accessPolicy.Place(vocabulary.Permissions))
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
			permissions = posture.Unknown[string](reason, permissionsAt).WithDetail(detail)
		case !ok:
			permissions = posture.Unknown[string](posture.ReasonNotObserved,
				permissionsAt).WithDetail("no access policy of this name was returned")
		}
		a.Permissions = permissions
	}
	return err
}

// diagnosticSettings reads the settings on what writes the logs of a cache. Where the
// database of a cluster has none, those on the cluster are read too, for people who took
// the one for the other.
func (r *Reader) diagnosticSettings(ctx context.Context, id CacheID) (posture.Set[posture.DiagnosticSetting], error) {
	list := func(of string) (items []posture.DiagnosticSetting, err error) {
		err = arm.List(ctx, r.client, diagnosticSettings, of+"/providers/"+diagnosticSettings.Type, nil, func(v value) {
			items = append(items, diagnosticSettingOf(v))
		})
		return items, err
	}
	items, err := list(id.ID + id.Service.Database)
	if err != nil {
		return unread[posture.DiagnosticSetting](diagnosticSettings, err), err
	}
	if len(items) == 0 && id.Service.Database != "" {
		if items, err = list(id.ID); err != nil {
			items = nil // no verdict needs them
		}
		for i := range items {
			items[i].OnCluster = true
		}
	}
	return posture.Set[posture.DiagnosticSetting]{Observed: true, Items: items}, nil
}

func diagnosticSettingOf(v value) posture.DiagnosticSetting {
	const of = "diagnosticSettings"
	s := posture.DiagnosticSetting{Address: v.str("id")}
	if s.Address == "" {
		s.Address = v.str("name")
	}
	for _, role := range []vocabulary.Role{vocabulary.Workspace, vocabulary.StorageAccount, vocabulary.EventHubRule, vocabulary.Partner,
		vocabulary.ServiceBusRule} {
		if destination := v.fact(of, diagnostic.Place(role)); destination.IsKnown() {
			s.Destinations = append(s.Destinations, destination)
		}
	}
	logsAt := diagnostic.Place(vocabulary.Logs).Path
	list, at := v.at(logsAt), of+"."+logsAt
	s.Logs = vocabulary.Value(list.Scalar(), at, func(vocabulary.Scalar) ([]posture.Log, bool) {
		logs := make([]posture.Log, 0, len(list.elems))
		for _, l := range list.elems {
			log := posture.Log{Category: l.str("category"), Enabled: vocabulary.Flag(l.required("enabled"), at+".enabled", vocabulary.Plain)}
			if log.Category == "" {
				log.Category = l.str("categoryGroup")
			}
			if log.Category == "" {
				log.Enabled = posture.Undocumented[bool](at)
			}
			logs = append(logs, log)
		}
		return logs, list.kind == '['
	})
	return s
}
