package baseline_test

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// foreign are the words that no other dialect may say.
var foreign = map[posture.Dialect]*regexp.Regexp{
	posture.DialectAzurerm:    regexp.MustCompile(`azapi|\bbody\b|properties\.|^az |; az |enable_non_ssl_port|enable_authentication`),
	posture.DialectAzurerm3:   regexp.MustCompile(`azapi|\bbody\b|properties\.|^az |; az `),
	posture.DialectEnterprise: regexp.MustCompile(`azapi|\bbody\b|properties\.|^az |; az |default_database\[`),
	posture.DialectAzapi:      regexp.MustCompile(`azurerm|^az |; az |_enabled\b|redis_configuration|minimum_tls_version`),
	posture.DialectOwn:        regexp.MustCompile(`azurerm|azapi|\bbody\b|properties\.|^az |; az |\bblock\b`),
	posture.DialectAz:         regexp.MustCompile(`azurerm|azapi|_enabled\b|redis_configuration|minimum_tls_version|\bbody\b|var\.`),
}

const linkID, tlsID = "NS-2/azure-private-link", "DP-3/data-in-transit-encryption"

// unfilled is what a remedy may not show: a placeholder, of ours or of a manual.
var unfilled = regexp.MustCompile(`<[a-z ]+>|\{(id|database|port|name|group|type|cache|resource|subnet|zone|tier)\}`)

