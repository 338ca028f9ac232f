package baseline_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclparse"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// The article's tables, and the severities of all faces.
var articleFeatures = []struct {
	id             string
	supported      bool
	isDefault      bool
	responsibility baseline.Responsibility
	severity       report.Severity
	title          string
}{
	{"NS-1/virtual-network-integration", true, false, "Customer", "low", "Virtual Network Integration"},
	{"NS-1/network-security-group-support", true, false, "Customer", "medium", "Network Security Group Support"},
	{"NS-2/azure-private-link", true, false, "Customer", "medium", "Azure Private Link"},
	{"NS-2/disable-public-network-access", true, true, "Microsoft", "high", "Disable Public Network Access"},
	{"IM-1/azure-ad-authentication", false, false, "Not Applicable", "none", "Azure AD Authentication Required for Data Plane Access"},
	{"IM-1/local-authentication-methods", true, true, "Microsoft", "high", "Local Authentication Methods for Data Plane Access"},
	{"IM-3/managed-identities", false, false, "Not Applicable", "none", "Managed Identities"},
	{"IM-3/service-principals", false, false, "Not Applicable", "none", "Service Principals"},
	{"IM-7/conditional-access", false, false, "Not Applicable", "none", "Conditional Access for Data Plane"},
	{"IM-8/key-vault-credentials", false, false, "Not Applicable", "none",
		"Service Credential and Secrets Support Integration and Storage in Azure Key Vault"},
	{"PA-1/local-admin-accounts", false, false, "Not Applicable", "none", "Local Admin Accounts"},
	{"PA-7/azure-rbac", false, false, "Not Applicable", "none", "Azure RBAC for Data Plane"},
	{"PA-8/customer-lockbox", false, false, "Not Applicable", "none", "Customer Lockbox"},
	{"DP-1/sensitive-data-discovery", false, false, "Not Applicable", "none", "Sensitive Data Discovery and Classification"},
	{"DP-2/data-leakage-prevention", false, false, "Not Applicable", "none", "Data Leakage/Loss Prevention"},
	{"DP-3/data-in-transit-encryption", true, true, "Microsoft", "high", "Data in Transit Encryption"},
	{"DP-4/platform-key-encryption", true, true, "Microsoft", "low", "Data at Rest Encryption Using Platform Keys"},
	{"DP-5/customer-managed-key-encryption", false, false, "Not Applicable", "none", "Data at Rest Encryption Using CMK"},
	{"DP-6/key-vault-key-management", false, false, "Not Applicable", "none", "Key Management in Azure Key Vault"},
	{"DP-7/key-vault-certificate-management", false, false, "Not Applicable", "none", "Certificate Management in Azure Key Vault"},
	{"AM-2/azure-policy-support", true, false, "Customer", "low", "Azure Policy Support"},
	{"LT-1/microsoft-defender", false, false, "Not Applicable", "none", "Microsoft Defender for Service / Product Offering"},
	{"LT-4/azure-resource-logs", true, false, "Customer", "medium", "Azure Resource Logs"},
	{"BR-1/azure-backup", false, false, "Not Applicable", "none", "Azure Backup"},
	{"BR-1/service-native-backup", false, false, "Not Applicable", "none", "Service Native Backup Capability"},
}

// controlTitles are the benchmark's, as the article prints them; LT-4 stands
// there with the title of LT-3.
var controlTitles = map[string]string{
	"NS-1": "Establish network segmentation boundaries",
	"NS-2": "Secure cloud services with network controls",
	"IM-1": "Use centralized identity and authentication system",
	"IM-3": "Manage application identities securely and automatically",
	"IM-7": "Restrict resource access based on conditions",
	"IM-8": "Restrict the exposure of credential and secrets",
	"PA-1": "Separate and limit highly privileged/administrative users",
	"PA-7": "Follow just enough administration (least privilege) principle",
	"PA-8": "Determine access process for cloud provider support",
	"DP-1": "Discover, classify, and label sensitive data",
	"DP-2": "Monitor anomalies and threats targeting sensitive data",
	"DP-3": "Encrypt sensitive data in transit",
	"DP-4": "Enable data at rest encryption by default",
	"DP-5": "Use customer-managed key option in data at rest encryption when required",
	"DP-6": "Use a secure key management process",
	"DP-7": "Use a secure certificate management process",
	"AM-2": "Use only approved services",
	"LT-1": "Enable threat detection capabilities",
	"LT-4": "Enable logging for security investigation",
	"BR-1": "Ensure regular automated backups",
}

