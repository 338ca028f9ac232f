package armtest

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestCreateThenReady(t *testing.T) {
	c := start(t, Options{Operations: Operations{Polls: 2, SettleReads: 1, States: []string{"Creating", "NeverDocumented"}, RetryAfter: 7}})
	c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
	created := c.do("PUT", base, object{"location": "westeurope", "properties": object{"sku": sku("Basic", "C", 0),
		"redisConfiguration": object{"maxmemory-policy": "allkeys-lru"}}})
	if created.status != 201 || created.header.Get("Retry-After") != "7" || created.header.Get("Retry-After-Ms") != "5" {
		t.Fatal(created.status, created.header)
	}
	if !strings.HasPrefix(textAt(created.body, "properties", "accessKeys", "primaryKey"), Canary) {
		t.Error("the answer to a create carries the keys")
	}
	if textAt(created.body, "location") != "West Europe" || textAt(created.body, "type") != "Microsoft.Cache/Redis" {
		t.Error(created.raw)
	}
	if got := c.do("PATCH", base, props(object{})); got.status != 409 || got.code() != "Conflict" ||
		!strings.Contains(got.message(), "is busy processing a previous update request") {
		t.Error(got.raw)
	}
	if got := c.do("PUT", base+"/firewallRules/a", props(object{"startIP": "1.1.1.1", "endIP": "1.1.1.1"})); got.status != 409 {
		t.Error(got.raw)
	}
	var states []string
	for range 5 {
		states = append(states, textAt(c.do("GET", base, nil).body, "properties", "provisioningState"))
	}
	if got := strings.Join(states, " "); got != "NeverDocumented NeverDocumented NeverDocumented Succeeded Succeeded" {
		t.Error(got)
	}
	if got := c.do("GET", created.header.Get("Azure-Asyncoperation"), nil); textAt(got.body, "status") != "Succeeded" {
		t.Error(got.raw)
	}
	if got := c.do("GET", base, nil); strings.Contains(got.raw, Canary) {
		t.Error("a read shows keys")
	}
}

func TestFailedOperations(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{})
	c.s.FailOperation(regexp.MustCompile("/cache$"), "InternalServerError", "it did not work")
	patched := c.do("PATCH", id, props(object{"publicNetworkAccess": "Disabled"}))
	c.do("GET", id, nil)
	c.do("GET", id, nil)
	got := c.do("GET", patched.header.Get("Azure-Asyncoperation"), nil)
	if textAt(got.body, "status") != "Failed" || textAt(got.body, "error", "message") != "it did not work" {
		t.Error(got.raw)
	}
	after := c.do("GET", id, nil)
	if textAt(after.body, "properties", "publicNetworkAccess") != "Enabled" ||
		textAt(after.body, "properties", "provisioningState") != "Failed" {
		t.Error(after.raw)
	}
	if got := c.do("PATCH", id, props(object{})); got.status != 202 {
		t.Error("a failed cache takes the next update", got.raw)
	}
}

func TestScalingForgetsReservations(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{})
	got := c.do("PATCH", id, props(object{"sku": sku("Standard", "C", 2),
		"redisConfiguration": object{"maxmemory-reserved": "7", "maxmemory-policy": "allkeys-lru"}}))
	if textAt(got.body, "properties", "provisioningState") != "Scaling" {
		t.Error(got.raw)
	}
	c.s.Finish()
	configuration := objectAt(c.do("GET", id, nil).body, "properties", "redisConfiguration")
	if configuration["maxmemory-reserved"] != "500" || configuration["maxmemory-policy"] != "allkeys-lru" {
		t.Error(configuration)
	}
}

func TestConnectionStringsAreNeverReturned(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{SKU: "Premium P1"})
	secret := Canary + "storage"
	got := c.do("PATCH", id, props(object{"redisConfiguration": object{"rdb-backup-enabled": "true",
		"rdb-storage-connection-string": secret}}))
	c.s.Finish()
	if strings.Contains(got.raw+c.do("GET", id, nil).raw, secret) {
		t.Error("the connection string came back")
	}
	if textAt(c.s.Object(id), "properties", "redisConfiguration", "rdb-storage-connection-string") != secret {
		t.Error("the connection string was not kept")
	}
}

