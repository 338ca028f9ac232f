package tfplan_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestLinks is the link benchmark: each folder of testdata/links holds a small
// configuration, the plan that the real Terraform made of it, and in want.txt
// the true links, written by hand. For every pair of a cache and a companion,
// an answer is right, unknown, or wrong.
func TestLinks(t *testing.T) {
	folders, err := filepath.Glob("testdata/links/*")
	if err != nil || len(folders) < 65 {
		t.Fatalf("found %d cases, %v", len(folders), err)
	}
	var alone, source, saved score
	for _, dir := range folders {
		name := filepath.Base(dir)
		want, companions := readWant(t, dir), companionsOf(t, dir)
		for _, way := range []struct {
			name  string
			score *score
			load  func() (*tfconfig.Configuration, error)
		}{
			{"JSON alone", &alone, func() (*tfconfig.Configuration, error) { return nil, nil }},
			{"with configuration", &source, func() (*tfconfig.Configuration, error) { return tfconfig.LoadDir(dir) }},
			{"with the saved plan", &saved, func() (*tfconfig.Configuration, error) {
				return tfconfig.LoadPlanFile(filepath.Join(dir, "plan.tfplan"))
			}},
		} {
			config, err := way.load()
			if err != nil {
				t.Fatalf("%s, %s: %v", name, way.name, err)
			}
			f, err := os.Open(filepath.Join(dir, "plan.json"))
			if err != nil {
				t.Fatal(err)
			}
			p, err := tfplan.Read(t.Context(), f, tfplan.Options{Configuration: config})
			_ = f.Close()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			way.score.judge(t, name+", "+way.name, p, want, companions)
		}
	}
	t.Logf("%d configurations", len(folders))
	for _, s := range []struct {
		name string
		score
		least float64
	}{{"JSON alone", alone, 0}, {"with configuration", source, 0.95}, {"with the saved plan", saved, 0.95}} {
		total := s.right + s.unknown + s.wrong
		t.Logf("%-20s right %d (%.1f %%), unknown %d, wrong %d; of %d true links found %d", s.name, s.right, 100*float64(s.right)/float64(total), s.unknown, s.wrong, s.links, s.found)
		if s.wrong != 0 {
			t.Errorf("%s: %d wrong; a link is never invented", s.name, s.wrong)
		}
		if float64(s.right) < s.least*float64(total) {
			t.Errorf("%s: fewer than %.0f %% are right", s.name, 100*s.least)
		}
	}
}

// score counts answers.
type score struct{ right, unknown, wrong, links, found int }

// truth is what want.txt says of one cache; what it does not list is not linked.
type truth struct {
	links map[string]bool // "kind address"; false where nobody can know before apply
	facts map[string]string
}

func readWant(t *testing.T, dir string) map[string]*truth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "want.txt"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*truth{}
	var cache *truth
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0, strings.HasPrefix(line, "#"), strings.HasPrefix(line, "plan:"), strings.HasPrefix(line, "azurerm:"):
		case !strings.HasPrefix(line, " "):
			cache = &truth{links: map[string]bool{}, facts: map[string]string{}}
			out[line] = cache
		case words[0] == "fact" && len(words) == 3:
			cache.facts[words[1]] = words[2]
		case len(words) == 3 && words[1] == "?":
			cache.links[words[0]+" "+words[2]] = false
		case len(words) == 2:
			cache.links[words[0]+" "+words[1]] = true
		default:
			t.Fatalf("%s: want.txt says %q", dir, line)
		}
	}
	return out
}

func (s *score) judge(t *testing.T, name string, p *tfplan.Plan, want map[string]*truth, companions []string) {
	t.Helper()
	var seen []string
	for planned := range p.Caches() {
		c := planned.After
		if c.Change == posture.ChangeDelete {
			continue
		}
		if strings.HasPrefix(c.Address, "azapi_update_resource.") && want[c.Address] == nil {
			s.count(t, name+": whose cache "+c.Address+" updates", "known", "unknown")
			continue
		}
		seen = append(seen, c.Address)
		w := want[c.Address]
		if w == nil {
			t.Errorf("%s: %s is not in want.txt", name, c.Address)
			continue
		}
		got := answers(c)
		pairs := map[string]bool{}
		for link := range w.links {
			pairs[link] = true
		}
		for link := range got {
			pairs[link] = true
		}
		for _, link := range companions {
			pairs[link] = true
		}
		for link := range pairs {
			linked, listed := w.links[link]
			truth := posture.False
			if listed {
				truth = posture.FromBool(linked)
				if !linked {
					truth = posture.Maybe
				}
			}
			answer, ok := got[link]
			switch {
			case ok:
			case strings.HasPrefix(link, "rule ") && c.Subnet.SecurityGroup.IsUnknown():
				answer = posture.Maybe
			default:
				answer = posture.False
			}
			s.count(t, name+": "+c.Address+": "+link, triWord(truth), triWord(answer))
		}
		for fact, value := range w.facts {
			s.count(t, name+": "+c.Address+": "+fact, value, factOf(c, fact))
		}
	}
	if len(seen) != len(want) {
		t.Errorf("%s: caches %v, want %d", name, seen, len(want))
	}
}

func triWord(t posture.Tri) string {
	return map[posture.Tri]string{posture.True: "linked", posture.False: "not linked", posture.Maybe: "unknown"}[t]
}

