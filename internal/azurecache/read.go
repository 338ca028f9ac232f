package azurecache

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Read reads the cache and the children asked for; *NotFoundError if it is gone.
func (c *Client) Read(ctx context.Context, id string, which Selection) (Observed, error) {
	o, err := c.readCache(ctx, id)
	if err != nil {
		return Observed{}, err
	}
	_, err = c.readChildren(ctx, &o, which)
	return o, err
}

// ListKeys reads the access keys. Only the ephemeral resource may call it.
func (c *Client) ListKeys(ctx context.Context, id string) (Keys, error) {
	parsed, err := azure.ParseCacheIDOf(service.Redis, id)
	if err != nil {
		return Keys{}, err
	}
	var keys struct {
		Primary   Secret `json:"primaryKey"`
		Secondary Secret `json:"secondaryKey"`
	}
	err = c.writer.Post(ctx, cacheKind, parsed.ID, "listKeys", nil, &keys)
	return Keys{keys.Primary, keys.Secondary}, err
}

func (c *Client) readCache(ctx context.Context, id string) (Observed, error) {
	parsed, err := azure.ParseCacheIDOf(service.Redis, id)
	if err != nil {
		return Observed{}, err
	}
	var m model
	if err := c.writer.Get(ctx, cacheKind, parsed.ID, &m); err != nil {
		if arm.IsGone(err, parsed.ID) {
			return Observed{}, &NotFoundError{id}
		}
		return Observed{}, err
	}
	l := m.observed(parsed)
	for _, e := range m.Properties.Connections {
		id := cmp.Or(e.Properties.Endpoint.ID, e.ID) // a connection of an endpoint that cannot be seen counts too
		l.Connections = append(l.Connections, azure.Connection{EndpointID: id, Status: e.Properties.State.Status})
	}
	slices.SortFunc(l.Connections, func(a, b azure.Connection) int {
		return strings.Compare(strings.ToLower(a.EndpointID), strings.ToLower(b.EndpointID))
	})
	return l, nil
}

// readChildren reads the children that were asked for. A collection that cannot be
// read stays nil, and the error names it. A child that is still being written is
// returned as it will be; pending says that there is one.
func (c *Client) readChildren(ctx context.Context, o *Observed, which Selection) (pending bool, err error) {
	r := &childReader{c: c, id: o.ID}
	set := func(asked bool, what string, read func() error) {
		if !asked || err != nil {
			return
		}
		err = read()
		if why, hidden := hiddenBy(err); which.Lenient && hidden {
			if o.Unread == nil {
				o.Unread = map[string]string{}
			}
			o.Unread[what], err = why, nil
		}
	}
	set(which.FirewallRules, "firewall_rules", func() (err error) { o.FirewallRules, err = r.rules(ctx); return })
	set(which.PatchSchedule, "patch_schedule", func() (err error) { o.PatchSchedule, err = r.schedule(ctx); return })
	set(which.AccessPolicies, "access_policies", func() (err error) { o.AccessPolicies, err = r.policies(ctx); return })
	set(which.AccessPolicyAssignments, "access_policy_assignments", func() (err error) {
		o.AccessPolicyAssignments, err = r.assignments(ctx)
		return
	})
	set(which.DiagnosticSettings, "diagnostic_settings", func() (err error) { o.DiagnosticSettings, err = r.diagnostics(ctx); return })
	set(which.PrivateEndpoint != "", "private_endpoint", func() (err error) {
		if which.PrivateEndpoint == AnyEndpoint {
			o.PrivateEndpoint, err = r.anyEndpoint(ctx)
		} else {
			o.PrivateEndpoint, err = r.endpoint(ctx, endpointPath(which.PrivateEndpoint, o.ID))
		}
		var foreign *ForeignEndpointError
		if which.Lenient && errors.As(err, &foreign) {
			o.PrivateEndpoint, err = &PrivateEndpoint{}, nil // it is connected to another resource now
		}
		return
	})
	return r.pending, err
}

