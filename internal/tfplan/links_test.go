package tfplan_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestLinks holds links to the truth: each archive of testdata/links has a small
// configuration, the plan that the real Terraform made of it, and in want.txt
// the true links, written by hand. For every pair of a cache and a companion the
// answer is the truth, or unknown exactly where want.txt allows it: a line
// "unknown alone LINK" for plan JSON alone, "unknown source LINK" for the plan
// with its configuration, be that a directory or a saved plan. "blind LINK" is
// the limit that the guide tells: plan JSON alone says the contrary, because it
// does not show what a function makes of an id.
func TestLinks(t *testing.T) {
	cases := linkCases(t)
	scores := map[string]*score{}
	for _, name := range cases {
		dir := unpack(t, name)
		for _, way := range []struct {
			name, knows string
			load        func() (*tfconfig.Configuration, error)
		}{
			{"JSON alone", alone, func() (*tfconfig.Configuration, error) { return nil, nil }},
			{"with configuration", source, func() (*tfconfig.Configuration, error) { return tfconfig.LoadDir(dir) }},
			{"with the saved plan", source, func() (*tfconfig.Configuration, error) {
				return tfconfig.LoadPlanFile(filepath.Join(dir, "plan.tfplan"))
			}},
		} {
			if scores[way.name] == nil {
				scores[way.name] = &score{}
			}
			t.Run(name+"/"+way.name, func(t *testing.T) {
				config, err := way.load()
				if err != nil {
					t.Fatal(err)
				}
				f, err := os.Open(filepath.Join(dir, "plan.json"))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				p, err := tfplan.Read(t.Context(), f, tfplan.Options{Configuration: config})
				if err != nil {
					t.Fatal(err)
				}
				readWant(t, dir).judge(t, scores[way.name], way.knows, p, companionsOf(t, dir))
			})
		}
	}
	for _, way := range slices.Sorted(maps.Keys(scores)) {
		s := scores[way]
		t.Logf("%-20s %d configurations: right %d, unknown %d; of %d true links found %d", way, len(cases), s.right, s.unknown, s.links,
			s.found)
	}
}

// linkCases lists the archives of testdata/links, by their paths without the ending.
func linkCases(t *testing.T) (names []string) {
	t.Helper()
	root := os.DirFS("testdata/links")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, ".txtar"); ok && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) < 231 {
		t.Fatalf("found %d cases, %v", len(names), err)
	}
	return names
}

// unpack writes the files of a case into a folder of its own.
func unpack(t *testing.T, name string) (dir string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "links", filepath.FromSlash(name)+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		if f.Name == "plan.tfplan.base64" {
			saved, err := base64.StdEncoding.DecodeString(string(f.Data))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			archive.Files[i] = txtar.File{Name: "plan.tfplan", Data: saved}
		}
	}
	dir = t.TempDir()
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// score counts answers, for the table of BENCHMARKS.md.
type score struct{ right, unknown, links, found int }

func (s *score) count(truth, answer string) {
	if answer == truth {
		s.right++
	} else {
		s.unknown++
	}
	if truth == "linked" {
		s.links++
		if answer == truth {
			s.found++
		}
	}
}

// What is known besides the plan's JSON, as want.txt says it.
const (
	alone  = "alone"
	source = "source"
)

// wanted is what want.txt says of each cache; "" has what is allowed to be
// unknown of the plan as a whole.
type wanted map[string]*truth

// truth is what want.txt says of one cache; what it does not list is not linked.
type truth struct {
	links map[string]posture.Tri // by "kind address"; Maybe where nobody can know before apply
	facts map[string]string
	// unknown is what may be unknown although it is true or not, by "alone LINK",
	// "source LINK" and the same with "fact NAME"; what was is set to true.
	unknown map[string]bool
	blind   map[string]bool // by link
}

func readWant(t *testing.T, dir string) wanted {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "want.txt"))
	if err != nil {
		t.Fatal(err)
	}
	none := func() *truth {
		return &truth{links: map[string]posture.Tri{}, facts: map[string]string{}, unknown: map[string]bool{}, blind: map[string]bool{}}
	}
	cache := none()
	out := wanted{"": cache}
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0, strings.HasPrefix(line, "#"), strings.HasPrefix(line, "plan:"), strings.HasPrefix(line, "azurerm:"):
		case words[0] == "unknown" && len(words) == 4 && (words[1] == alone || words[1] == source):
			cache.unknown[strings.Join(words[1:], " ")] = false
		case words[0] == "blind" && len(words) == 3:
			cache.blind[strings.Join(words[1:], " ")] = true
		case !strings.HasPrefix(line, " "):
			cache = none()
			out[line] = cache
		case words[0] == "fact" && len(words) == 3:
			cache.facts[words[1]] = words[2]
		case len(words) == 3 && words[1] == "?":
			cache.links[words[0]+" "+words[2]] = posture.Maybe
		case len(words) == 2:
			cache.links[words[0]+" "+words[1]] = posture.True
		default:
			t.Fatalf("%s: want.txt says %q", dir, line)
		}
	}
	return out
}