func TestOddCasing(t *testing.T) {
	c := start(t, Options{OddCasing: true})
	id := c.s.PutCache(Cache{ResourceGroup: "rg-Demo"})
	want := "/subscriptions/" + DefaultSubscription + "/resourcegroups/RG-DEMO/providers/Microsoft.Cache/Redis/cache"
	for _, path := range []string{id, strings.ToUpper(id), strings.ToLower(id)} {
		if got := c.do("GET", path, nil); textAt(got.body, "id") != want {
			t.Error(got.raw)
		}
	}
}

func TestChildrenAreLate(t *testing.T) {
	c := start(t, Options{StaleReads: 1})
	id := c.s.PutCache(Cache{})
	rule := id + "/firewallRules/office"
	list := func() int {
		values, _ := c.do("GET", id+"/firewallRules", nil).body["value"].([]any)
		return len(values)
	}
	if got := c.do("PUT", rule, props(object{"startIP": "1.1.1.1", "endIP": "1.1.1.2"})); got.status != 201 ||
		textAt(got.body, "name") != "cache/office" {
		t.Fatal(got.raw)
	}
	if got := c.do("GET", rule, nil); got.status != 404 {
		t.Error("the first read is too early", got.raw)
	}
	if got := c.do("GET", rule, nil); got.status != 200 {
		t.Error(got.raw)
	}
	c.do("PUT", rule, props(object{"startIP": "1.1.1.1", "endIP": "1.1.1.9"}))
	if got := c.do("GET", rule, nil); textAt(got.body, "properties", "endIP") != "1.1.1.2" {
		t.Error(got.raw)
	}
	if got := c.do("DELETE", rule, nil); got.status != 200 {
		t.Error(got.raw)
	}
	if n := list(); n != 1 {
		t.Error("the list still shows the rule once, got", n)
	}
	if n := list(); n != 0 {
		t.Error(n)
	}
	if got := c.do("DELETE", rule, nil); got.status != 204 {
		t.Error(got.status)
	}
}

func TestPrivateEndpointConnects(t *testing.T) {
	for name, tt := range map[string]struct{ list, status string }{
		"automatic": {"privateLinkServiceConnections", "Approved"},
		"manual":    {"manualPrivateLinkServiceConnections", "Pending"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{})
			id := c.s.PutCache(Cache{})
			endpoint := parentPath(parentPath(parentPath(id))) + "/Microsoft.Network/privateEndpoints/pe"
			got := c.do("PUT", endpoint, object{"location": "westeurope", "properties": object{"subnet": object{"id": "/s"},
				tt.list: []object{{"name": "c", "properties": object{"privateLinkServiceId": id, "groupIds": []string{"redisCache"}}}}}})
			if got.status != 201 {
				t.Fatal(got.raw)
			}
			connections := func() []any {
				all, _ := at(c.do("GET", id, nil).body, "properties", "privateEndpointConnections").([]any)
				return all
			}
			if len(connections()) != 0 {
				t.Error("connected before the end of the operation")
			}
			c.s.Finish()
			if all := connections(); len(all) != 1 || textAt(all[0], "properties", "privateLinkServiceConnectionState", "status") != tt.status {
				t.Error(all)
			}
			c.do("DELETE", endpoint, nil)
			c.s.Finish()
			if all := connections(); len(all) != 0 {
				t.Error(all)
			}
		})
	}
}

func TestSubnetsAndRulesAreInTheirParents(t *testing.T) {
	c := start(t, Options{})
	network := "/subscriptions/" + DefaultSubscription + "/resourceGroups/rg/providers/Microsoft.Network/"
	c.s.Put(network+"virtualNetworks/v", object{"properties": object{"subnets": []object{{"name": "a",
		"properties": object{"addressPrefix": "10.0.0.0/24"}}}}})
	c.s.Put(network+"networkSecurityGroups/n", object{"properties": object{"securityRules": []object{}}})
	c.do("PUT", network+"networkSecurityGroups/n/securityRules/r", props(object{"priority": 100}))
	if got := c.do("GET", network+"virtualNetworks/v/subnets/a", nil); textAt(got.body, "properties", "addressPrefix") != "10.0.0.0/24" {
		t.Error(got.raw)
	}
	if got := c.do("GET", network+"networkSecurityGroups/n", nil); !strings.Contains(got.raw, `"name":"r"`) {
		t.Error(got.raw)
	}
}