// hiddenBy reports whether this identity may not read something, and which
// permission it needs. A tenant of others answers 401.
func hiddenBy(err error) (why string, hidden bool) {
	var e *arm.Error
	if !errors.As(err, &e) || e.Status != http.StatusForbidden && e.Status != http.StatusUnauthorized {
		return "", false
	}
	if e.Action == "" {
		return e.Error(), true
	}
	return "reading it needs " + e.Action + ", which the role Reader holds", true
}

// childReader reads the children of one cache.
type childReader struct {
	c       *Client
	id      string
	pending bool
}

func (r *childReader) state(state string) {
	r.pending = r.pending || state != "" && !isFinal(state)
}

func endpointPath(asked, cacheID string) string {
	if strings.HasPrefix(asked, "/") {
		return asked
	}
	return PrivateEndpoint{Name: asked}.path(cacheID)
}

// named reads the properties of a list of children, or of what belongs to one, into a
// map by name.
func named[T any](ctx context.Context, r *childReader, k arm.ResourceKind, path string) (map[string]T, error) {
	items, err := r.c.writer.List(ctx, k, path)
	if err != nil {
		return nil, err
	}
	all := map[string]T{}
	for _, raw := range items {
		var head struct {
			Name       string `json:"name"`
			Properties struct {
				State string `json:"provisioningState"`
			} `json:"properties"`
		}
		var value struct {
			Properties T `json:"properties"`
		}
		if json.Unmarshal(raw, &head) != nil || json.Unmarshal(raw, &value) != nil {
			return nil, fmt.Errorf("%s is in no form that is known", k.What)
		}
		r.state(head.Properties.State)
		if isFailed(head.Properties.State) {
			// A child that failed shows values that did not take effect: it is to be
			// written again, or removed.
			value.Properties = *new(T)
		}
		all[armid.Last(head.Name)] = value.Properties
	}
	return all, nil
}

func (r *childReader) rules(ctx context.Context) (map[string]FirewallRule, error) {
	return named[FirewallRule](ctx, r, ruleKind, r.id+"/firewallRules")
}

func (r *childReader) assignments(ctx context.Context) (map[string]AccessPolicyAssignment, error) {
	return named[AccessPolicyAssignment](ctx, r, assignmentKind, r.id+"/accessPolicyAssignments")
}

func (r *childReader) policies(ctx context.Context) (map[string]string, error) {
	all, err := named[struct{ Permissions, Type string }](ctx, r, policyKind, r.id+"/accessPolicies")
	if err != nil {
		return nil, err
	}
	custom := map[string]string{}
	for name, policy := range all {
		if !strings.EqualFold(policy.Type, "BuiltIn") {
			custom[name] = policy.Permissions
		}
	}
	return custom, nil
}

func (r *childReader) schedule(ctx context.Context) ([]PatchWindow, error) {
	var m struct {
		Properties struct {
			Entries []PatchWindow `json:"scheduleEntries"`
		} `json:"properties"`
	}
	err := r.c.writer.Get(ctx, scheduleKind, r.id+"/patchSchedules/default", &m)
	if arm.IsNotFound(err) {
		return []PatchWindow{}, nil // ARM answers 404 where there is none
	}
	return append([]PatchWindow{}, m.Properties.Entries...), err
}

// diagnosticModel is a diagnostic setting as ARM writes it.
type diagnosticModel struct {
	DiagnosticSetting
	Logs    []logModel `json:"logs"`
	Metrics []logModel `json:"metrics"`
}

type logModel struct {
	Category string `json:"category,omitempty"`
	Group    string `json:"categoryGroup,omitempty"`
	Enabled  bool   `json:"enabled"`
}

func (r *childReader) diagnostics(ctx context.Context) (map[string]DiagnosticSetting, error) {
	models, err := named[diagnosticModel](ctx, r, diagnosticKind, r.id+diagnosticsPath)
	if err != nil {
		return nil, err
	}
	all := map[string]DiagnosticSetting{}
	for name, m := range models {
		d := m.DiagnosticSetting
		for _, l := range m.Logs {
			switch {
			case !l.Enabled:
			case l.Category != "":
				d.Categories = append(d.Categories, l.Category)
			default:
				d.CategoryGroups = append(d.CategoryGroups, l.Group)
			}
		}
		for _, l := range m.Metrics {
			if l.Enabled {
				d.Metrics = append(d.Metrics, l.Category)
			}
		}
		slices.Sort(d.Categories)
		slices.Sort(d.CategoryGroups)
		slices.Sort(d.Metrics)
		all[name] = d
	}
	return all, nil
}

