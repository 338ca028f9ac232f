package azurecache

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

func TestCreateNeverAdopts(t *testing.T) {
	d := open(t, armtest.Options{OddCasing: true})
	d.fake.PutCache(armtest.Cache{SKU: "Premium P1"})
	before := d.everything()
	o, err := d.client.Create(t.Context(), whole(), d.tell)
	var exists *AlreadyExistsError
	if !errors.As(err, &exists) || !strings.EqualFold(exists.ID, cacheID) || o.ID != "" {
		t.Error(o.ID, err)
	}
	if len(d.fake.Changes()) != 0 || len(d.progress) != 0 {
		t.Error(d.fake.Changes(), d.progress)
	}
	if diff := cmp.Diff(before, d.everything()); diff != "" {
		t.Error(diff)
	}
}

func TestNameTakenElsewhereIsNoReasonToWait(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.PutCache(armtest.Cache{ResourceGroup: "other"})
	o, err := d.client.Create(t.Context(), whole(), d.tell)
	var refused *arm.Error
	if !errors.As(err, &refused) || refused.Code != "NameNotAvailable" || o.ID != "" || len(d.fake.Changes()) != 1 {
		t.Error(o.ID, err, len(d.fake.Changes()))
	}
}

func TestRetired(t *testing.T) {
	d := open(t, armtest.Options{Retired: true})
	o, err := d.client.Create(t.Context(), whole(), d.tell)
	var retired *RetiredError
	if !errors.As(err, &retired) || retired.Message != armtest.RetirementMessage || o.ID != "" || len(d.progress) != 0 {
		t.Error(o.ID, err)
	}
	if n := len(d.fake.Changes()); n != 1 {
		t.Error("it was sent", n, "times")
	}
}

// ARM says yes and does not do it.
func TestAcceptedButNotApplied(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	want := whole()
	want.UpdateChannel, want.Tags = ptr("Preview"), map[string]string{"later": "yes"}
	d.forget = "updateChannel"
	o, err = d.run(t.Context(), o, want)
	var not *NotAppliedError
	if !errors.As(err, &not) || err.Error() != "ARM accepted but did not apply properties.updateChannel (update channel)" {
		t.Fatal(err)
	}
	if *o.UpdateChannel != "Stable" || o.Tags["env"] != "test" {
		t.Error("the result must be what ARM has, not what was wished")
	}
	d.forget = ""
	if o, err = d.run(t.Context(), o, want); err != nil || *o.UpdateChannel != "Preview" {
		t.Error(err)
	}
}

// A busy cache is looked at until it rests, and the change is sent again.
func TestBusyIsWaitedForAndSentAgain(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	busy := armtest.Fault{Status: 409, Code: "Conflict", Message: "is busy processing a previous update request", Times: 3}
	for _, path := range []string{"/cache$", "/firewallRules/", "/accessPolicies/", "/accessPolicyAssignments/", "/patchSchedules/",
		"/diagnosticSettings/", "/privateEndpoints/"} {
		for _, method := range []string{http.MethodPatch, http.MethodPut, http.MethodDelete} {
			f := busy
			f.Method, f.Path = method, regexp.MustCompile(path)
			d.fake.Inject(f)
		}
	}
	if o, err = d.run(t.Context(), o, changed()); err != nil {
		t.Fatal(err)
	}
	if left := Steps(o, changed()); len(left) > 0 {
		t.Error(left)
	}
	if err := d.client.Delete(t.Context(), cacheID, o.Children, nil); err != nil || len(d.everything()) > 0 {
		t.Error(err, d.everything())
	}
}

// The token may run out while an operation goes on: another one is asked for.
func TestTokenExpiresOnTheWay(t *testing.T) {
	d := open(t, armtest.Options{Operations: armtest.Operations{Polls: 3}})
	for _, path := range []string{"(?i)/asyncOperations/", "/cache$", "/firewallRules/"} {
		d.fake.Inject(armtest.Fault{Path: regexp.MustCompile(path), Nth: 2, Status: 401, Code: "ExpiredAuthenticationToken"})
	}
	if _, err := d.run(t.Context(), Observed{}, whole()); err != nil {
		t.Error(err)
	}
}