var advisoryLevels = []struct {
	id    string
	level report.Severity
}{
	{"advisory/entra-authentication", report.Warning},
	{"advisory/access-keys-disabled", report.Warning},
	{"advisory/least-privilege-access-policy", report.Warning},
	{"advisory/firewall-rules", report.Warning},
	{"advisory/private-dns-zone", report.Info},
	{"advisory/unreachable", report.Warning},
	{"advisory/authentication-needs-vnet", report.Warning},
	{"advisory/disk-encryption-tier", report.Info},
	{"advisory/persistence-identity", report.Warning},
	{"advisory/tier", report.Info},
	{"advisory/zone-redundancy", report.Info},
	{"advisory/maxmemory-reserved", report.Info},
	{"advisory/redis-version", report.Warning},
	{"advisory/patch-schedule", report.Info},
	{"advisory/update-channel", report.Info},
	{"advisory/keys-in-state", report.Warning},
	{"advisory/persistence", report.Info},
	{"advisory/retirement", report.Warning},
}

// requiredPolicies are the policies that the documents tie to a rule.
var requiredPolicies = map[string][]string{
	"NS-2/azure-private-link":            {"7803067c-7d34-46e3-8c79-0ca68fc4036d"},
	"NS-2/disable-public-network-access": {"470baccb-7e51-4549-8b1a-3e5be069f663"},
	"DP-3/data-in-transit-encryption":    {"22bee202-a82f-4305-9a2a-6d7f44d4dedb"},
	"LT-4/azure-resource-logs":           {"187242f4-89c6-4c43-9a4e-188c0efacc5f"},
	"advisory/access-keys-disabled":      {"3827af20-8f80-4b15-8300-6db0873ec901"},
	"advisory/private-dns-zone":          {"e016b22b-e0eb-436d-8fd7-160c4eaed6e2"},
	"advisory/zone-redundancy":           {"1bf67da8-b100-45bf-b89d-e4669fc54411"},
}

// requiredPeers are the rules of other tools that the documents give as sources.
var requiredPeers = map[string][]string{
	"advisory/entra-authentication": {"AZR-000427"},
	"advisory/access-keys-disabled": {"AZR-000496"},
	"advisory/firewall-rules":       {"AZR-000299", "AZR-000300"},
	"advisory/tier":                 {"AZR-000159", "CKV_AZURE_230"},
	"advisory/maxmemory-reserved":   {"AZR-000160"},
	"advisory/redis-version":        {"AZR-000347"},
	"advisory/patch-schedule":       {"b947809d"},
	"DP-3/data-in-transit-encryption": {"CKV_AZURE_91", "CKV_AZURE_148", "e29a75e6", "e22e5620", "AC_AZURE_0394", "AZR-000163",
		"AZR-000164"},
	"NS-2/disable-public-network-access": {"CKV_AZURE_89", "AZR-000165"},
}

// firstVersions are the first api-versions of properties.
var firstVersions = map[string]string{
	"NS-1/virtual-network-integration":   "2016-04-01",
	"NS-2/azure-private-link":            "2020-06-01",
	"NS-2/disable-public-network-access": "2020-06-01",
	"IM-1/local-authentication-methods":  "2020-12-01",
	"DP-3/data-in-transit-encryption":    "2018-03-01",
	"LT-4/azure-resource-logs":           "2021-05-01-preview",
	"advisory/entra-authentication":      "2023-05-01-preview",
	"advisory/access-keys-disabled":      "2024-03-01",
	"advisory/persistence-identity":      "2022-05-01",
	"advisory/zone-redundancy":           "2017-10-01",
	"advisory/update-channel":            "2023-08-01",
}

func TestCatalogueFeatures(t *testing.T) {
	features := azureCache.Features
	if len(features) != len(articleFeatures) || len(features) != 25 {
		t.Fatalf("%d features, want 25", len(features))
	}
	form := regexp.MustCompile(`^[A-Z]{2}-[0-9]/[a-z0-9]+(-[a-z0-9]+)*$`)
	for i, want := range articleFeatures {
		f := &features[i]
		t.Run(want.id, func(t *testing.T) {
			if f.ID != want.id || !form.MatchString(f.ID) {
				t.Fatalf("feature %d is %s", i, f.ID)
			}
			if f.Title != want.title || f.Supported != want.supported || f.Default != want.isDefault || f.Responsibility != want.responsibility ||
				f.Severity != want.severity {
				t.Errorf("%+v is not what the article says: %+v", *f, want)
			}
			if control, _, _ := strings.Cut(f.ID, "/"); f.Control != control || f.ControlTitle != controlTitles[control] {
				t.Errorf("control %s %q, want %s %q", f.Control, f.ControlTitle, control, controlTitles[control])
			}
			if f.Check == nil {
				t.Error("no check")
			}
			if needsExample := f.Supported && f.ID != "DP-4/platform-key-encryption"; needsExample &&
				(f.Good == "" || f.Bad == "" || f.Property == "") {
				t.Error("a feature that a configuration decides has a good and a bad example and a property")
			}
			documented(t, f)
		})
	}
}

