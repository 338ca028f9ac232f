package report

import (
	"fmt"
	"strings"
	"testing"
)

// A rule that thousands of caches violate keeps within its budget and says what
// it left out; names cannot break out of their code type.
func TestOutcomesBudget(t *testing.T) {
	const limit, caches = 20_000, 5000
	entry := Entry{ID: "DP-3/data-in-transit-encryption", Control: "DP-3", Title: "Data in Transit Encryption", Severity: High,
		Help: "https://example.com/"}
	o := NewOutcomes([]Entry{entry}, limit)
	for i := range caches {
		address := fmt.Sprintf("azurerm_redis_cache.this[\"`%d`\"]", i)
		o.Add(Cache{Address: &address, Features: []Finding{{ID: entry.ID, Status: NonCompliant, Message: "<b>@all</b> the\nport is on",
			Remediation: "set `a` = 1"}}},
			func(Finding) bool { return true })
	}
	list := o.List()
	if len(list) != 1 || list[0].Violations != caches || list[0].Objections != caches || len(list[0].Body) > limit {
		t.Fatalf("%d outcomes, %+v", len(list), list[0].Violations)
	}
	body := list[0].Body
	for _, want := range []string{"\n\nrule `DP-3/data-in-transit-encryption`\n\n", "more caches not listed", "``  azurerm",
		"write: `` set `a` = 1 ``"} {
		if want = strings.ReplaceAll(want, "  ", " "); !strings.Contains(body, want) {
			t.Errorf("no %q in %s", want, body[:600])
		}
	}
	if strings.Contains(body, "<b>") || strings.Contains(body, "@all") {
		t.Errorf("markup got through: %s", body[:600])
	}
}

// The line to change is named where the configuration tells it.
func TestOutcomePositions(t *testing.T) {
	entry, address := Entry{ID: "a"}, "azurerm_redis_cache.a"
	at := &Position{File: "infra/main.tf", Line: 9}
	for want, f := range map[string]Finding{
		"write in `infra/main.tf:9`: `set it`": {ID: "a", Status: NonCompliant, Position: at, Remediation: "set it"},
		"write: `set it`":                      {ID: "a", Status: NonCompliant, Remediation: "set it"},
		"see `infra/main.tf:9`":                {ID: "a", Status: Unknown, Position: at},
	} {
		o := NewOutcomes([]Entry{entry}, 20_000)
		o.Add(Cache{Address: &address, Features: []Finding{f}}, func(Finding) bool { return true })
		if body := o.List()[0].Body; !strings.Contains(body, "\n  - "+want+"\n") {
			t.Errorf("no %q in %s", want, body)
		}
	}
}

// What the plan destroys, and what nobody violates, makes no outcome.
func TestOutcomesOfNothing(t *testing.T) {
	entry, deleted := Entry{ID: "a"}, "delete"
	o := NewOutcomes([]Entry{entry}, 1000)
	o.Add(Cache{Change: &deleted, Features: []Finding{{ID: "a", Status: NonCompliant}}}, func(Finding) bool { return true })
	for _, s := range []Status{Compliant, Unknown, Exempt, NotApplicable, NotSupported} {
		o.Add(Cache{Features: []Finding{{ID: "a", Status: s}}}, func(Finding) bool { return false })
	}
	if list := o.List(); len(list) > 0 {
		t.Errorf("%+v", list)
	}
}
