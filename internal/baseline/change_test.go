package baseline_test

import (
	"reflect"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

func TestSince(t *testing.T) {
	accessLater := func(c *posture.Cache) { c.PublicNetworkAccess = later[bool]() }
	for _, c := range []struct {
		cell          string
		before, after func(*posture.Cache) // before nil: the plan creates the cache
		change        posture.Change
		want          report.Since // empty: null
	}{
		{"created and violating", nil, public, posture.ChangeCreate, report.Introduced},
		{"violating now, not before", private, public, posture.ChangeUpdate, report.Introduced},
		{"violating now, not applicable before", all(public, injected), public, posture.ChangeReplace, report.Introduced},
		{"violating before and after", public, public, posture.ChangeUpdate, report.Existing},
		{"violating before and after, untouched", public, public, posture.ChangeNoOp, report.Existing},
		{"replaced: compared with the object before", public, public, posture.ChangeReplace, report.Existing},
		{"replaced: brought by the replacement", private, public, posture.ChangeReplace, report.Introduced},
		{"mended", public, private, posture.ChangeUpdate, report.Fixed},
		{"mended by a replacement", public, private, posture.ChangeReplace, report.Fixed},
		{"undecided before", accessLater, public, posture.ChangeUpdate, ""},
		{"compliant before and after", private, private, posture.ChangeUpdate, ""},
		{"created and compliant", nil, private, posture.ChangeCreate, ""},
		{"unknown now, violating before", public, accessLater, posture.ChangeUpdate, ""},
		{"undecided before, compliant now", accessLater, private, posture.ChangeUpdate, ""},
		{"no longer applicable", public, all(public, injected), posture.ChangeReplace, ""},
	} {
		t.Run(c.cell, func(t *testing.T) {
			after := plain()
			c.after(after)
			after.Change = c.change
			var before *posture.Cache
			if c.before != nil {
				before = plain()
				c.before(before)
			}
			f := lookup(t, documents.EvaluateChange(after, before, baseline.Options{}), publicFeature)
			var got report.Since
			if f.Since != nil {
				got = *f.Since
			}
			if got != c.want {
				t.Errorf("since %q, want %q (%s)", got, c.want, f.Status)
			}
		})
	}
}

func TestSinceOfCompanions(t *testing.T) {
	// A companion that the plan destroys counts before, not after.
	before, after := plain(), plain()
	setting(allLogs, toWorkspace)(before)
	after.Change = posture.ChangeUpdate
	f := lookup(t, documents.EvaluateChange(after, before, baseline.Options{}), "LT-4/azure-resource-logs")
	if f.Status != report.NonCompliant || f.Since == nil || *f.Since != report.Introduced {
		t.Errorf("%s since %v", f.Status, f.Since)
	}
}

func TestSinceOfExempt(t *testing.T) {
	before, after := plain(), plain()
	public(before)
	public(after)
	after.Change = posture.ChangeUpdate
	opts := baseline.Options{Exemptions: []baseline.Exemption{waiver("*")}}
	f := lookup(t, documents.EvaluateChange(after, before, opts), publicFeature)
	if f.Status != report.Exempt || f.Since != nil {
		t.Errorf("%s since %v, want exempt since null", f.Status, f.Since)
	}
	// What was violated before stays so, exempt or not.
	private(after)
	f = lookup(t, documents.EvaluateChange(after, before, opts), publicFeature)
	if f.Status != report.Compliant || f.Since == nil || *f.Since != report.Fixed {
		t.Errorf("%s since %v, want compliant and fixed", f.Status, f.Since)
	}
}

func TestSinceOnlyOfChanges(t *testing.T) {
	c := plain()
	public(c)
	for _, f := range findings(documents.Evaluate(c, baseline.Options{})) {
		if f.Since != nil {
			t.Errorf("%s has since without a plan", f.ID)
		}
	}
}

// spotless is a cache that violates nothing and leaves nothing open but what
// lives outside.
func spotless(c *posture.Cache) {
	private(c)
	endpoint(posture.ApprovalApproved)(c)
	setting(allLogs, toWorkspace)(c)
}

func TestCompliant(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		cell string
		edit func(*posture.Cache)
		opts baseline.Options
		want *bool
	}{
		{"nothing violated, only not observed left", spotless, baseline.Options{}, &yes},
		{"everything decided", all(spotless, assigned(mcsb1)), baseline.Options{}, &yes},
		{"not observed is no obstacle", all(spotless, logsUnseen, func(c *posture.Cache) { c.DiagnosticSettings.Items = nil }),
			baseline.Options{}, &yes},
		{"one is violated", all(spotless, tls(known("1.0"))), baseline.Options{}, &no},
		{"a violation decides beside unknown", all(spotless, tls(known("1.0")), func(c *posture.Cache) { c.PublicNetworkAccess = later[bool]() }),
			baseline.Options{}, &no},
		{"one is not known yet", all(spotless, tls(later[string]())), baseline.Options{}, nil},
		{"one was forbidden to read", all(spotless, func(c *posture.Cache) { c.PolicyAssignments.Reason = posture.ReasonForbidden }),
			baseline.Options{}, nil},
		{"the violation is exempt", all(spotless, public), baseline.Options{Exemptions: []baseline.Exemption{waiver("*")}}, &yes},
		{"advisories never count", all(spotless, keys(known(true)), entra(known(false))), baseline.Options{}, &yes},
	} {
		t.Run(c.cell, func(t *testing.T) {
			cache := plain()
			c.edit(cache)
			got := documents.Evaluate(cache, c.opts).Compliant
			if (got == nil) != (c.want == nil) || (got != nil && *got != *c.want) {
				t.Errorf("compliant %v, want %v", show(got), show(c.want))
			}
		})
	}
}

