package azurecache

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/redis/armredis/v3"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stub hands out tokens of the fake.
type stub struct{ fake *armtest.Server }

func (s stub) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, expires := s.fake.Token()
	return azcore.AccessToken{Token: token, ExpiresOn: expires}, nil
}

// door is a client of a fake that listens over TLS.
type door struct {
	fake     *armtest.Server
	client   *Client
	progress []Progress
	// forget takes a property out of what is sent, as ARM sometimes does.
	forget string
	inner  http.RoundTripper
	close  func() // before the test ends
	away   bool   // something was sent to another host
}

func open(t testing.TB, opts armtest.Options) *door {
	t.Helper()
	opts.KeepBodies, opts.RefuseUnknownProperties = true, true
	d := &door{fake: armtest.New(opts)}
	d.fake.PutResourceGroup(armtest.DefaultSubscription, "rg", "westeurope")
	endpoint := d.fake.StartTLS(t)
	d.inner, d.close = endpoint.Client().Transport, endpoint.Close
	config, err := arm.NewConfig(map[string]string{
		arm.Environment: "custom", arm.ResourceManagerEndpoint: endpoint.URL, arm.AuthorityHost: endpoint.URL,
		arm.DisableInstanceDiscovery: "true", arm.UseCLI: "false", arm.TenantID: armtest.DefaultTenant,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := arm.NewWriter(arm.Options{
		Config: config, Version: "1.2.3", Transport: d, Credential: stub{d.fake}, RetryDelay: time.Millisecond,
		Limits: arm.Limits{Concurrency: 64, SubscriptionConcurrency: 16, ReadBurst: 1e6, ReadsPerSecond: 1e6, QueryBurst: 1, QuerySeconds: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The fake's time passes by being asked, so that nobody has to sleep.
	d.client = New(w, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	return d
}

// Do is the transport.
func (d *door) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() != "localhost" {
		d.away = true
	}
	if d.forget != "" && r.Method == http.MethodPatch && r.Body != nil {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, err
		}
		if properties, ok := body["properties"].(map[string]any); ok {
			delete(properties, d.forget)
		}
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	}
	return d.inner.RoundTrip(r)
}

func (d *door) tell(p Progress) { d.progress = append(d.progress, p) }

// run brings a cache to what is wished, as a resource would: it creates what
// nothing is known of, and updates the rest.
func (d *door) run(ctx context.Context, known Observed, want Desired) (Observed, error) {
	if known.ID == "" {
		return d.client.Create(ctx, want, d.tell)
	}
	if e := want.PrivateEndpoint; e != nil && known.PrivateEndpoint != nil {
		mine := *e
		mine.Ours, want.PrivateEndpoint = known.PrivateEndpoint.ID, &mine
	}
	return d.client.Update(ctx, known, want, d.tell)
}

// everything is what the fake holds of a cache and around it, by lower-case id.
func (d *door) everything() map[string]any {
	all := map[string]any{}
	for id, body := range d.held() {
		all[strings.ToLower(id)] = body
	}
	return all
}

func (d *door) held() map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, typ := range []string{
		"microsoft.cache/redis", "microsoft.cache/redis/firewallrules", "microsoft.cache/redis/patchschedules",
		"microsoft.cache/redis/accesspolicies", "microsoft.cache/redis/accesspolicyassignments",
		"microsoft.cache/redis/privateendpointconnections", "microsoft.insights/diagnosticsettings",
		"microsoft.network/privateendpoints", "microsoft.network/privateendpoints/privatednszonegroups",
	} {
		for _, id := range d.fake.IDs(typ) {
			all[id] = d.fake.Object(id)
		}
	}
	return all
}

// checkBodies runs everything that was sent through the published model, which
// catches what is misspelt, of the wrong type or read-only, and the keys of
// redisConfiguration, which that model does not know, through a list.
func (d *door) checkBodies(t testing.TB) {
	t.Helper()
	for _, r := range d.fake.Requests() {
		if r.Kind != armtest.KindWrite {
			continue
		}
		var model any
		switch r.Type {
		case "microsoft.cache/redis":
			model = &armredis.UpdateParameters{}
			if r.Method == http.MethodPut {
				model = &armredis.CreateParameters{}
			}
			var body struct {
				Properties struct {
					Configuration map[string]string `json:"redisConfiguration"`
				} `json:"properties"`
			}
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Errorf("%s: %v", r.Body, err)
			}
			for key := range body.Properties.Configuration {
				if !allowedKeys[key] {
					t.Errorf("redisConfiguration key %s was sent", key)
				}
			}
		case "microsoft.cache/redis/firewallrules":
			model = &armredis.FirewallRule{}
		case "microsoft.cache/redis/patchschedules":
			model = &armredis.PatchSchedule{}
		case "microsoft.cache/redis/accesspolicies":
			model = &armredis.CacheAccessPolicy{}
		case "microsoft.cache/redis/accesspolicyassignments":
			model = &armredis.CacheAccessPolicyAssignment{}
		default:
			continue
		}
		if err := json.Unmarshal(r.Body, model); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.Path, err)
			continue
		}
		raw, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		var sent, again any
		if json.Unmarshal(r.Body, &sent) != nil || json.Unmarshal(raw, &again) != nil {
			t.Fatalf("%s", r.Body)
		}
		if diff := cmp.Diff(sent, again); diff != "" {
			t.Errorf("%s %s holds what the published model does not (-sent +model):\n%s", r.Method, r.Path, diff)
		}
	}
}

