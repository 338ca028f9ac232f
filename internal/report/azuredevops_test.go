package report

import (
	"strings"
	"testing"
)

func TestAzureDevOpsGolden(t *testing.T) {
	golden(t, "five.azuredevops.txt", encode(t, "azuredevops", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.azuredevops.txt", encode(t, "azuredevops", hostileReport(), EncodeOptions{}))
}

// agentCommand is a logging command as the agent of Azure Pipelines takes it from a line.
type agentCommand struct {
	name       string
	properties map[string]string
	data       string
}

// readAsAgent reads a line as the agent does: a command may begin anywhere, its properties
// end at the first closing bracket, and percent signs are decoded last.
func readAsAgent(line string) *agentCommand {
	_, rest, found := strings.Cut(line, "##vso[")
	if !found {
		return nil
	}
	info, data, found := strings.Cut(rest, "]")
	if !found {
		return nil
	}
	unescape := func(s string) string {
		for _, escape := range [][2]string{{"%3B", ";"}, {"%0D", "\r"}, {"%0A", "\n"}, {"%5D", "]"}, {"%AZP25", "%"}} {
			s = strings.ReplaceAll(s, escape[0], escape[1])
		}
		return s
	}
	name, properties, _ := strings.Cut(info, " ")
	c := &agentCommand{name: name, properties: map[string]string{}, data: unescape(data)}
	for _, property := range strings.Split(properties, ";") {
		key, value, _ := strings.Cut(property, "=")
		c.properties[key] = unescape(value)
	}
	return c
}

// The agent reads what was written: one command for each finding, at its file and line,
// with every sign that a command escapes.
func TestAzureDevOpsAsTheAgentReadsIt(t *testing.T) {
	const odd = "in fra/a;b]c%41%3B%5D%0A%AZP25=é/main.tf"
	r := sampleHeader("plan.json")
	cache := sampleCache("azurerm_redis_cache.a", "a", "create").
		with("NS-2/disable-public-network-access", violated("", "100%; [x] %0A %AZP25\r\nsecond line"))
	for i := range cache.Features {
		cache.Features[i].Position = &Position{File: odd, Line: 9}
	}
	r.Caches = []Cache{cache}
	var commands []*agentCommand
	for line := range strings.Lines(encode(t, "azuredevops", r.summed(), EncodeOptions{})) {
		if c := readAsAgent(strings.TrimSuffix(line, "\n")); c != nil {
			commands = append(commands, c)
		}
	}
	if len(commands) != 1 {
		t.Fatalf("%d commands", len(commands))
	}
	c := commands[0]
	for property, want := range map[string]string{"type": "error", "sourcepath": odd, "linenumber": "9", "columnnumber": "1",
		"code": "NS-2/disable-public-network-access"} {
		if got := c.properties[property]; got != want {
			t.Errorf("%s is %q, want %q", property, got, want)
		}
	}
	const want = "NS-2 Disable Public Network Access: azurerm_redis_cache.a: 100%; [x] %0A %AZP25\nsecond line " +
		"[NS-2/disable-public-network-access]\nwrite: set the_argument = <the right value> | of Disable Public Network Access"
	if c.name != "task.logissue" || len(c.properties) != 5 || c.data != want {
		t.Errorf("%s with %d properties: %q, want %q", c.name, len(c.properties), c.data, want)
	}
}

// No text of an input is a command to the agent, or a property of one of ours.
func TestAzureDevOpsHostile(t *testing.T) {
	for _, text := range append(commands, strings.Join(commands, " "), strings.Join(commands, "\n")) {
		out := encode(t, "azuredevops", hostileEverywhere(text), EncodeOptions{})
		for line := range strings.Lines(out) {
			c := readAsAgent(line)
			if ours := strings.HasPrefix(line, "##vso[task.logissue type="); ours != (c != nil) || strings.Count(line, "##") > 1 {
				t.Errorf("%q", line)
			} else if ours && (len(c.properties) != 5 || !strings.HasPrefix(c.properties["code"], "NS-2/") &&
				!strings.HasPrefix(c.properties["code"], "LT-4/") && c.properties["code"] != "advisory/access-keys-disabled") {
				t.Errorf("properties of %q", line)
			}
		}
	}
}

// An error is what fails the run; what is a notice on GitHub is a warning if it fails the run, and
// else plain text.
func TestAzureDevOpsSeverities(t *testing.T) {
	const high, medium, low, advice = "r/high", "r/medium", "r/low", "advisory/x"
	for _, c := range []struct {
		id             string
		status         Status
		fails, without string // as it fails the run and as it does not; empty for plain text
	}{
		{high, NonCompliant, "error", "warning"},
		{medium, NonCompliant, "warning", "warning"},
		{low, NonCompliant, "warning", ""},
		{high, Unknown, "warning", ""},
		{advice, NonCompliant, "warning", ""},
	} {
		for fails, want := range map[bool]string{true: c.fails, false: c.without} {
			r := Report{Closing: Closing{Catalogue: []Entry{
				{ID: high, Control: "r", Severity: High}, {ID: medium, Control: "r", Severity: Medium},
				{ID: low, Control: "r", Severity: Low}, {ID: advice, Severity: Warning},
			}}}
			finding := []Finding{{ID: c.id, Status: c.status, Message: "m"}}
			r.Caches = []Cache{{Features: finding}}
			if finding[0].IsAdvisory() {
				r.Caches = []Cache{{Advisories: finding}}
			}
			line, _, _ := strings.Cut(encode(t, "azuredevops", r, EncodeOptions{FailsRun: func(Finding) bool { return fails }}), "\n")
			got := ""
			if command := readAsAgent(line); command != nil {
				got = command.properties["type"]
			}
			if got != want || !strings.Contains(line, "m ["+c.id+"]") {
				t.Errorf("%s %s, fails %v: want %q, got %s", c.id, c.status, fails, want, line)
			}
		}
	}
}
