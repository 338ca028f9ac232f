package azurecache

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// child is one request for a child of the cache.
type child struct {
	kind    arm.ResourceKind
	path    string // absolute
	body    any    // nil removes the child
	belongs bool   // whether it is part of the cache, which must not be busy
}

// childKind is one collection of children, or a part of one.
type childKind struct {
	which func(Selection) Selection // what must be read for it, of all that is asked for
	steps func(Observed, Desired) []step
}

// childKinds are in the order in which they are written: access policies before
// their assignments, and removed after them.
var childKinds = []childKind{
	{func(w Selection) Selection { return Selection{AccessPolicies: w.AccessPolicies} }, policiesWanted},
	{func(w Selection) Selection { return Selection{AccessPolicyAssignments: w.AccessPolicyAssignments} }, assignments},
	{func(w Selection) Selection { return Selection{AccessPolicies: w.AccessPolicies} }, policiesUnwanted},
	{func(w Selection) Selection { return Selection{FirewallRules: w.FirewallRules} }, firewallRules},
	{func(w Selection) Selection { return Selection{PatchSchedule: w.PatchSchedule} }, patchSchedule},
	{func(w Selection) Selection { return Selection{DiagnosticSettings: w.DiagnosticSettings} }, diagnosticSettings},
	{func(w Selection) Selection { return Selection{PrivateEndpoint: w.PrivateEndpoint} }, privateEndpoint},
}

const networkVersion = "2024-05-01"

var (
	cacheKind      = kindOf("the cache", "")
	ruleKind       = kindOf("the firewall rule", "/"+service.FirewallRules)
	scheduleKind   = kindOf("the patch schedule", "/"+service.PatchSchedules)
	policyKind     = kindOf("the access policy", "/"+service.AccessPolicies)
	assignmentKind = kindOf("the access policy assignment", "/"+service.AccessPolicyAssignments)
	diagnosticKind = arm.ResourceKind{What: "the diagnostic setting", Type: "Microsoft.Insights/diagnosticSettings",
		Version: "2021-05-01-preview"}
	endpointKind  = arm.ResourceKind{What: "the private endpoint", Type: "Microsoft.Network/privateEndpoints", Version: networkVersion}
	zoneGroupKind = arm.ResourceKind{What: "the DNS zone group", Type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
		Version: networkVersion}
)

func kindOf(what, within string) arm.ResourceKind {
	return arm.ResourceKind{What: what, Type: service.Redis.Type + within, Version: service.Redis.APIVersion}
}

const diagnosticsPath = "/providers/Microsoft.Insights/diagnosticSettings"

// Wanted asks for the children that the desired state manages.
func (d Desired) Wanted() Selection {
	w := Selection{
		FirewallRules: d.FirewallRules != nil, PatchSchedule: d.PatchSchedule != nil, AccessPolicies: d.AccessPolicies != nil,
		AccessPolicyAssignments: d.AccessPolicyAssignments != nil, DiagnosticSettings: d.DiagnosticSettings != nil,
	}
	switch {
	case d.PrivateEndpoint == nil:
	case d.PrivateEndpoint.SubnetID == "":
		w.PrivateEndpoint = d.PrivateEndpoint.Ours
	default:
		w.PrivateEndpoint = d.PrivateEndpoint.path(d.ID)
	}
	return w
}

