package report

import (
	"strings"
	"testing"
)

// twoInputs is a report of one address in two plans.
func twoInputs() Report {
	r := sampleHeader("a.json", "b.json, plan 2")
	for _, in := range r.Source.Inputs {
		c := sampleCache("azurerm_redis_cache.a", "a", "create").with("NS-2/disable-public-network-access",
			violated("", "public network access is enabled"))
		c.Input, c.Notes = in, []string{"read from " + in}
		r.Caches = append(r.Caches, c)
	}
	return r.summed()
}

// TestSeveralInputs: what every format says of caches with one address tells their inputs apart.
func TestSeveralInputs(t *testing.T) {
	for format, want := range map[string]string{
		"text": "azurerm_redis_cache.a (INPUT)", "html": "(INPUT)", "markdown": `\(INPUT\)`, "junit": `name="azurerm_redis_cache.a (INPUT)"`,
		"azuredevops": ": azurerm_redis_cache.a (INPUT): ", "github": "%3A azurerm_redis_cache.a (INPUT)::", "csv": ",create,INPUT,",
		"gitlab": `: azurerm_redis_cache.a (INPUT): public network access is enabled`,
		"sarif":  `"text":"a (INPUT)`, "json": `,"change":"create","input":"INPUT","compliant":false`,
	} {
		got := encode(t, format, twoInputs(), EncodeOptions{Width: 140})
		if format == "json" {
			got = jsonOf(t, twoInputs(), EncodeOptions{})
		}
		for _, in := range []string{"a.json", "b.json, plan 2"} {
			switch {
			case format == "csv" && strings.Contains(in, ","):
				in = `"` + in + `"`
			case format == "github":
				in = strings.ReplaceAll(in, ",", "%2C")
			case format == "html":
				in = strings.ReplaceAll(in, ".", ".<wbr>")
			}
			if text := strings.ReplaceAll(want, "INPUT", in); !strings.Contains(got, text) {
				t.Errorf("%s: no %q in\n%s", format, text, got)
			}
		}
	}
	one := twoInputs()
	one.Source.Inputs = one.Source.Inputs[:1]
	if got := jsonOf(t, one, EncodeOptions{}); strings.Contains(got, `"input":`) {
		t.Errorf("a report of one input names it at each cache:\n%s", got)
	}
}