// allowedKeys is what facts and the published documentation name as writable,
// written down here once more.
var allowedKeys = map[string]bool{
	"aad-enabled": true, "authnotrequired": true, "maxmemory-reserved": true, "maxmemory-delta": true,
	"maxfragmentationmemory-reserved": true, "maxmemory-policy": true, "notify-keyspace-events": true, "rdb-backup-enabled": true,
	"rdb-backup-frequency": true, "rdb-backup-max-snapshot-count": true, "rdb-storage-connection-string": true, "aof-backup-enabled": true,
	"aof-storage-connection-string-0": true, "aof-storage-connection-string-1": true, "preferred-data-persistence-auth-method": true,
	"storage-subscription-id": true, "databases": true,
}

const (
	group   = "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/rg"
	cacheID = group + "/providers/Microsoft.Cache/redis/cache"
	subnet  = group + "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
	zone    = group + "/providers/Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net"
	userOne = group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
	userTwo = group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/two"
	logs    = group + "/providers/Microsoft.OperationalInsights/workspaces/logs"
	storage = group + "/providers/Microsoft.Storage/storageAccounts/storage"
)

func ptr[T any](v T) *T { return &v }

// wish is a cache of a tier with the secure settings that every tier has.
func wish(tier string, capacity int) Desired {
	return Desired{ID: cacheID, Location: "westeurope", Settings: Settings{
		SKU: &SKU{tier, capacity}, EnableNonSSLPort: ptr(false), MinimumTLSVersion: ptr("1.2"), PublicNetworkAccess: ptr("Disabled"),
		DisableAccessKeyAuthentication: ptr(true), UpdateChannel: ptr("Stable"), RedisVersion: ptr("6"), Tags: map[string]string{"env": "test"},
		Configuration: Configuration{AADEnabled: ptr(true), AuthNotRequired: ptr(false), MaxmemoryReserved: ptr(200),
			MaxmemoryDelta: ptr(200), MaxfragmentationmemoryReserved: ptr(200), MaxmemoryPolicy: ptr("allkeys-lru")},
	}}
}

// whole is a Premium cache with all that can stand around it.
func whole() Desired {
	d := wish("Premium", 1)
	d.Identity = &Identity{SystemAssigned: true, UserAssigned: []string{userOne}}
	d.ShardCount, d.ReplicasPerPrimary = ptr(2), ptr(2)
	d.ZonalAllocationPolicy = ptr("Automatic")
	d.RDBBackupEnabled, d.RDBBackupFrequency, d.RDBBackupMaxSnapshotCount = ptr(true), ptr(60), ptr(1)
	d.AOFBackupEnabled, d.PersistenceAuthMethod, d.StorageSubscriptionID = ptr(false), ptr("ManagedIdentity"), ptr(armtest.DefaultSubscription)
	d.FirewallRules = map[string]FirewallRule{"office": {"203.0.113.1", "203.0.113.9"}, "home": {"198.51.100.7", "198.51.100.7"}}
	d.PatchSchedule = []PatchWindow{{DayOfWeek: "Sunday", StartHourUTC: 2}, {DayOfWeek: "Monday", StartHourUTC: 3, MaintenanceWindow: "PT5H"}}
	d.AccessPolicies = map[string]string{"mine": "+get ~*"}
	d.AccessPolicyAssignments = map[string]AccessPolicyAssignment{
		"app": {"mine", armtest.DefaultTenant, "app"}, "ops": {"Data Owner", armtest.DefaultSubscription, "ops"},
	}
	d.DiagnosticSettings = map[string]DiagnosticSetting{"logs": {WorkspaceID: logs, CategoryGroups: []string{"allLogs"}}}
	d.PrivateEndpoint = &PrivateEndpoint{SubnetID: subnet, DNSZoneIDs: []string{zone}}
	return d
}

// changed is whole with every changeable thing changed.
func changed() Desired {
	d := whole()
	d.SKU = &SKU{"Premium", 2}
	d.Identity = &Identity{UserAssigned: []string{userTwo}}
	d.ShardCount = ptr(3)
	d.EnableNonSSLPort, d.PublicNetworkAccess, d.UpdateChannel = ptr(true), ptr("Enabled"), ptr("Preview")
	d.DisableAccessKeyAuthentication, d.AADEnabled = ptr(false), ptr(true)
	d.MaxmemoryReserved, d.MaxmemoryPolicy, d.NotifyKeyspaceEvents = ptr(300), ptr("volatile-lru"), ptr("KEA")
	d.RDBBackupEnabled, d.AOFBackupEnabled = ptr(false), ptr(true)
	d.Tags = map[string]string{"env": "prod"}
	d.FirewallRules = map[string]FirewallRule{"office": {"203.0.113.1", "203.0.113.20"}}
	d.PatchSchedule = []PatchWindow{{DayOfWeek: "Weekend", StartHourUTC: 4}}
	d.AccessPolicies = map[string]string{"other": "+set ~*"}
	d.AccessPolicyAssignments = map[string]AccessPolicyAssignment{"app": {"other", armtest.DefaultTenant, "app"}}
	d.DiagnosticSettings = map[string]DiagnosticSetting{"archive": {StorageAccountID: storage, Categories: []string{"ConnectedClientList"}}}
	d.PrivateEndpoint = &PrivateEndpoint{SubnetID: subnet + "2", DNSZoneIDs: []string{zone}}
	return d
}

// differences lists the ARM paths of everything managed that is not as wished,
// in the order of the steps; of the children only those that were read.
func differences(observed Observed, desired Desired) []string {
	paths := Unchangeable(observed, desired)
	for _, s := range plan(observed, desired) {
		for _, p := range s.Properties {
			if !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

// exists reads whether there is a cache.
func (d *door) exists(ctx context.Context) (bool, error) {
	_, err := d.client.readCache(ctx, cacheID)
	if isGone(err) {
		return false, nil
	}
	return err == nil, err
}