// endpointModel is a private endpoint.
type endpointModel struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Location   string `json:"location"`
	Properties struct {
		State  string `json:"provisioningState"`
		Subnet struct {
			ID string `json:"id"`
		} `json:"subnet"`
		Automatic []connectionModel `json:"privateLinkServiceConnections"`
		Manual    []connectionModel `json:"manualPrivateLinkServiceConnections"`
	} `json:"properties"`
}

type connectionModel struct {
	Properties struct {
		Target  string `json:"privateLinkServiceId"`
		Message string `json:"requestMessage"`
		State   struct {
			Status string `json:"status"`
		} `json:"privateLinkServiceConnectionState"`
	} `json:"properties"`
}

// endpoint reads a private endpoint; the result has no ID where there is none. One
// that leads to something else than the cache is an error.
func (r *childReader) endpoint(ctx context.Context, path string) (*PrivateEndpoint, error) {
	var m endpointModel
	err := r.c.writer.Get(ctx, endpointKind, path, &m)
	if arm.IsNotFound(err) {
		return &PrivateEndpoint{}, nil
	}
	if err != nil {
		return nil, err
	}
	p := PrivateEndpoint{ID: m.ID, Name: m.Name, Location: ShortLocation(m.Location), SubnetID: m.Properties.Subnet.ID}
	r.state(m.Properties.State)
	if isFailed(m.Properties.State) {
		p.SubnetID = "" // it carries no traffic: to be recreated, or removed
	}
	found := false
	for i, connection := range slices.Concat(m.Properties.Automatic, m.Properties.Manual) {
		if strings.EqualFold(connection.Properties.Target, r.id) {
			found = true
			p.Manual = i >= len(m.Properties.Automatic)
			p.Status, p.RequestMessage = connection.Properties.State.Status, connection.Properties.Message
		}
	}
	if !found {
		return nil, &ForeignEndpointError{path}
	}
	p.DNSZoneIDs, err = r.zones(ctx, path)
	if _, hidden := hiddenBy(err); hidden {
		return &p, nil // nil zones: they were not read
	}
	return &p, err
}

// anyEndpoint reads a private endpoint of the cache, if possible one that may be
// read and is in this tenant. It is nil where there is one that cannot be read.
func (r *childReader) anyEndpoint(ctx context.Context) (*PrivateEndpoint, error) {
	l, err := r.c.readCache(ctx, r.id)
	if err != nil {
		return nil, err
	}
	if len(l.Connections) == 0 {
		return &PrivateEndpoint{}, nil
	}
	usual := func(c azure.Connection) int {
		if strings.EqualFold(c.EndpointID, PrivateEndpoint{}.path(r.id)) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(l.Connections, func(a, b azure.Connection) int { return usual(a) - usual(b) })
	var unread error
	for _, connection := range l.Connections {
		if !strings.Contains(strings.ToLower(connection.EndpointID), "/providers/microsoft.network/privateendpoints/") {
			continue
		}
		p, err := r.endpoint(ctx, connection.EndpointID)
		var foreign *ForeignEndpointError
		switch _, hidden := hiddenBy(err); {
		case hidden:
			unread = err
		case errors.As(err, &foreign): // the cache lists it, but it leads elsewhere
		case err != nil:
			return nil, err
		case p.ID != "":
			return p, nil
		}
	}
	return nil, unread
}

func (r *childReader) zones(ctx context.Context, endpoint string) ([]string, error) {
	groups, err := named[struct {
		Configs []struct {
			Properties struct {
				ID string `json:"privateDnsZoneId"`
			} `json:"properties"`
		} `json:"privateDnsZoneConfigs"`
	}](ctx, r, zoneGroupKind, endpoint+"/privateDnsZoneGroups")
	if err != nil && !arm.IsNotFound(err) {
		return nil, err
	}
	zones := []string{}
	for _, group := range groups {
		for _, config := range group.Configs {
			zones = append(zones, config.Properties.ID)
		}
	}
	slices.Sort(zones)
	return zones, nil
}