// differing lists the names, without regard to case and sorted, under which two
// maps have different values.
func differing[T any](have, want map[string]T, same func(have, want T) bool) (put, remove []string) {
	folded := map[string]T{}
	for name, v := range have {
		folded[strings.ToLower(name)] = v
	}
	wanted := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		wanted[strings.ToLower(name)] = true
		if v, has := folded[strings.ToLower(name)]; !has || !same(v, want[name]) {
			put = append(put, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if !wanted[strings.ToLower(name)] {
			remove = append(remove, name)
		}
	}
	return put, remove
}

// mapSteps are the steps for a map of children: first those to write, then those to
// remove.
func mapSteps[T any](have, want map[string]T, what string, k arm.ResourceKind, collection, short string,
	same func(have, want T) bool, body func(T) any,
) []step {
	if have == nil || want == nil {
		return nil
	}
	var steps []step
	write, remove := differing(have, want, same)
	for _, name := range write {
		steps = append(steps, step{Step: Step{Name: what + " " + name, Properties: []string{short + "/" + name}},
			child: &child{kind: k, path: collection + "/" + name, body: body(want[name]), belongs: k != diagnosticKind}})
	}
	for _, name := range remove {
		steps = append(steps, step{Step: Step{Name: "without " + what + " " + name, Properties: []string{short + "/" + name}},
			child: &child{kind: k, path: collection + "/" + name, belongs: k != diagnosticKind}})
	}
	return steps
}

func firewallRules(have Observed, want Desired) []step {
	return mapSteps(have.FirewallRules, want.FirewallRules, "firewall rule", ruleKind, want.ID+"/firewallRules", "firewallRules",
		func(have, want FirewallRule) bool { return have == want },
		func(r FirewallRule) any { return object{"properties": r} })
}

func policiesWanted(have Observed, want Desired) []step {
	return slices.DeleteFunc(policies(have, want), func(s step) bool { return s.child.body == nil })
}

func policiesUnwanted(have Observed, want Desired) []step {
	return slices.DeleteFunc(policies(have, want), func(s step) bool { return s.child.body != nil })
}

func policies(have Observed, want Desired) []step {
	return mapSteps(have.AccessPolicies, want.AccessPolicies, "access policy", policyKind, want.ID+"/accessPolicies", "accessPolicies",
		func(have, want string) bool { return strings.TrimSpace(have) == strings.TrimSpace(want) },
		func(permissions string) any { return object{"properties": object{"permissions": permissions}} })
}

func assignments(have Observed, want Desired) []step {
	return mapSteps(have.AccessPolicyAssignments, want.AccessPolicyAssignments, "access policy assignment", assignmentKind,
		want.ID+"/accessPolicyAssignments", "accessPolicyAssignments",
		func(have, want AccessPolicyAssignment) bool {
			return strings.EqualFold(have.AccessPolicyName, want.AccessPolicyName) && strings.EqualFold(have.ObjectID, want.ObjectID) &&
				have.ObjectIDAlias == want.ObjectIDAlias
		},
		func(a AccessPolicyAssignment) any { return object{"properties": a} })
}

func patchSchedule(have Observed, want Desired) []step {
	if have.PatchSchedule == nil || want.PatchSchedule == nil || sameSchedule(have.PatchSchedule, want.PatchSchedule) {
		return nil
	}
	s := step{Step: Step{Name: "patch schedule", Properties: []string{"patchSchedules/default"}},
		child: &child{kind: scheduleKind, path: want.ID + "/patchSchedules/default", belongs: true}}
	if len(want.PatchSchedule) > 0 {
		s.child.body = object{"properties": object{"scheduleEntries": want.PatchSchedule}}
	}
	return []step{s}
}

// sameSchedule compares two schedules day by day, in any order. A window without a
// length has the length that the service chooses.
func sameSchedule(have, want []PatchWindow) bool {
	a, b := byDay(have), byDay(want)
	if len(a) != len(b) {
		return false
	}
	for day, w := range b {
		h, has := a[day]
		if !has || h.StartHourUTC != w.StartHourUTC || w.MaintenanceWindow != "" && !strings.EqualFold(h.MaintenanceWindow, w.MaintenanceWindow) {
			return false
		}
	}
	return true
}

func byDay(windows []PatchWindow) map[string]PatchWindow {
	all := map[string]PatchWindow{}
	for _, w := range windows {
		for _, day := range w.Days() {
			all[strings.ToLower(day)] = w
		}
	}
	return all
}

// Days are the days that the name of the day stands for.
func (w PatchWindow) Days() []string {
	week := []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	switch strings.ToLower(w.DayOfWeek) {
	case "everyday":
		return week
	case "weekend":
		return week[5:]
	}
	return []string{w.DayOfWeek}
}

func diagnosticSettings(have Observed, want Desired) []step {
	return mapSteps(have.DiagnosticSettings, want.DiagnosticSettings, "diagnostic setting", diagnosticKind, want.ID+diagnosticsPath,
		"diagnosticSettings", sameDiagnostic, diagnosticBody)
}

func sameDiagnostic(have, want DiagnosticSetting) bool {
	destinations := func(d DiagnosticSetting) []string {
		return []string{d.WorkspaceID, d.StorageAccountID, d.EventHubAuthorizationRuleID, d.MarketplacePartnerID, d.ServiceBusRuleID,
			cmp.Or(d.LogAnalyticsDestinationType, "AzureDiagnostics")} // the default
	}
	return slices.EqualFunc(destinations(have), destinations(want), strings.EqualFold) && have.EventHubName == want.EventHubName &&
		armid.SameSet(have.Categories, want.Categories) && armid.SameSet(have.CategoryGroups, want.CategoryGroups) &&
		armid.SameSet(have.Metrics, want.Metrics)
}

func diagnosticBody(d DiagnosticSetting) any {
	m := diagnosticModel{DiagnosticSetting: d, Logs: []logModel{}, Metrics: []logModel{}}
	for _, c := range d.Categories {
		m.Logs = append(m.Logs, logModel{Category: c, Enabled: true})
	}
	for _, g := range d.CategoryGroups {
		m.Logs = append(m.Logs, logModel{Group: g, Enabled: true})
	}
	for _, c := range d.Metrics {
		m.Metrics = append(m.Metrics, logModel{Category: c, Enabled: true})
	}
	return object{"properties": m}
}

// EndpointName is the default name of the private endpoint of a cache. Where the
// name of the cache is too long and has to be cut, a short hash of it is added, so
// that the names stay different.
func EndpointName(cache string) string {
	const tail, longest = "-private-endpoint", 64
	if len(cache)+len(tail) <= longest {
		return cache + tail
	}
	sum := sha256.Sum256([]byte(strings.ToLower(cache))) // names do not depend on letter case
	mark := "-" + hex.EncodeToString(sum[:3])
	return strings.TrimRight(cache[:longest-len(tail)-len(mark)], "-") + mark + tail
}

// path is the path of the private endpoint of a cache.
func (p PrivateEndpoint) path(cacheID string) string {
	if p.ID != "" {
		return p.ID
	}
	id, err := azure.ParseCacheIDOf(service.Redis, cacheID)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network/privateEndpoints/%s", id.Subscription,
		id.ResourceGroup, cmp.Or(p.Name, EndpointName(id.Name)))
}