func TestCatalogueAdvisories(t *testing.T) {
	advisories := azureCache.Advisories
	if len(advisories) != len(advisoryLevels) {
		t.Fatalf("%d advisories, want %d", len(advisories), len(advisoryLevels))
	}
	for i, want := range advisoryLevels {
		a := &advisories[i]
		t.Run(want.id, func(t *testing.T) {
			if a.ID != want.id || a.Severity != want.level {
				t.Fatalf("advisory %d is %s (%s)", i, a.ID, a.Severity)
			}
			if a.Title == "" || a.Check == nil {
				t.Error("an advisory has a title and a check")
			}
			if a.ID != "advisory/retirement" && (a.Good == "" || a.Bad == "") {
				t.Error("an advisory has a good and a bad example")
			}
			documented(t, a)
		})
	}
}

var (
	guid       = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	apiVersion = regexp.MustCompile(`^20[0-9]{2}-[0-9]{2}-[0-9]{2}(-preview)?$`)
)

// documented fails on a field that people or other faces would miss.
func documented(t *testing.T, d *baseline.Entry) {
	t.Helper()
	of := documents.For(d.Service().Type)
	id, sources := d.ID, of.Sources(*d)
	for name, text := range map[string]string{"summary": d.Summary, "why": d.Why} {
		if strings.TrimSpace(text) != text || text == "" {
			t.Errorf("%s %q is missing or has blanks around it", name, text)
		}
	}
	if !strings.HasSuffix(d.Summary, ".") || strings.Count(d.Summary, ". ") != 0 || !strings.HasSuffix(d.Why, ".") {
		t.Error("the summary is one sentence, and the reason ends in a period")
	}
	for _, r := range d.Remediation() {
		if strings.TrimSpace(r.Text) != r.Text || r.Text == "" || strings.HasSuffix(r.Text, ".") {
			t.Errorf("remedy %q in %v is missing, or has blanks around it, or ends in a period", r.Text, r.Dialects)
		}
	}
	if (d.Property == "") != (d.APIVersion == "") {
		t.Errorf("property %q with api-version %q", d.Property, d.APIVersion)
	}
	if d.APIVersion != "" && !apiVersion.MatchString(d.APIVersion) {
		t.Errorf("api-version %q", d.APIVersion)
	}
	if want := firstVersions[id]; of == azureCache && want != "" && d.APIVersion != want {
		t.Errorf("api-version %s, want %s", d.APIVersion, want)
	}
	if len(sources) == 0 {
		t.Error("no reference")
	}
	for _, r := range sources {
		u, err := url.Parse(r.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" || r.Title == "" {
			t.Errorf("reference %q %q", r.Title, r.URL)
		}
	}
	for name, code := range map[string]string{"good": d.Good, "bad": d.Bad} {
		if code == "" {
			continue
		}
		if _, diags := hclparse.NewParser().ParseHCL([]byte(code+"\n"), name+".tf"); diags.HasErrors() {
			t.Errorf("the %s example is no HCL: %s", name, diags)
		}
	}
	if d.Good != "" && d.Good == d.Bad {
		t.Error("good and bad are the same")
	}
	var policies, peers []string
	for _, p := range d.Policies {
		if !guid.MatchString(p.ID) || p.Title() == "" {
			t.Errorf("policy %+v", p)
		}
		if slices.Contains(policies, p.ID) {
			t.Errorf("policy %s stands twice", p.ID)
		}
		policies = append(policies, p.ID)
	}
	for _, p := range requiredPolicies[id] {
		if of == azureCache && !slices.Contains(policies, p) {
			t.Errorf("policy %s is missing", p)
		}
	}
	for _, p := range d.Peers {
		if p.Tool == "" || p.ID == "" {
			t.Errorf("peer %+v", p)
		}
		peers = append(peers, p.ID)
	}
	for _, p := range requiredPeers[id] {
		if of == azureCache && !slices.ContainsFunc(peers, func(id string) bool { return strings.Contains(id, p) }) {
			t.Errorf("peer %s is missing", p)
		}
	}
	text := strings.Join([]string{d.Summary, d.Why, d.Good, d.Bad}, "\n")
	for _, r := range d.Remediation() {
		text += "\n" + r.Text
	}
	for _, word := range []string{"../", "VERDICTS", "TODO", "FIXME"} {
		if strings.Contains(text, word) {
			t.Errorf("the text names %s", word)
		}
	}
}

