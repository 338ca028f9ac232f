package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// The catalogue of the samples has the ids and severities of the baseline, and text
// of its own, so that golden files do not follow every change of wording.
func sampleCatalogue() []Entry {
	type row struct {
		id, control, title string
		severity           Severity
		policy             string
	}
	rows := []row{
		{"NS-1/virtual-network-integration", "NS-1", "Virtual Network Integration", Low, ""},
		{"NS-1/network-security-group-support", "NS-1", "Network Security Group Support", Medium, ""},
		{"NS-2/azure-private-link", "NS-2", "Azure Private Link", Medium, "7803067c-7d34-46e3-8c79-0ca68fc4036d"},
		{"NS-2/disable-public-network-access", "NS-2", "Disable Public Network Access", High, "470baccb-7e51-4549-8b1a-3e5be069f663"},
		{"IM-1/azure-ad-authentication", "IM-1", "Azure AD Authentication Required for Data Plane Access", None, ""},
		{"IM-1/local-authentication-methods", "IM-1", "Local Authentication Methods for Data Plane Access", High, ""},
		{"IM-3/managed-identities", "IM-3", "Managed Identities", None, ""},
		{"IM-3/service-principals", "IM-3", "Service Principals", None, ""},
		{"IM-7/conditional-access", "IM-7", "Conditional Access for Data Plane", None, ""},
		{"IM-8/key-vault-credentials", "IM-8", "Service Credential and Secrets Support Integration and Storage in Azure Key Vault", None, ""},
		{"PA-1/local-admin-accounts", "PA-1", "Local Admin Accounts", None, ""},
		{"PA-7/azure-rbac", "PA-7", "Azure RBAC for Data Plane", None, ""},
		{"PA-8/customer-lockbox", "PA-8", "Customer Lockbox", None, ""},
		{"DP-1/sensitive-data-discovery", "DP-1", "Sensitive Data Discovery and Classification", None, ""},
		{"DP-2/data-leakage-prevention", "DP-2", "Data Leakage/Loss Prevention", None, ""},
		{"DP-3/data-in-transit-encryption", "DP-3", "Data in Transit Encryption", High, "22bee202-a82f-4305-9a2a-6d7f44d4dedb"},
		{"DP-4/platform-key-encryption", "DP-4", "Data at Rest Encryption Using Platform Keys", Low, ""},
		{"DP-5/customer-managed-key-encryption", "DP-5", "Data at Rest Encryption Using CMK", None, ""},
		{"DP-6/key-vault-key-management", "DP-6", "Key Management in Azure Key Vault", None, ""},
		{"DP-7/key-vault-certificate-management", "DP-7", "Certificate Management in Azure Key Vault", None, ""},
		{"AM-2/azure-policy-support", "AM-2", "Azure Policy Support", Low, ""},
		{"LT-1/microsoft-defender", "LT-1", "Microsoft Defender for Service / Product Offering", None, ""},
		{"LT-4/azure-resource-logs", "LT-4", "Azure Resource Logs", Medium, "187242f4-89c6-4c43-9a4e-188c0efacc5f"},
		{"BR-1/azure-backup", "BR-1", "Azure Backup", None, ""},
		{"BR-1/service-native-backup", "BR-1", "Service Native Backup Capability", None, ""},
		{"advisory/access-keys-disabled", "", "Access keys disabled", Warning, ""},
		{"advisory/tier", "", "A tier with a service level agreement", Info, ""},
	}
	var out []Entry
	for _, r := range rows {
		e := Entry{
			Baseline: "azure-cache-for-redis", ID: r.id, Control: r.control, Title: r.title, Responsibility: "Customer", Severity: r.severity,
			Remediation: []Remedy{{Dialects: []string{"azurerm"}, Text: "set the_argument = <the right value> | of " + r.title}},
			PolicyIDs:   []string{}, Help: "https://example.com/baseline#" + r.id,
		}
		if r.severity == None {
			e.Remediation = nil
		}
		if r.control != "" {
			e.Controls = Controls{V1: r.control, V2: r.control}
		}
		if r.id == "LT-4/azure-resource-logs" {
			e.Controls.V2 = "LT-3"
		}
		if r.policy != "" {
			e.PolicyIDs = []string{r.policy}
		}
		out = append(out, e)
	}
	return out
}