func (want wanted) judge(t *testing.T, s *score, knows string, p *tfplan.Plan, companions []string) {
	t.Helper()
	seen := 1 // the plan as a whole
	for planned := range p.Caches() {
		c := planned.After
		if c.Change == posture.ChangeDelete {
			continue
		}
		if strings.HasPrefix(c.Address, "azapi_update_resource.") && want[c.Address] == nil {
			want[""].compare(t, s, "", knows, "cache "+c.Address, "known", "unknown")
			continue
		}
		seen++
		w := want[c.Address]
		if w == nil {
			t.Errorf("%s is not in want.txt", c.Address)
			continue
		}
		got := answers(c)
		for _, note := range planned.Notes {
			if address, why, ok := strings.Cut(note, " does not connect to this cache"); ok && strings.Contains(why, " of Azure ") {
				got["misdirected "+address] = posture.True
			}
		}
		links := map[string]bool{}
		for link := range w.links {
			links[link] = true
		}
		for link := range got {
			links[link] = true
		}
		for _, link := range companions {
			links[link] = true
		}
		for _, link := range slices.Sorted(maps.Keys(links)) {
			truth, ok := w.links[link]
			if !ok {
				truth = posture.False
			}
			answer, ok := got[link]
			switch {
			case ok:
			case strings.HasPrefix(link, "rule ") && c.Subnet.SecurityGroup.IsUnknown():
				answer = posture.Maybe
			default:
				answer = posture.False
			}
			w.compare(t, s, c.Address, knows, link, triWord(truth), triWord(answer))
		}
		for fact, value := range w.facts {
			w.compare(t, s, c.Address, knows, "fact "+fact, value, factOf(c, fact))
		}
	}
	if seen != len(want) {
		t.Errorf("%d caches, want %d", seen-1, len(want)-1)
	}
	for cache, w := range want {
		for what, was := range w.unknown {
			if strings.HasPrefix(what, knows+" ") && !was {
				t.Errorf("%s: decided, and want.txt says: unknown %s", cache, what)
			}
		}
	}
}

// allows reports whether something may be unknown of a cache.
func (want wanted) allows(cache, knows, what string) bool {
	w := want[cache]
	if w == nil {
		return false
	}
	_, ok := w.unknown[knows+" "+what]
	return ok
}

func triWord(t posture.Tri) string {
	return map[posture.Tri]string{posture.True: "linked", posture.False: "not linked", posture.Maybe: "unknown"}[t]
}

// compare demands the truth, or unknown where that is allowed.
func (w *truth) compare(t *testing.T, s *score, cache, knows, what, truth, answer string) {
	t.Helper()
	if knows == alone && w.blind[what] {
		if answer == truth || answer == "unknown" {
			t.Errorf("%s: %s: %s, and want.txt says: blind", cache, what, answer)
		}
		return
	}
	s.count(truth, answer)
	switch _, allowed := w.unknown[knows+" "+what]; {
	case answer == truth:
	case answer != "unknown" && answer != "unseen":
		t.Errorf("%s: %s: %s, truly %s", cache, what, answer, truth)
	case !allowed:
		t.Errorf("%s: truly %s, and want.txt does not say: unknown %s %s", cache, truth, knows, what)
	default:
		w.unknown[knows+" "+what] = true
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
		entries, known := x.Logs.Get()
		out["diagnostic "+x.Address] = posture.FromBool(!x.OnCluster && (!known || len(entries) > 0))
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
	"azurerm_redis_cache_access_policy_assignment": "access", "azurerm_managed_redis_access_policy_assignment": "access",
	"azurerm_resource_policy_assignment":       "policy",
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
	case "database":
		return word(c.HasDatabase, func(bool) string { return "known" })
	case "reader":
		return word(c.KeyIdentity, func(s string) string { return s })
	case "identities":
		return word(c.Identities, func(ids []string) string { return strings.Join(slices.Sorted(slices.Values(ids)), ",") })
	case "protocol":
		return word(c.ClientProtocol, func(s string) string { return s })
	case "replicas":
		return word(c.GeoReplicas, strconv.Itoa)
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
	case "on":
		for _, d := range c.DiagnosticSettings.Items {
			switch {
			case d.Address == of && d.OnCluster:
				return "cluster"
			case d.Address == of:
				return "database"
			}
		}
		return "unknown"
	case "destination":
		for _, d := range c.DiagnosticSettings.Items {
			if d.Address == of && slices.ContainsFunc(d.Destinations, posture.Value[string].IsKnown) {
				return "set"
			}
		}
		return "unknown"
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