func TestCatalogueIdentity(t *testing.T) {
	b := azureCache
	if b.ID != "azure-cache-for-redis" || b.Published != "2025-02-25" || b.Benchmark != "MCSB v1.0" ||
		b.Service.Type != "Microsoft.Cache/redis" {
		t.Errorf("the baseline is %s, %s, %s, %s", b.ID, b.Published, b.Benchmark, b.Service.Type)
	}
	ids, pages := map[string]bool{}, map[string]bool{}
	entries := baseline.Documents{azureCache}.Catalogue()
	if len(entries) != 43 {
		t.Fatalf("%d entries, want 25 features and 18 advisories", len(entries))
	}
	anchors := regexp.MustCompile(`^https://[^#]+/docs/guides/baseline\.md#[a-z0-9-]+$`)
	for _, e := range entries {
		if ids[e.ID] || pages[e.Help] || !anchors.MatchString(e.Help) {
			t.Errorf("%s: id or page %q is not its own", e.ID, e.Help)
		}
		ids[e.ID], pages[e.Help] = true, true
		if e.Title == "" || len(e.Remediation) == 0 || e.Severity == "" || e.PolicyIDs == nil {
			t.Errorf("incomplete entry %+v", e)
		}
		if found := documents.Entry(e.ID); found == nil || found.ID != e.ID || found.IsAdvisory() != (e.Control == "") {
			t.Errorf("%s is found as %+v", e.ID, found)
		}
	}
	if b.Entry("NS-9/none") != nil || documents.Entry("advisory/none") != nil {
		t.Error("an unknown id is found")
	}
}

// TestReportForm holds the names of the report, which are binding.
func TestReportForm(t *testing.T) {
	b := documents
	r := report.Report{
		FormatVersion: report.FormatVersion, Source: report.Source{Kind: report.SourcePlan, Inputs: []string{"plan.json"}},
		Caches:  []report.Cache{b.EvaluateChange(plain(), nil, baseline.Options{})},
		Closing: report.Closing{Baselines: b.Baselines(), Catalogue: b.Catalogue()},
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	keys := func(m any) string {
		var names []string
		for k := range m.(map[string]any) {
			names = append(names, k)
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	first := func(v any) any { return v.([]any)[0] }
	cache := first(got["caches"]).(map[string]any)
	for _, c := range []struct{ what, got, want string }{
		{"report", keys(got), "baselines caches catalogue format_version source summary tool"},
		{"baseline", keys(first(got["baselines"])), "benchmark id published service service_name title url"},
		{"source", keys(got["source"]), "inputs kind"},
		{"entry", keys(first(got["catalogue"])), "baseline control controls help id policy_ids remediation responsibility severity title"},
		{"cache", keys(cache), "address advisories baseline change compliant features name resource_id type"},
		{"finding", keys(first(cache["features"])), "evidence id message reason since status"},
		{"evidence", keys(first(first(cache["features"]).(map[string]any)["evidence"])), "path state value"},
		{"summary", keys(got["summary"]), "caches compliant exempt non_compliant not_applicable not_observed not_supported unjudged unknown"},
	} {
		if c.got != c.want {
			t.Errorf("%s has %s, want %s", c.what, c.got, c.want)
		}
	}
	if len(cache["features"].([]any)) != 25 || got["format_version"] != "1.0" {
		t.Error("a cache has all 25 features, in format 1.0")
	}
}

// The unique ids of rules differ, also between documents.
func TestUniqueIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range documents.Catalogue() {
		if seen[e.UniqueID()] {
			t.Errorf("two rules are called %s", e.UniqueID())
		}
		seen[e.UniqueID()] = true
	}
	if !seen["NS-2/azure-private-link"] || !seen["azure-managed-redis/NS-2/azure-private-link"] {
		t.Error("the ids of the first document have no prefix, those of others have one")
	}
}