func sampleHeader(inputs ...string) Report {
	return Report{
		FormatVersion: FormatVersion,
		Tool:          Tool{Name: "redisbaseline", Version: "1.2.3"},
		GeneratedAt:   time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC),
		Closing: Closing{Catalogue: sampleCatalogue(), Baselines: []Baseline{{
			ID: "azure-cache-for-redis", Title: "Azure security baseline for Azure Cache for Redis", Published: "2025-02-25",
			Benchmark: "MCSB v1.0", Service: "Microsoft.Cache/redis", ServiceName: "Azure Cache for Redis", URL: "https://example.com/baseline",
		}}},
		Source: Source{Kind: SourcePlan, Inputs: inputs},
		Caches: []Cache{},
	}
}

// sampleCache is a cache whose features are all compliant or not supported.
func sampleCache(address, name, change string) Cache {
	c := Cache{Type: "Microsoft.Cache/redis", Baseline: "azure-cache-for-redis", DisplayName: name, Features: []Finding{},
		Advisories: []Finding{}}
	if address != "" {
		c.Address = &address
	}
	if name != "" {
		c.Name = &name
	}
	if change != "" {
		c.Change = &change
	}
	if change == "delete" {
		return c
	}
	for _, e := range sampleCatalogue() {
		f := Finding{ID: e.ID, Status: Compliant, Message: "evidence shows it", Evidence: []Evidence{}}
		switch {
		case e.Control == "":
			c.Advisories = append(c.Advisories, f)
			continue
		case e.Severity == None:
			f.Status, f.Message = NotSupported, "the service does not support it"
		}
		c.Features = append(c.Features, f)
	}
	return c
}

// with returns c with the finding of a rule changed, decided anew.
func (c Cache) with(id string, change func(*Finding)) Cache {
	for _, findings := range []*[]Finding{&c.Features, &c.Advisories} {
		*findings = append([]Finding{}, *findings...)
		for i := range *findings {
			if (*findings)[i].ID == id {
				f := &(*findings)[i]
				if change(f); f.Status == NonCompliant && f.Remediation == "" {
					f.Remediation = remedyOf(id)
				}
			}
		}
	}
	c.Compliant = Decide(c.Features)
	return c
}

// remedyOf is what the samples say to write against a rule.
func remedyOf(id string) string {
	for _, e := range sampleCatalogue() {
		if e.ID == id && len(e.Remediation) > 0 {
			return e.Remediation[0].Text
		}
	}
	return ""
}

func violated(since Since, message string, evidence ...Evidence) func(*Finding) {
	return func(f *Finding) {
		f.Status, f.Message, f.Headline = NonCompliant, message, "violates it"
		f.Evidence = append([]Evidence{}, evidence...)
		if since != "" {
			f.Since = &since
		}
	}
}

func unknown(reason, message string) func(*Finding) {
	return func(f *Finding) { f.Status, f.Message, f.Reason = Unknown, message, &reason }
}

// undocumentedVersion leaves a finding open by a value that is not documented.
func undocumentedVersion(f *Finding) {
	unknown("known_after_apply", "the minimum TLS version is not known: its value is not a documented one")(f)
	f.Evidence = []Evidence{{Path: "minimum_tls_version", State: EvidenceUnknown, Undocumented: true}}
}

func known(path, value string) Evidence {
	return Evidence{Path: path, Value: json.RawMessage(value), State: EvidenceKnown}
}