func privateEndpoint(have Observed, want Desired) []step {
	h, w := have.PrivateEndpoint, want.PrivateEndpoint
	if h == nil || w == nil {
		return nil
	}
	at, ours := w.path(want.ID), h.ID != "" && strings.EqualFold(h.ID, w.Ours)
	remove := func(path string) step {
		return step{Step: Step{Name: "without private endpoint", Properties: []string{"privateEndpoint"},
			Disruption: "clients that come through the private endpoint lose their connection"}, child: &child{kind: endpointKind, path: path}}
	}
	exists := h.ID != ""
	if w.SubnetID == "" {
		if ours {
			return []step{remove(h.ID)}
		}
		return nil
	}
	if Occupied(have, want) != nil {
		return nil
	}
	var steps []step
	switch {
	case exists && !ours && !strings.EqualFold(h.ID, at):
		exists = false // an endpoint of another name, which is left alone
	case exists && (!strings.EqualFold(h.ID, at) || endpointDiffers(*h, *w) || unusable(*h)):
		// A connection cannot be changed, only made again.
		steps, exists = append(steps, remove(h.ID)), false
	}
	if !exists {
		steps = append(steps, step{Step: Step{Name: stepEndpoint, Properties: []string{"privateEndpoint"}},
			child: &child{kind: endpointKind, path: at, body: endpointBody(want, *w)}})
	}
	if w.DNSZoneIDs != nil && (!exists && len(w.DNSZoneIDs) > 0 || exists && !armid.SameSet(h.DNSZoneIDs, w.DNSZoneIDs)) {
		s := step{Step: Step{Name: "DNS zone group", Properties: []string{"privateEndpoint/dnsZones"}},
			child: &child{kind: zoneGroupKind, path: at + "/privateDnsZoneGroups/default"}}
		if len(w.DNSZoneIDs) > 0 {
			s.child.body = zoneGroupBody(w.DNSZoneIDs)
		}
		steps = append(steps, s)
	}
	return steps
}

// endpointDiffers reports whether a private endpoint differs from the desired one.
func endpointDiffers(have, want PrivateEndpoint) bool {
	return have.SubnetID != "" && !strings.EqualFold(have.SubnetID, want.SubnetID) || have.Manual != want.Manual ||
		want.Location != "" && ShortLocation(have.Location) != ShortLocation(want.Location) || messageDiffers(have, want)
}

// unusable reports whether a private endpoint will never carry traffic; one that
// failed has no subnet.
func unusable(p PrivateEndpoint) bool {
	return p.SubnetID == "" || strings.EqualFold(p.Status, "Disconnected") || strings.EqualFold(p.Status, "Rejected")
}

// Occupied returns *OccupiedError where a private endpoint that is not the
// caller's would have to be removed for the desired one.
func Occupied(have Observed, want Desired) error {
	h, w := have.PrivateEndpoint, want.PrivateEndpoint
	if h == nil || w == nil || h.ID == "" || w.SubnetID == "" || strings.EqualFold(h.ID, w.Ours) ||
		!strings.EqualFold(h.ID, w.path(want.ID)) || unusable(*h) || !endpointDiffers(*h, *w) {
		return nil
	}
	return &OccupiedError{h.ID}
}

// messageDiffers reports whether the request message of a manual connection
// differs from the desired one. Once the connection is approved, the message does
// not count.
func messageDiffers(have, want PrivateEndpoint) bool {
	return have.Manual && have.RequestMessage != want.RequestMessage && !strings.EqualFold(have.Status, "Approved")
}

func endpointBody(d Desired, p PrivateEndpoint) object {
	connection := object{"privateLinkServiceId": d.ID, "groupIds": []string{service.Redis.Subresource}}
	list := "privateLinkServiceConnections"
	if p.Manual {
		list = "manualPrivateLinkServiceConnections"
		if p.RequestMessage != "" {
			connection["requestMessage"] = p.RequestMessage
		}
	}
	return object{"location": cmp.Or(p.Location, d.Location), "properties": object{
		"subnet": object{"id": p.SubnetID}, list: []object{{"name": service.Redis.Subresource, "properties": connection}},
	}}
}

func zoneGroupBody(ids []string) object {
	configs := []object{}
	for i, id := range ids {
		configs = append(configs, object{"name": fmt.Sprintf("zone-%d", i+1), "properties": object{"privateDnsZoneId": id}})
	}
	return object{"properties": object{"privateDnsZoneConfigs": configs}}
}