func TestPoliciesComeFromAbove(t *testing.T) {
	c := start(t, Options{})
	c.s.PutSubscription(Subscription{ID: DefaultSubscription, ManagementGroups: []string{"near", "root"}})
	id := c.s.PutCache(Cache{})
	subscription := "/subscriptions/" + DefaultSubscription
	const assignments = "/providers/Microsoft.Authorization/policyAssignments"
	for _, scope := range []string{id, subscription + "/resourceGroups/rg", subscription,
		"/providers/Microsoft.Management/managementGroups/root",
		"/providers/Microsoft.Management/managementGroups/other", id + "-other"} {
		c.s.Put(scope+assignments+"/p", props(object{"scope": scope}))
	}
	for url, want := range map[string]int{
		id + assignments + "?$filter=atScope()":                                                      4,
		subscription + assignments + "?$filter=atScope()":                                            2,
		subscription + assignments + "?$filter=atExactScope()":                                       1,
		subscription + assignments:                                                                   5,
		subscription + assignments + "?$filter=name%20eq%20'x'":                                      0,
		"/providers/Microsoft.Management/managementGroups/root" + assignments + "?$filter=atScope()": 1,
	} {
		values, _ := c.do("GET", url, nil).body["value"].([]any)
		if len(values) != want {
			t.Errorf("%s: got %d, want %d", url, len(values), want)
		}
	}
}

func TestManagementGroupsListWhatIsBelow(t *testing.T) {
	c := start(t, Options{})
	c.s.PutSubscription(Subscription{ID: FleetSubscription(0), ManagementGroups: []string{"near", "root"}})
	c.s.PutSubscription(Subscription{ID: FleetSubscription(1), ManagementGroups: []string{"root"}})
	names := func(group string) string {
		var all []string
		got := c.do("GET", "/providers/Microsoft.Management/managementGroups/"+group+"/descendants?api-version=2020-05-01", nil)
		values, _ := got.body["value"].([]any)
		for _, one := range values {
			all = append(all, textAt(one, "type")+" "+textAt(one, "name"))
		}
		return strings.Join(all, ", ") + got.code()
	}
	for group, want := range map[string]string{
		"ROOT": "Microsoft.Management/managementGroups near, /subscriptions " + FleetSubscription(0) + ", /subscriptions " + FleetSubscription(1),
		"near": "/subscriptions " + FleetSubscription(0),
		"none": "AuthorizationFailed",
	} {
		if got := names(group); got != want {
			t.Errorf("%s: got %s", group, got)
		}
	}
}

func TestDenied(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{})
	c.s.Deny(regexp.MustCompile("(?i)/firewallRules"), "microsoft.cache/*/read")
	got := c.do("GET", id+"/firewallRules", nil)
	if got.status != 403 || got.code() != "AuthorizationFailed" ||
		!strings.Contains(got.message(), "'Microsoft.Cache/redis/firewallRules/read' over scope '"+id+"'") {
		t.Error(got.raw)
	}
	if got := c.do("GET", id, nil); got.status != 200 {
		t.Error(got.raw)
	}
	c.s.Deny(regexp.MustCompile("(?i)/listKeys$"), "")
	if got := c.do("POST", id+"/listKeys", nil); got.status != 403 ||
		!strings.Contains(got.message(), "Microsoft.Cache/redis/listKeys/action") {
		t.Error(got.raw)
	}
	c.s.DenySubscription(DefaultSubscription)
	if got := c.do("GET", "/subscriptions", nil); strings.Contains(got.raw, DefaultSubscription) {
		t.Error(got.raw)
	}
}

func TestThrottle(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c := start(t, Options{Now: func() time.Time { return now }, Throttle: &Throttle{Burst: 2, PerSecond: 1}})
	id := c.s.PutCache(Cache{})
	var statuses []int
	for range 3 {
		statuses = append(statuses, c.do("GET", id, nil).status)
	}
	if statuses[1] != 200 || statuses[2] != 429 {
		t.Error(statuses)
	}
	if got := c.do("GET", id, nil); got.header.Get("Retry-After") != "1" {
		t.Error(got.header)
	}
	now = now.Add(time.Second)
	if got := c.do("GET", id, nil); got.status != 200 {
		t.Error(got.raw)
	}
}