// fiveCaches has one cache of each kind.
func fiveCaches() Report {
	r := sampleHeader("plan.json")
	exempt := func(f *Finding) {
		f.Status = Exempt
		f.Exemption = &Exemption{Category: "Waiver", ExpiresOn: "2027-01-01", ApprovedBy: "jane", Description: "legacy client",
			Position: &Position{"exemptions.yaml", 3}, Was: Unknown}
		f.Message = "exempt (" + f.Exemption.Terms() + "): legacy client; without the exemption: minimum TLS 1.0"
	}
	r.Caches = []Cache{
		sampleCache("azurerm_redis_cache.old", "redis-old", "delete"),
		sampleCache("azurerm_redis_cache.session", "redis-session", "update").
			with("NS-1/virtual-network-integration", func(f *Finding) {
				f.Status, f.Message = NotApplicable,
					"the Standard tier cannot be injected"
			}).
			with("NS-2/azure-private-link",
				unknown("unresolved_reference", "azurerm_private_endpoint.pe may target it: --config settles local.ids")).
			with("AM-2/azure-policy-support", unknown("not_observed", "no assignment is in this plan")),
		sampleCache(`module.a.azurerm_redis_cache.this["eu"]`, "redis-eu", "create").
			with("NS-2/disable-public-network-access", violated(Introduced, "public network access is enabled",
				known("public_network_access_enabled", "true"))).
			with("DP-3/data-in-transit-encryption", violated(Introduced, "the non-TLS port is on and TLS 1.0 is accepted",
				known("non_ssl_port_enabled", "true"), Evidence{Path: "minimum_tls_version", Value: json.RawMessage(`"1.0"`), State: EvidenceDefault},
				Evidence{Path: "redis_configuration.secret", State: EvidenceSensitive})).
			with("LT-4/azure-resource-logs", violated("", "no diagnostic setting sends logs")).
			with("AM-2/azure-policy-support", unknown("not_observed", "no assignment is in this plan")).
			with("advisory/access-keys-disabled", violated(Introduced, "access keys are accepted",
				known("access_keys_authentication_enabled", "true"))).
			with("advisory/tier", violated("", "the Basic tier has no SLA")),
		sampleCache(`module.a.azurerm_redis_cache.this["us"]`, "redis-us", "replace").
			with("DP-3/data-in-transit-encryption", exempt).
			with("NS-2/disable-public-network-access", func(f *Finding) { since := Fixed; f.Since = &since }),
		sampleCache("azurerm_redis_cache.orders", "redis-orders", "no-op").
			with("NS-2/disable-public-network-access", violated(Existing, "public network access is enabled",
				known("public_network_access_enabled", "true"))),
	}
	r.Caches[3].Notes = []string{"the plan replaces this cache: it is judged as the new one"}
	return r.summed("the plan is partial (-target): what is not in it counts as not observed")
}

func (r Report) summed(notes ...string) Report {
	r.Summary = Summary{}
	for _, c := range r.Caches {
		r.Summary.Add(c)
	}
	r.Notes = notes
	return r
}

// manyCaches has n caches of which every third violates something.
func manyCaches(n int) Report {
	r := sampleHeader("plan.json")
	for i := range n {
		c := sampleCache(fmt.Sprintf(`module.region["r%02d"].azurerm_redis_cache.this[%d]`, i%7, i), fmt.Sprintf("redis-%03d", i), "update").
			with("AM-2/azure-policy-support", unknown("not_observed", "no assignment is in this plan"))
		if i%3 == 0 {
			c = c.with("NS-2/disable-public-network-access",
				violated(Existing, "public network access is enabled", known("public_network_access_enabled", "true"))).
				with("advisory/access-keys-disabled", violated(Existing, "access keys are accepted"))
		}
		if i%9 == 0 {
			c = c.with("DP-3/data-in-transit-encryption", violated(Introduced, "the non-TLS port is on", known("non_ssl_port_enabled", "true")))
		}
		if i%10 == 1 {
			c = c.with("LT-4/azure-resource-logs", unknown("known_after_apply", "the destination is known after apply"))
		}
		r.Caches = append(r.Caches, c)
	}
	return r.summed()
}

// hostile is what a name might hold to break out of a format.
const hostile = "<script>alert(1)</script>|`x`\n::error::pwned\r\n\x1b[31mred\x1b[0m \"q\" 'a' @team #77 [a](javascript:b) \u202eevil " +
	"%0A &amp; ]]> -- \xff ##[error]x"

func hostileReport() Report {
	r := sampleHeader("pl|an<b>.json")
	address := `azurerm_redis_cache.a["` + hostile + `"]`
	r.Caches = []Cache{
		sampleCache(address, hostile, "create").
			with("NS-2/disable-public-network-access", violated(Introduced, "open to "+hostile, known("name", `"\u001b[31m<script>|"`))).
			with("LT-4/azure-resource-logs", unknown("known_after_apply", "hidden by "+hostile)).
			with("AM-2/azure-policy-support", unknown("not_observed", "not seen: "+hostile)).
			with("DP-3/data-in-transit-encryption", func(f *Finding) { f.Status, f.Message = Exempt, "exempt: "+hostile }).
			with("advisory/access-keys-disabled", violated(Introduced, "keys of "+hostile)),
	}
	r.Caches[0].Notes = []string{"remark " + hostile}
	return r.summed("note " + hostile)
}

// encode renders a report in a format.
func encode(t testing.TB, format string, r Report, opts EncodeOptions) string {
	t.Helper()
	var out bytes.Buffer
	e, err := NewEncoder(format, &out, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := Encode(e, r); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.String()
}

// golden compares with testdata/name, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got), `go test ./internal/report -update` writes it anew:\n%s", file, diff)
	}
}