// An answer that sends the poller elsewhere does not get the token.
func TestTokenStaysHome(t *testing.T) {
	d := open(t, armtest.Options{})
	d.fake.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("/cache$"), After: true, Status: 201, Body: []byte("{}"),
		Header: map[string]string{"Azure-AsyncOperation": "https://elsewhere.invalid/operation"}})
	if _, err := d.run(t.Context(), Observed{}, whole()); err != nil {
		t.Error(err)
	}
	if d.away {
		t.Error("the token left for another host")
	}
}

// A deadline ends waiting for a cache that is busy for ever.
func TestBusyForEver(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	d.fake.Inject(armtest.Fault{Method: http.MethodPatch, Status: 409, Times: -1})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if o, err = d.run(ctx, o, changed()); !errors.Is(err, context.DeadlineExceeded) || o.ID == "" || o.Tags["env"] != "test" {
		t.Error(o.Tags, err)
	}
}

// An interrupt while the cache is created: the id is known, and what comes next
// finishes it.
func TestInterruptedCreation(t *testing.T) {
	for _, polls := range []int{1000} {
		d := open(t, armtest.Options{Operations: armtest.Operations{Polls: polls}})
		ctx, cancel := context.WithCancel(t.Context())
		token := ""
		o, err := d.client.Create(ctx, whole(), func(p Progress) {
			if p.Step == "create" && p.Token != "" {
				token = p.Token
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || !strings.EqualFold(o.ID, cacheID) || o.ProvisioningState != "Creating" || token == "" {
			t.Fatal(o.ID, o.ProvisioningState, token, err)
		}
		d.fake.Finish()
		if err := d.client.Resume(t.Context(), o.ID, token, Secrets{}); err != nil {
			t.Error(err)
		}
		if err := d.client.Resume(t.Context(), o.ID, "no token", Secrets{}); err != nil {
			t.Error(err)
		}
	}
}

func TestFailedOperations(t *testing.T) {
	t.Run("create", func(t *testing.T) {
		d := open(t, armtest.Options{})
		d.fake.FailOperation(regexp.MustCompile("/cache$"), "AllocationFailed", "no capacity in the region")
		o, err := d.run(t.Context(), Observed{}, whole())
		var failed *FailedError
		if !errors.As(err, &failed) || failed.Code != "AllocationFailed" || failed.State != "Failed" || o.ID == "" ||
			o.ProvisioningState != "Failed" {
			t.Error(o.ProvisioningState, err)
		}
		if !strings.Contains(err.Error(), "no capacity in the region") {
			t.Error(err)
		}
		d.fake.FailOperation(regexp.MustCompile("/cache$"), "AllocationFailed", "still no capacity")
		if _, err = d.run(t.Context(), o, whole()); !errors.As(err, &failed) || !strings.Contains(err.Error(), "still no capacity") {
			t.Error("a cache that failed is not as wished", err)
		}
		// What was missing is made by one more try.
		if o, err = d.run(t.Context(), o, whole()); err != nil || o.ProvisioningState != "Succeeded" || len(Steps(o, whole())) > 0 {
			t.Error(o.ProvisioningState, err)
		}
		if err := d.client.Delete(t.Context(), cacheID, whole().Children, nil); err != nil || len(d.everything()) > 0 {
			t.Error(err)
		}
	})
	t.Run("update", func(t *testing.T) {
		d := open(t, armtest.Options{})
		o, err := d.run(t.Context(), Observed{}, whole())
		if err != nil {
			t.Fatal(err)
		}
		d.fake.FailOperation(regexp.MustCompile("/cache$"), "ScaleFailed", "try later")
		o, err = d.run(t.Context(), o, changed())
		var failed *FailedError
		if !errors.As(err, &failed) || failed.Message != "try later" || o.SKU.Capacity != 1 {
			t.Error(o.SKU, err)
		}
		if o, err = d.run(t.Context(), o, changed()); err != nil || len(Steps(o, changed())) > 0 {
			t.Error(err)
		}
	})
	t.Run("child", func(t *testing.T) {
		d := open(t, armtest.Options{})
		d.fake.FailOperation(regexp.MustCompile("/privateEndpoints/"), "SubnetFull", "no address left")
		o, err := d.run(t.Context(), Observed{}, whole())
		if err == nil || !strings.Contains(err.Error(), "no address left") {
			t.Error(err)
		}
		if o, err = d.run(t.Context(), o, whole()); err != nil || len(Steps(o, whole())) > 0 {
			t.Error(err)
		}
	})
	t.Run("delete", func(t *testing.T) {
		d := open(t, armtest.Options{})
		if _, err := d.run(t.Context(), Observed{}, wish("Standard", 1)); err != nil {
			t.Fatal(err)
		}
		d.fake.FailOperation(regexp.MustCompile("/cache$"), "Locked", "somebody holds it")
		var failed *FailedError
		if err := d.client.Delete(t.Context(), cacheID, Children{}, nil); !errors.As(err, &failed) || failed.Code != "Locked" {
			t.Error(err)
		}
		if err := d.client.Delete(t.Context(), cacheID, Children{}, nil); err != nil {
			t.Error(err)
		}
	})
}

// Another endpoint of the same name is nobody's to change.
func TestForeignPrivateEndpoint(t *testing.T) {
	d := open(t, armtest.Options{})
	at := PrivateEndpoint{}.path(cacheID)
	d.fake.Put(at, map[string]any{"location": "westeurope", "properties": map[string]any{"subnet": map[string]any{"id": subnet},
		"privateLinkServiceConnections": []any{map[string]any{"properties": map[string]any{"privateLinkServiceId": storage}}}}})
	before := d.fake.Object(at)
	o, err := d.run(t.Context(), Observed{}, whole())
	var foreign *ForeignEndpointError
	if !errors.As(err, &foreign) || o.ID == "" {
		t.Error(o.ID, err)
	}
	if err := d.client.Delete(t.Context(), cacheID, whole().Children, nil); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, d.fake.Object(at)); diff != "" {
		t.Error(diff)
	}
}

func TestPrivateEndpointUnderANewName(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	want := whole()
	want.PrivateEndpoint.Name = "another"
	if o, err = d.run(t.Context(), o, want); err != nil {
		t.Fatal(err)
	}
	if ids := d.fake.IDs("microsoft.network/privateendpoints"); len(ids) != 1 || !strings.HasSuffix(ids[0], "/another") {
		t.Error(ids)
	}
	all, err := d.client.Read(t.Context(), cacheID, AllChildren())
	if err != nil || all.PrivateEndpoint == nil || all.PrivateEndpoint.Name != "another" || len(all.FirewallRules) != 2 {
		t.Error(all.PrivateEndpoint, err)
	}
	if all.PrivateEndpoint.Status != "Approved" || o.PrivateEndpoint.ID == "" {
		t.Error(all.PrivateEndpoint)
	}
}

func TestWritesToOneCacheWaitForEachOther(t *testing.T) {
	d := open(t, armtest.Options{LoseConcurrentChildren: true})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			want := Desired{ID: cacheID, Location: "westeurope", Settings: Settings{SKU: &SKU{"Premium", 1}}}
			if i%2 == 0 {
				want.ID = strings.ToUpper(cacheID)
			}
			want.FirewallRules = map[string]FirewallRule{fmt.Sprint("rule", i): {"1.1.1.1", "1.1.1.1"}}
			if _, err := d.client.Update(t.Context(), o, want, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if rules := d.fake.IDs("microsoft.cache/redis/firewallrules"); len(rules) != 1 {
		t.Error(rules)
	}
}

// Somebody else writes at the same time, and ARM loses ours: it is sent again.
func TestLostRulesAreSentAgain(t *testing.T) {
	d := open(t, armtest.Options{})
	o, err := d.run(t.Context(), Observed{}, whole())
	if err != nil {
		t.Fatal(err)
	}
	d.fake.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("/firewallRules/"), Status: 201, Body: []byte("{}"),
		Times: 2})
	if _, err = d.run(t.Context(), o, changed()); err != nil {
		t.Error(err)
	}
	d.fake.Inject(armtest.Fault{Method: http.MethodPut, Path: regexp.MustCompile("/firewallRules/"), Status: 201, Body: []byte("{}"),
		Times: -1})
	var not *NotAppliedError
	if _, err = d.run(t.Context(), o, whole()); !errors.As(err, &not) || not.Properties[0] != "firewallRules/home" {
		t.Error(err)
	}
}

func TestRefusedForLackOfARole(t *testing.T) {
	d := open(t, armtest.Options{})
	if _, err := d.run(t.Context(), Observed{}, wish("Standard", 1)); err != nil {
		t.Fatal(err)
	}
	d.fake.Deny(regexp.MustCompile("(?i)/firewallRules/"), "microsoft.cache/redis/firewallrules/write")
	want := wish("Standard", 1)
	want.FirewallRules = map[string]FirewallRule{"a": {"1.1.1.1", "1.1.1.1"}}
	o, err := d.client.Update(t.Context(), Observed{}, want, nil)
	if !arm.IsForbidden(err) || !strings.Contains(err.Error(),
		"may not be changed: the identity lacks Microsoft.Cache/redis/firewallRules/write") || o.ID == "" {
		t.Error(err)
	}
}

// Connection strings go in and never come out; access keys never come.
func TestSecretsStayInside(t *testing.T) {
	const secret = "DefaultEndpointsProtocol=https;AccountName=storage;AccountKey=" + armtest.Canary + "0123456789abcdef=="
	d := open(t, armtest.Options{})
	want := whole()
	want.PersistenceAuthMethod = ptr("SAS")
	want.Secrets.RDBStorageConnectionString = secret
	o, err := d.run(t.Context(), Observed{}, want)
	if err != nil {
		t.Fatal(err)
	}
	if held := fmt.Sprint(d.fake.Object(cacheID)); !strings.Contains(held, secret) {
		t.Error("the connection string did not arrive")
	}
	d.fake.ClearRequests()
	if o, err = d.run(t.Context(), o, want); err != nil {
		t.Fatal(err)
	}
	if writes := d.fake.Changes(); len(writes) != 1 {
		t.Error("a new connection string is one change, not", len(writes))
	}
	d.checkBodies(t)
	texts := []string{fmt.Sprintf("%+v %#v", o, o),
		fmt.Sprintf("%v %+v %#v %s", want.Secrets, want, want, want.Secrets.RDBStorageConnectionString), fmt.Sprint(d.progress)}
	for _, message := range []string{
		"The value '" + secret + "' is not valid.", "The key " + armtest.Canary + "0123456789abcdef== is wrong",
		strings.Repeat("x", 290-40) + secret,
	} {
		d.fake.Inject(armtest.Fault{Method: http.MethodPatch, Status: 400, Code: "BadRequest", Message: message})
		_, err := d.run(t.Context(), o, want)
		if err == nil {
			t.Fatal("no error")
		}
		texts = append(texts, err.Error(), fmt.Sprintf("%+v %#v", err, err))
		d.fake.ClearFaults()
	}
	keys, err := d.client.ListKeys(t.Context(), cacheID)
	if err != nil || !strings.HasPrefix(string(keys.Primary), armtest.Canary) || keys.Secondary == "" {
		t.Error(err)
	}
	texts = append(texts, fmt.Sprintf("%v %+v %#v", keys, keys, keys))
	for _, text := range texts {
		if strings.Contains(text, "CANARY") || strings.Contains(text, "AccountKey") {
			t.Error("a secret came out in", text)
		}
	}
}

func TestPausesGrowAndObeyARM(t *testing.T) {
	p := &pause{}
	var got []time.Duration
	for range 6 {
		got = append(got, p.next())
	}
	s := time.Second
	if diff := cmp.Diff([]time.Duration{s, 2 * s, 4 * s, 8 * s, 15 * s, 15 * s}, got); diff != "" {
		t.Error(diff)
	}
	p.take(30 * s)
	if p.next() != 30*s {
		t.Error("ARM asked for 30 s")
	}
}
