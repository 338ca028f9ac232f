package report

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestCSVGolden(t *testing.T) {
	golden(t, "five.csv", encode(t, "csv", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.csv", encode(t, "csv", hostileReport(), EncodeOptions{}))
	golden(t, "empty.csv", encode(t, "csv", sampleHeader("plan.json"), EncodeOptions{}))
}

var formula = regexp.MustCompile(`^\s*[=+@|%＝＋－＠-]`)

// rows reads a CSV as another program does: by name of the column. Every row has all
// columns, and no cell is a formula.
func rows(t *testing.T, text string) []map[string]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll() // refuses rows of another length
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	header := records[0]
	var out []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, cell := range record {
			if formula.MatchString(cell) {
				t.Errorf("%s is the formula %q", header[i], cell)
			}
			row[header[i]] = cell
		}
		out = append(out, row)
	}
	return out
}

// where returns the rows that have a value in a column.
func where(rows []map[string]string, column, value string) []map[string]string {
	return slices.DeleteFunc(slices.Clone(rows), func(r map[string]string) bool { return r[column] != value })
}

// Each finding of the report has a row, in its order, with what the report says of it.
func TestCSVHasEveryFinding(t *testing.T) {
	r := placedCaches("infra/main.tf", 9)
	got := rows(t, encode(t, "csv", r, EncodeOptions{}))
	at := 0
	for _, c := range r.Caches {
		for _, f := range slices.Concat(c.Features, c.Advisories) {
			for got[at]["rule"] == "" {
				at++ // no finding
			}
			row, want := got[at], map[string]string{
				"address": *c.Address, "name": *c.Name, "type": c.Type, "change": *c.Change, "baseline": c.Baseline,
				"rule": f.ID, "status": string(f.Status), "message": f.Message, "remediation": f.Remediation, "file": "infra/main.tf", "line": "1",
			}
			if f.Position != nil {
				want["line"] = "9"
			}
			for column, value := range want {
				if row[column] != value {
					t.Errorf("%s of %s: %s is %q, want %q", f.ID, *c.Address, column, row[column], value)
				}
			}
			at++
		}
	}
	tls := where(where(got, "name", "redis-eu"), "rule", "DP-3/data-in-transit-encryption")[0]
	for column, want := range map[string]string{
		"control": "DP-3", "title": "Data in Transit Encryption", "severity": "high", "since": "introduced", "fails": "true", "reason": "",
		"evidence": `non_ssl_port_enabled = true; minimum_tls_version = "1.0" (default); redis_configuration.secret is sensitive`,
	} {
		if tls[column] != want {
			t.Errorf("%s is %q, want %q", column, tls[column], want)
		}
	}
	exempt := where(got, "status", "exempt")[0]
	for column, want := range map[string]string{
		"exemption_category": "Waiver", "exemption_expires_on": "2027-01-01", "exemption_approved_by": "jane",
		"exemption_description": "legacy client", "exemption_file": "exemptions.yaml", "exemption_line": "3", "fails": "false",
	} {
		if exempt[column] != want {
			t.Errorf("%s is %q, want %q", column, exempt[column], want)
		}
	}
	if open := where(got, "reason", "unresolved_reference"); len(open) != 1 || open[0]["status"] != "unknown" {
		t.Errorf("undecided: %v", open)
	}
}

// What is no finding is in the rows too.
func TestCSVLosesNothing(t *testing.T) {
	r := fiveCaches()
	r.Caches[0].Position = &Position{"main.tf", 7}
	r.Caches[1].MissingActions = []string{"Microsoft.Insights/diagnosticSettings/read", "Microsoft.Cache/redis/read"}
	r.Unjudged = []Unjudged{{Address: "azurerm_managed_redis.a", Type: "Microsoft.Cache/redisEnterprise", Why: "no baseline is known for it"}}
	r.Unseen = []Unseen{{Kind: "subscription", ID: "/subscriptions/s", Detail: "AuthorizationFailed"}}
	r.Partial = "the plan is cut off"
	got := rows(t, encode(t, "csv", r, EncodeOptions{}))
	for _, want := range []map[string]string{
		{"status": "destroyed", "address": "azurerm_redis_cache.old", "change": "delete", "file": "main.tf", "line": "7"},
		{"status": "missing_actions", "name": "redis-session",
			"message": "Microsoft.Insights/diagnosticSettings/read, Microsoft.Cache/redis/read"},
		{"status": "note", "name": "redis-us", "message": "the plan replaces this cache: it is judged as the new one"},
		{"status": "unjudged", "address": "azurerm_managed_redis.a", "type": "Microsoft.Cache/redisEnterprise",
			"message": "no baseline is known for it", "name": "", "rule": "", "fails": ""},
		{"status": "unseen", "resource_id": "/subscriptions/s", "type": "subscription", "message": "AuthorizationFailed"},
		{"status": "partial", "address": "", "message": "the plan is cut off"},
		{"status": "note", "address": "", "message": r.Notes[0]},
	} {
		if !slices.ContainsFunc(got, func(row map[string]string) bool {
			for column, value := range want {
				if row[column] != value {
					return false
				}
			}
			return true
		}) {
			t.Errorf("no row has %v", want)
		}
	}
}

// Two plans are told apart by their names.
func TestCSVInputs(t *testing.T) {
	r := sampleHeader("a.json", "b.json")
	for _, input := range r.Source.Inputs {
		c := sampleCache("azurerm_redis_cache.a", "a", "create")
		c.Input = input
		r.Caches = append(r.Caches, c)
	}
	got := rows(t, encode(t, "csv", r.summed(), EncodeOptions{}))
	if a, b := len(where(got, "input", "a.json")), len(where(got, "input", "b.json")); a == 0 || a != b || a+b != len(got) {
		t.Errorf("%d and %d of %d rows", a, b, len(got))
	}
}

// A spreadsheet computes nothing from a cell, and a log obeys none.
func TestCSVCell(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a=b": "a=b", "-": "'-", "-1": "-1", "+1.5": "+1.5", "=1+1": "'=1+1", "+1+1": "'+1+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)",
		" =1": "' =1", "\n=1": "'\n=1", "\t=1": `\t=1`, "\r=1": `\r=1`, "＝1": "'＝1", "|calc": "'|calc", "%x": "'%x", "ä=1": "ä=1",
		"a\n=1": "a\n=1", "##vso[x]": `#\x23vso[x]`, "\u202e=1": `\u202e=1`,
	} {
		if got := CSVCell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