func (s *score) count(t *testing.T, what, truth, answer string) {
	t.Helper()
	if truth == "linked" {
		s.links++
		if answer == truth {
			s.found++
		}
	}
	switch {
	case answer == truth:
		s.right++
	case answer == "unknown", answer == "unseen":
		s.unknown++
		t.Logf("unknown: %s: truly %s", what, truth)
	default:
		s.wrong++
		t.Errorf("wrong: %s: %s, truly %s", what, answer, truth)
	}
}

// answers are the links of one cache, as "kind address".
func answers(c *posture.Cache) map[string]posture.Tri {
	out := map[string]posture.Tri{}
	doubts := func(kind string, list []posture.Doubt) {
		for _, d := range list {
			out[kind+" "+d.Address] = posture.Maybe
		}
	}
	doubts("endpoint", c.PrivateEndpoints.Doubts)
	doubts("diagnostic", c.DiagnosticSettings.Doubts)
	doubts("firewall", c.FirewallRules.Doubts)
	doubts("access", c.AccessPolicyAssignments.Doubts)
	doubts("policy", c.PolicyAssignments.Doubts)
	for _, x := range c.PrivateEndpoints.Items {
		out["endpoint "+x.Address] = posture.True
	}
	for _, x := range c.DiagnosticSettings.Items {
		out["diagnostic "+x.Address] = posture.True
	}
	for _, x := range c.FirewallRules.Items {
		out["firewall "+x.Address] = posture.True
	}
	for _, x := range c.AccessPolicyAssignments.Items {
		out["access "+x.Address] = posture.True
	}
	for _, x := range c.PolicyAssignments.Items {
		out["policy "+x.Address] = posture.True
		if x.Scope == posture.ScopeManagementGroup && x.Covers.IsUnknown() {
			out["policy "+x.Address] = posture.Maybe
		}
	}
	if g, ok := c.Subnet.SecurityGroup.Get(); ok {
		doubts("rule", g.Rules.Doubts)
		for _, x := range g.Rules.Items {
			if strings.Contains(x.Address, "azurerm_network_security_rule.") {
				out["rule "+x.Address] = posture.True
			}
		}
	}
	return out
}

// kinds are the companions by resource type, and by ARM type for azapi.
var kinds = map[string]string{
	"azurerm_private_endpoint": "endpoint", "azurerm_monitor_diagnostic_setting": "diagnostic", "azurerm_redis_firewall_rule": "firewall",
	"azurerm_redis_cache_access_policy_assignment": "access", "azurerm_resource_policy_assignment": "policy",
	"azurerm_resource_group_policy_assignment": "policy", "azurerm_subscription_policy_assignment": "policy",
	"azurerm_management_group_policy_assignment": "policy",
	"microsoft.network/privateendpoints":         "endpoint", "microsoft.insights/diagnosticsettings": "diagnostic",
	"microsoft.authorization/policyassignments": "policy",
}

// companionsOf lists the companions that a plan's JSON holds, as "kind address".
func companionsOf(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		ResourceChanges []struct {
			Address, Mode, Type string
			Change              struct{ Before, After struct{ Type string } }
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	var out []string
	for _, r := range plan.ResourceChanges {
		typ, _, _ := strings.Cut(strings.ToLower(r.Change.After.Type), "@")
		if r.Type != "azapi_resource" {
			typ = r.Type
		}
		if kind := kinds[typ]; kind != "" && r.Mode == "managed" {
			out = append(out, kind+" "+r.Address)
		}
	}
	return out
}

func factOf(c *posture.Cache, fact string) string {
	name, of, _ := strings.Cut(fact, ":")
	switch name {
	case "absence":
		return map[bool]string{true: "seen", false: "unseen"}[c.PrivateEndpoints.Observed]
	case "authentication":
		return word(c.AuthenticationRequired, func(b bool) string { return map[bool]string{true: "on", false: "off"}[b] })
	case "public":
		return word(c.PublicNetworkAccess, func(b bool) string { return map[bool]string{true: "on", false: "off"}[b] })
	case "tls":
		return word(c.MinimumTLSVersion, func(s string) string { return s })
	case "subnet":
		return word(c.SubnetID, func(string) string { return "known" })
	case "nsg":
		got := word(c.Subnet.SecurityGroup, func(g posture.SecurityGroup) string {
			if g.Address == "" {
				return "unknown"
			}
			return g.Address
		})
		if got == "unset" {
			return "none"
		}
		return got
	case "zones":
		for _, e := range c.PrivateEndpoints.Items {
			if e.Address == of {
				return word(e.DNSZones, func(zones []posture.DNSZone) string {
					names := make([]string, len(zones))
					for i, z := range zones {
						names[i] = z.Name
					}
					return strings.Join(names, ",")
				})
			}
		}
		return "unknown" // the endpoint itself is in doubt
	case "exempted":
		for _, a := range c.PolicyAssignments.Items {
			if a.Address == of {
				return word(a.Exempted, func(b bool) string { return map[bool]string{true: "yes", false: "no"}[b] })
			}
		}
		return "unknown"
	default:
		return fmt.Sprintf("no such fact: %s", fact)
	}
}

func word[T any](v posture.Value[T], say func(T) string) string {
	switch {
	case v.IsKnown():
		return say(v.V)
	case v.IsUnset():
		return "unset"
	default:
		return "unknown"
	}
}