func TestFaults(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{})
	fault := func(f Fault) {
		c.s.ClearFaults()
		c.s.Inject(f)
	}
	fault(Fault{Method: "GET", Path: regexp.MustCompile("/cache$"), Nth: 2, Times: 2, Status: 429, Code: "TooManyRequests",
		Header: map[string]string{"Retry-After": "3"}})
	var statuses []int
	for range 4 {
		statuses = append(statuses, c.do("GET", id, nil).status)
	}
	if statuses[0] != 200 || statuses[1] != 429 || statuses[2] != 429 || statuses[3] != 200 {
		t.Error(statuses)
	}
	fault(Fault{Body: []byte("<html>proxy</html>"), Header: map[string]string{"Content-Type": "text/html"}})
	if got := c.do("GET", id, nil); got.status != 200 || got.raw != "<html>proxy</html>" || got.header.Get("Content-Type") != "text/html" {
		t.Error(got)
	}
	fault(Fault{Prefix: []byte("\xef\xbb\xbf")})
	if got := c.do("GET", id, nil); !strings.HasPrefix(got.raw, "\xef\xbb\xbf{") {
		t.Error(got.raw)
	}
	fault(Fault{Method: "DELETE", Reset: true})
	if _, err := c.try("DELETE", id, nil); err == nil {
		t.Error("the connection was not reset")
	}
	if c.s.Object(id) == nil {
		t.Error("a request that was cut before its time took effect")
	}
	fault(Fault{Method: "DELETE", Reset: true, After: true})
	if _, err := c.try("DELETE", id, nil); err == nil {
		t.Error("the connection was not reset")
	}
	c.s.Finish()
	if c.s.Object(id) != nil {
		t.Error("only the answer should have been lost")
	}
	log := c.s.Requests()
	if last := log[len(log)-1]; last.Status != -1 || last.Kind != KindDelete {
		t.Error(last)
	}
	fault(Fault{Probability: 0.5, Times: -1, Status: 503})
	failed := 0
	for range 100 {
		if c.do("GET", "/subscriptions", nil).status == 503 {
			failed++
		}
	}
	if failed < 30 || failed > 70 {
		t.Error(failed)
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := New(Options{Sleep: func(context.Context, time.Duration) error {
		cancel()
		return nil
	}})
	e := s.StartTLS(t)
	s.Inject(Fault{Hang: true, Delay: 1})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL+"/subscriptions", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := e.Client().Do(request)
	if err == nil {
		_ = answer.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestLatencySleepsOnce(t *testing.T) {
	var slept []time.Duration
	c := start(t, Options{Latency: 150 * time.Millisecond, Sleep: func(_ context.Context, d time.Duration) error {
		slept = append(slept, d)
		return nil
	}})
	c.do("GET", c.s.PutCache(Cache{}), nil)
	if len(slept) != 1 || slept[0] != 150*time.Millisecond {
		t.Error(slept)
	}
}

func TestLog(t *testing.T) {
	c := start(t, Options{})
	id := c.s.PutCache(Cache{})
	c.do("GET", id, nil)
	c.do("GET", id+"/firewallRules", nil)
	c.do("GET", "/subscriptions/"+DefaultSubscription, nil)
	c.do("POST", "/providers/Microsoft.ResourceGraph/resources", object{"query": "resources"})
	c.s.AssertReadOnly(t)
	c.do("POST", id+"/listKeys", nil)
	if changes := c.s.Changes(); len(changes) != 1 || changes[0].Kind != KindAction {
		t.Error(changes)
	}
	for _, tt := range []struct {
		kind Kind
		typ  string
		want int
	}{{KindRead, "", 2}, {KindRead, "Microsoft.Cache/redis", 1}, {KindList, "Microsoft.Cache/redis/firewallRules", 1}, {KindQuery, "", 1}} {
		if got := c.s.Count(tt.kind, tt.typ); got != tt.want {
			t.Errorf("%s %s: got %d, want %d", tt.kind, tt.typ, got, tt.want)
		}
	}
}

func TestConcurrentChildrenGetLost(t *testing.T) {
	c := start(t, Options{LoseConcurrentChildren: true})
	id := c.s.PutCache(Cache{})
	// Another writer is under way.
	c.s.mu.Lock()
	c.s.inFlight[strings.ToLower(id)] = 1
	c.s.mu.Unlock()
	if got := c.do("PUT", id+"/firewallRules/b", props(object{"startIP": "1.1.1.1", "endIP": "1.1.1.1"})); got.status != 201 {
		t.Error(got.raw)
	}
	if got := c.do("GET", id+"/firewallRules/b", nil); got.status != 404 {
		t.Error(got.raw)
	}
}