func show(b *bool) any {
	if b == nil {
		return "null"
	}
	return *b
}

func TestDeletedCache(t *testing.T) {
	c := plain()
	public(c)
	c.Change = posture.ChangeDelete
	opts := baseline.Options{Exemptions: []baseline.Exemption{waiver("*")}}
	for _, got := range []report.Cache{documents.Evaluate(c, opts), documents.EvaluateChange(c, c, opts)} {
		if got.Features == nil || len(got.Features) != 0 || len(got.Advisories) != 0 || got.Compliant != nil || len(got.Notes) != 0 {
			t.Errorf("a cache that the plan destroys is named, not judged: %+v", got)
		}
		if deref(got.Change) != "delete" || deref(got.Address) != c.Address || deref(got.Name) != "redis-orders" ||
			got.Type != "Microsoft.Cache/redis" {
			t.Errorf("header %+v", got)
		}
	}
}

func TestHeader(t *testing.T) {
	got := documents.Evaluate(&posture.Cache{}, baseline.Options{})
	if got.Address != nil || got.Name != nil || got.ResourceID != nil || got.Change != nil || got.Type != service.Redis.Type ||
		got.DisplayName == "" {
		t.Errorf("a cache of which nothing is known: %+v", got)
	}
	if len(got.Features) != 25 || len(got.Advisories) != 18 {
		t.Errorf("%d features, %d advisories", len(got.Features), len(got.Advisories))
	}
	c := plain()
	c.Name, c.ResourceID = c.Name.Sensitive(), known(cacheID).Sensitive()
	got = documents.Evaluate(c, baseline.Options{})
	if got.Name != nil || got.ResourceID != nil || got.DisplayName != c.Address {
		t.Errorf("sensitive names are shown: %+v", got)
	}
}

func TestSummaryCounts(t *testing.T) {
	c := plain()
	public(c)
	judged := documents.Evaluate(c, baseline.Options{})
	var s report.Summary
	s.Add(judged)
	// Premium, public, nothing around it: NS-1 VNet, NS-2 twice and LT-4 violated; the NSG does not apply; AM-2 not observed.
	want := report.Summary{Caches: 1, Compliant: 3, NonCompliant: 4, Unknown: 1, NotObserved: 1, NotApplicable: 1, NotSupported: 16}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, want %+v", s, want)
	}
}

// Evidence shows what stands at its path, also where the posture turns it round.
func TestEvidenceInTheWordsOfTheSource(t *testing.T) {
	c := plain()
	c.AuthenticationRequired = posture.Known(false,
		"properties.redisConfiguration.authnotrequired").WithWords(posture.QuotedOppositeWords)
	c.PublicNetworkAccess = posture.Known(true, "properties.publicNetworkAccess").WithWords(posture.EnabledWords)
	c.AccessKeyAuthentication = posture.Unset[bool]("properties.disableAccessKeyAuthentication").WithWords(posture.OppositeWords)
	judged := documents.Evaluate(c, baseline.Options{})
	for id, want := range map[string]string{
		"IM-1/local-authentication-methods":  `properties.redisConfiguration.authnotrequired="true" known`,
		"NS-2/disable-public-network-access": `properties.publicNetworkAccess="Enabled" known`,
		"advisory/access-keys-disabled":      `properties.disableAccessKeyAuthentication=false default`,
	} {
		found := false
		for _, f := range append(judged.Features, judged.Advisories...) {
			for _, e := range f.Evidence {
				found = found || f.ID == id && e.Path+"="+string(e.Value)+" "+string(e.State) == want
			}
		}
		if !found {
			t.Errorf("%s: no evidence %s", id, want)
		}
	}
}