// allEntries yields the entries of every document, also those of one id.
func allEntries() iter.Seq[*baseline.Entry] {
	return func(yield func(*baseline.Entry) bool) {
		for _, d := range documents {
			for e := range (baseline.Documents{d}).Entries() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// dialectFaults fails where a text is missing, unfilled, or in the words of another dialect.
func dialectFaults(t *testing.T, d posture.Dialect, id, text string) {
	t.Helper()
	if text == "" || unfilled.MatchString(text) || foreign[d].MatchString(text) {
		t.Errorf("%s, in the words of %s: %q", id, d, text)
	}
}

// TestRemedyInEveryDialect: every rule says in every dialect what to write, in no
// other's words, and each part of it on its own.
func TestRemedyInEveryDialect(t *testing.T) {
	for e := range allEntries() {
		if len(e.Remedies) == 0 {
			t.Errorf("%s has no remedy", e.ID)
		}
		parts := map[string]bool{}
		for _, r := range e.Remedies {
			if parts[r.Part] || len(e.Remedies) > 1 && r.Part == "" {
				t.Errorf("%s: %q is no part of its own", e.ID, r.Part)
			}
			parts[r.Part] = true
			for _, d := range e.Service().Dialects {
				dialectFaults(t, d, e.ID, e.RemedyOf(r, d))
			}
		}
	}
}

// TestRemedyOfViolations: what a rule says to write names the cache as
// its source does, and what is violated.
func TestRemedyOfViolations(t *testing.T) {
	const id = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-shop/providers/Microsoft.Cache/redis/shop"
	address := map[posture.Dialect]string{
		posture.DialectAzurerm:  `module.shops["eu.west"].azurerm_redis_cache.shop`,
		posture.DialectAzurerm3: "azurerm_redis_cache.shop",
		posture.DialectAzapi:    `module.a[0].module.b.azapi_resource.shop["x"]`,
		posture.DialectOwn:      "redisbaseline_cache.shop",
	}
	seen := map[string]bool{}
	for _, d := range service.Redis.Dialects {
		for _, rows := range []map[string][]row{featureRows(), advisoryRows()} {
			for rule, list := range rows {
				for _, r := range list {
					c := plain()
					r.edit(c)
					c.Dialect, c.Address = d, address[d]
					if c.ResourceID.IsUnknown() {
						c.ResourceID, c.Name = known(id), known("shop")
					}
					f := lookup(t, documents.Evaluate(c, baseline.Options{Today: day("2026-11-28")}), rule)
					if f.Status != report.NonCompliant && f.Status != report.Unknown {
						if f.Remediation != "" {
							t.Errorf("%s is %s and says to write %q", rule, f.Status, f.Remediation)
						}
						continue
					}
					seen[rule] = seen[rule] || f.Status == report.NonCompliant
					dialectFaults(t, d, rule, f.Remediation)
				}
			}
		}
	}
	for rule := range columns {
		if slices.Contains(columns[rule], report.NonCompliant) && !seen[rule] {
			t.Errorf("%s is never violated", rule)
		}
	}

	c := plain()
	c.NonTLSPort, c.MinimumTLSVersion, c.ResourceID, c.Name = known(true), known("1.0"), known(id), known("shop")
	for d, want := range map[posture.Dialect]map[string]string{
		posture.DialectAzurerm: {
			linkID: "private_connection_resource_id = azurerm_redis_cache.shop.id,",
			tlsID:  `set non_ssl_port_enabled = false; set minimum_tls_version = "1.2"`,
		},
		posture.DialectAzurerm3: {tlsID: `set enable_non_ssl_port = false; set minimum_tls_version = "1.2"`},
		posture.DialectAzapi: {
			linkID: `privateLinkServiceId = azapi_resource.shop["x"].id,`,
			tlsID:  `set properties.enableNonSslPort = false inside body; set properties.minimumTlsVersion = "1.2" inside body`,
		},
		posture.DialectOwn: {linkID: "private_endpoint = { subnet_id = var.subnet_id }"},
		posture.DialectAz: {
			linkID: "--name shop-endpoint --resource-group rg-shop --subscription " + id[15:51] + ` --subnet "$SUBNET_ID" `,
			tlsID: "az resource patch --name shop --resource-group rg-shop --subscription " + id[15:51] +
				` --resource-type Microsoft.Cache/redis --properties '{"enableNonSslPort":false}'; az resource patch --name shop `,
		},
	} {
		c.Dialect, c.Address = d, address[d]
		c.PrivateEndpoints.Observed = true
		judged := documents.Evaluate(c, baseline.Options{})
		for rule, text := range want {
			if f := lookup(t, judged, rule); !strings.Contains(f.Remediation, text) {
				t.Errorf("%s, in the words of %s: %q has no %q", rule, d, f.Remediation, text)
			}
		}
	}
	c.NonTLSPort, c.Dialect = posture.Known(true, "non_ssl_port_enabled"), posture.DialectAzurerm3
	f, want := lookup(t, documents.Evaluate(c, baseline.Options{}), tlsID), "set non_ssl_port_enabled = false;"
	if !strings.Contains(f.Remediation, want) {
		t.Errorf("with the new name in azurerm 3: %q has no %q", f.Remediation, want)
	}
	c.MinimumTLSVersion, c.Dialect = known("1.2"), posture.DialectAzurerm
	if f := lookup(t, documents.Evaluate(c, baseline.Options{}), tlsID); f.Remediation != "set non_ssl_port_enabled = false" {
		t.Errorf("only the port is violated: %q", f.Remediation)
	}
}

// TestCommandNamesTheSecurityRule: what the verdict shows of a security group stands in the
// command, and what it does not is a variable.
func TestCommandNamesTheSecurityRule(t *testing.T) {
	const network = "/subscriptions/1/resourceGroups/rg-net/providers/Microsoft.Network/"
	c := plain()
	c.Dialect, c.SubnetID = posture.DialectAz, known(network+"virtualNetworks/v/subnets/redis")
	open := func(name string) posture.SecurityRule {
		r := allow(100, "Internet", "6380")
		r.Name = name
		return r
	}
	for want, nsg := range map[string]posture.SecurityGroup{
		"--resource-group rg-net --subscription 1 --nsg-name nsg-redis --name any-client": {Address: network + "networkSecurityGroups/nsg-redis",
			Rules: posture.Set[posture.SecurityRule]{Observed: true, Items: []posture.SecurityRule{open("any-client")}}},
		`--resource-group "$NETWORK_GROUP" --subscription "$SUBSCRIPTION" --nsg-name "$NETWORK_SECURITY_GROUP" --name "$RULE"`: {
			Rules: posture.Set[posture.SecurityRule]{Observed: true, Items: []posture.SecurityRule{open("")}}},
	} {
		c.Subnet.SecurityGroup = known(nsg)
		f := lookup(t, documents.Evaluate(c, baseline.Options{}), "NS-1/network-security-group-support")
		if want = "az network nsg rule update " + want + ` --source-address-prefixes "$CLIENT_ADDRESSES"`; f.Remediation != want {
			t.Errorf("got  %s\nwant %s", f.Remediation, want)
		}
	}
}

// TestCommandsAreSafe: names from Azure are single arguments of a command.
func TestCommandsAreSafe(t *testing.T) {
	const groupFeature = "NS-1/network-security-group-support"
	c := plain()
	c.Dialect, c.PublicNetworkAccess = posture.DialectAz, known(true)
	for _, test := range []struct{ name, group, subnet, feature, want string }{
		{"shop", "rg", "-n;et", groupFeature, "subnet update --name='-n;et' --vnet-name=-v --resource-group=-g --subscription 1 "},
		{"shop", "rg(shop) $(x)'y", "net", publicFeature, `--name shop --resource-group 'rg(shop) $(x)'\''y' --subscription 1 `},
		{"shop", "-rg", "net", publicFeature, "--name shop --resource-group=-rg --subscription 1 "},
		{"-o none", "-h`x`", "net", publicFeature, "--name='-o none' --resource-group='-h`x`' --subscription 1 "},
		{"-x", "rg", "net", linkID, "--name=-x-endpoint --resource-group rg "},
	} {
		c.Name, c.SubnetID = known(test.name), posture.Unset[string]("subnet_id")
		if test.feature == groupFeature {
			c.SubnetID = known("/subscriptions/1/resourceGroups/-g/providers/Microsoft.Network/virtualNetworks/-v/subnets/" + test.subnet)
			c.Subnet.SecurityGroup = posture.Unset[posture.SecurityGroup]("group")
		}
		c.ResourceID = known("/subscriptions/1/resourceGroups/" + test.group + "/providers/Microsoft.Cache/redis/" + test.name)
		if f := lookup(t, documents.Evaluate(c, baseline.Options{}), test.feature); !strings.Contains(f.Remediation, test.want) {
			t.Errorf("%q in %q: %s", test.name, test.group, f.Remediation)
		}
	}
	c.ResourceID, c.Name = c.ResourceID.Sensitive(), known("shop").Sensitive()
	f := lookup(t, documents.Evaluate(c, baseline.Options{}), publicFeature)
	if !strings.Contains(f.Remediation, `--name "$NAME" --resource-group "$GROUP" --resource-type `) {
		t.Errorf("a sensitive id: %s", f.Remediation)
	}
}

// TestCommandsKeepPublicAccessOff: no command is one that also sends that public
// access is enabled, and that would open a cache while it mends something else.
func TestCommandsKeepPublicAccessOff(t *testing.T) {
	opens := regexp.MustCompile(`az redis (update|identity)`)
	for e := range allEntries() {
		if text := e.Remedy(posture.DialectAz); opens.MatchString(text) {
			t.Errorf("%s: %s", e.ID, text)
		}
	}
}

// TestZoneOfTheCloud: what to write names the private DNS zone of the cloud in which
// the cache is, in every dialect.
func TestZoneOfTheCloud(t *testing.T) {
	for location, zone := range map[string]string{
		"westeurope": "privatelink.redis.cache.windows.net", "usgovvirginia": "privatelink.redis.cache.usgovcloudapi.net",
		"chinaeast2": "privatelink.redis.cache.chinacloudapi.cn",
	} {
		for _, d := range service.Redis.Dialects {
			c := plain()
			c.Dialect, c.Location = d, known(location)
			c.PrivateEndpoints = posture.Set[posture.PrivateEndpoint]{Observed: true, Items: []posture.PrivateEndpoint{{
				Address: "endpoint", Approval: known(posture.ApprovalApproved), DNSZones: posture.Unset[[]posture.DNSZone]("private_dns_zone_group"),
			}}}
			f := lookup(t, documents.Evaluate(c, baseline.Options{}), "advisory/private-dns-zone")
			if f.Status != report.NonCompliant || !strings.Contains(f.Remediation, zone) {
				t.Errorf("%s in %s is %s: %s", d, location, f.Status, f.Remediation)
			}
		}
	}
}

// TestControls: an entry of a feature has its control in both versions of the
// benchmark. The article's LT-4 bears the title of LT-3, which is its control in
// version 2. No source tells the title of PA-7 there.
func TestControls(t *testing.T) {
	for _, e := range azureCache.Features {
		want := e.Control
		if want == "LT-4" {
			want = "LT-3"
		}
		if e.Controls != (baseline.Controls{V1: e.Control, V2: want}) {
			t.Errorf("%s: %+v", e.ID, e.Controls)
		}
		if title := baseline.TitleV2(e.Controls.V2); (title == "") != (want == "PA-7") {
			t.Errorf("%s: the title in version 2 is %q", e.ID, title)
		}
	}
	for id, want := range map[string]string{
		"IM-1": "Centralize identity and authentication while ensuring isolation", "LT-3": "Enable logging for security investigation",
		"IM-8": "Restrict the exposure of credentials and secrets", "NS-2": "Secure cloud native services with network controls",
	} {
		if got := baseline.TitleV2(id); got != want {
			t.Errorf("%s is %q", id, got)
		}
	}
	for _, a := range azureCache.Advisories {
		if a.Controls != (baseline.Controls{}) || a.Control != "" {
			t.Errorf("%s has a control", a.ID)
		}
	}
}

// TestEntries: every entry has a rule, every rule stands once in a document.
func TestEntries(t *testing.T) {
	for _, d := range documents {
		seen := map[string]bool{}
		for _, e := range slices.Concat(d.Features, d.Advisories) {
			switch {
			case e.Rule == nil || e.Check == nil:
				t.Fatalf("%s: %q has no rule", d.ID, e.Title)
			case seen[e.ID]:
				t.Errorf("%s: %s stands twice", d.ID, e.ID)
			case e.Summary == "" || e.Why == "":
				t.Errorf("%s: %s has no documentation", d.ID, e.ID)
			}
			seen[e.ID] = true
		}
		if documents.For(d.Service.Type) != d {
			t.Errorf("%s is not the only document for %s", d.ID, d.Service.Type)
		}
	}
}
