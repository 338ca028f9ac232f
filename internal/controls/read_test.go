package controls

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

func read(t testing.TB, text string) (*Report, error) {
	t.Helper()
	return Of(baseline.Published()).Read(strings.NewReader(text), "r.json")
}

// What is no report is named, with its place.
func TestReadRefuses(t *testing.T) {
	good := text(t, scan(1, cache("", shopID, nil), cache("redis.x", "", nil)))
	for name, row := range map[string]struct{ text, want string }{
		"empty":            {"", "is empty"},
		"truncated":        {good[:len(good)/2], fmt.Sprintf("ends too early, at byte %d, in /caches", len(good)/2)},
		"truncated, where": {good[:len(good)/2], "in /caches/0: was it written"},
		"one byte":         {"{", "ends too early, at byte 1"},
		"no JSON":          {"caches: []", "is no JSON; the report is written by check or scan"},
		"broken":           {strings.Replace(good, `"caches":[`, `"caches":[x`, 1), "in /caches/0"},
		"UTF-16":           {"\xff\xfe{\x00", "is UTF-16, as PowerShell writes it"},
		"HTML":             {"<!doctype html>", "is XML or HTML"},
		"list":             {"[]", "is a list and no report"},
		"number":           {"12", "is no report"},
		"two":              {good + good, "holds something behind the report, at byte"},
		"rubbish behind":   {good + "x", "holds something behind the report, at byte"},
		"empty object":     {"{}", "it has no format_version"},
		"other version": {strings.Replace(good, `"1.0"`, `"2.0"`, 1),
			`has the format version "2.0"; this program reads 1.0: a newer version of this program wrote the report`},
		"no caches":       {`{"format_version":"1.0","source":{"kind":"plan","inputs":[]},"baselines":[{}]}`, "it has no caches or no source"},
		"no source":       {`{"format_version":"1.0","caches":[],"baselines":[{}]}`, "it has no caches or no source"},
		"no baselines":    {`{"format_version":"1.0","source":{"kind":"plan"},"caches":[]}`, "names no baselines"},
		"caches no list":  {strings.Replace(good, `"caches":[`, `"caches":{},"x":[`, 1), "caches is no list"},
		"cache no object": {strings.Replace(good, `"caches":[`, `"caches":[1,`, 1), "caches[0] is no cache"},
		"member":          {strings.Replace(good, `"address":"redis.x"`, `"address":12`, 1), "caches[1] is no cache: /address does not hold"},
		"head":            {strings.Replace(good, `"generated_at":"`, `"generated_at":"x`, 1), "generated_at does not hold what it should"},
		"unknown kind": {strings.Replace(good, `"kind":"existing"`, `"kind":"x"`, 1),
			`has the unknown kind of source "x": a newer version`},
		"unknown status": {strings.Replace(good, `"status":"compliant"`, `"status":"newer"`, 1),
			`caches[0] has the unknown status "newer" for NS-1/virtual-network-integration: a newer version`},
		"unknown feature": {strings.Replace(good, "NS-1/virtual-network-integration", "NS-1/x", 1),
			`caches[0] has the unknown feature "NS-1/x": a newer version`},
		"unknown document": {strings.Replace(good, `"baseline":"azure-cache-for-redis"`, `"baseline":"x"`, 1),
			`caches[0] was judged by the baseline "x"`},
		"a feature twice": {strings.Replace(good, "NS-1/network-security-group-support", "NS-1/virtual-network-integration", 1), "twice"},
		"a member twice":  {strings.Replace(good, `"caches":[`, `"tool":{},"caches":[`, 1), "is no JSON at byte"},
		"plan": {`{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}`,
			"is a plan of Terraform, which redisbaseline check judges"},
		"SARIF":              {`{"$schema":"x","version":"2.1.0","runs":[]}`, "is SARIF"},
		"state of terraform": {`{"version":4,"resources":[]}`, "is a state of Terraform"},
		"migrate":            {`{"format_version":"1.0","tool":{},"tables":"x","caches":[{"a":1}]}`, "is a report of redisbaseline migrate"},
		"controls":           {`{"format_version":"1.0","frameworks":[]}`, "is written by redisbaseline controls"},
		"plan behind caches": {`{"format_version":"1.2","caches":[1],"planned_values":{}}`,
			"is a plan of Terraform"},
	} {
		if _, err := read(t, row.text); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
	if _, err := Of(baseline.Published()).Read(iotest.ErrReader(errors.New("the disk is gone")), "x"); err == nil {
		t.Error("no error of the reader")
	}
}

// Every prefix of a report is refused, whatever was cut.
func TestReadRefusesEveryPrefix(t *testing.T) {
	good := strings.TrimSpace(text(t, scan(1, cache("", shopID, nil))))
	for n := 0; n < len(good); n += 7 {
		if _, err := read(t, good[:n]); err == nil || n > 0 && !strings.Contains(err.Error(), "ends too early") {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
}

// A report is read as it was written, with a mark of UTF-8 before it or without, and in any order of members.
func TestReadKeeps(t *testing.T) {
	c := cache("redis.shop", shopID, states{publicAccess: report.NonCompliant})
	for i := range c.Features {
		if f := &c.Features[i]; f.ID == publicAccess {
			f.Message = "is open"
			f.Evidence = []report.Evidence{{Path: "public_network_access_enabled", Value: json.RawMessage("true"), State: "known"}}
			f.Position = &report.Position{File: "main.tf", Line: 3}
			f.Since = new(report.Since)
			*f.Since = report.Introduced
		}
	}
	r := scan(1, c)
	r.Partial, r.Notes, r.Unseen = "interrupted", []string{"a note"}, []report.Unseen{{Kind: "subscription", ID: "1"}}
	for _, before := range []string{"", "\xef\xbb\xbf", "\n "} {
		got, err := read(t, before+text(t, r))
		if err != nil {
			t.Fatal(err)
		}
		if got.Date() != "2026-11-01T12:00:00Z" || got.Partial != r.Partial || got.Notes[0] != "a note" || len(got.Unseen) != 1 ||
			got.Tool.Version != "1.2.3" || got.Source.Kind != report.SourceExisting || got.Name != "r.json" {
			t.Errorf("%+v", got)
		}
		one := got.Caches[0]
		if one.Address != "redis.shop" || one.ResourceID != shopID || one.Name != "shop" || one.Type != "Microsoft.Cache/Redis" {
			t.Errorf("%+v", one.Identity)
		}
		for _, f := range one.Findings {
			if f.ID == publicAccess && (f.Message != "is open" || f.Evidence[0].Text() != "public_network_access_enabled = true" ||
				f.Position.String() != "main.tf:3" || f.Since != nil) {
				t.Errorf("%+v", f)
			}
		}
	}
}

// A feature on which an older report has no verdict is undecided, and is said to be.
func TestReadOlderReport(t *testing.T) {
	c := cache("", shopID, nil)
	c.Features = c.Features[1:]
	got, err := read(t, text(t, scan(1, c)))
	if err != nil {
		t.Fatal(err)
	}
	f := got.Caches[0].Findings[0]
	if f.ID != "NS-1/virtual-network-integration" || f.Status != report.Unknown || *f.Reason != ReasonNotInReport {
		t.Errorf("%+v", f)
	}
}

// The report_json of the data source lacks the date, and what is empty.
func TestReadReportOfTerraform(t *testing.T) {
	var b strings.Builder
	e, err := report.NewEncoder("json", &b, report.EncodeOptions{ForState: true})
	if err == nil {
		err = report.Encode(e, scan(1, cache("", shopID, nil)))
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(t, b.String())
	if err != nil || got.Date() != "" || len(got.Caches) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// The goldens of other rooms are named for what they are.
func TestReadGoldens(t *testing.T) {
	for file, want := range map[string]string{
		"../report/testdata/five.json": "", "../report/testdata/empty.json": "",
		"../report/testdata/five.sarif.json": "is SARIF", "../report/testdata/five.gitlab.json": "is a list",
		"../report/testdata/five.html": "is XML or HTML", "../report/testdata/five.junit.xml": "is XML or HTML",
		"../cli/testdata/plans/insecure-public-cache.json": "is a plan",
	} {
		raw, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = read(t, string(raw)); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

// FuzzRead holds that no input makes the reader panic, and that a report that was read can be put together.
func FuzzRead(f *testing.F) {
	f.Add(text(f, scan(1, cache("redis.shop", shopID, states{publicAccess: report.NonCompliant}))))
	f.Add(`{"format_version":"1.0","source":{"kind":"plan"},"baselines":[{}],"caches":[{}]}`)
	f.Add("[1]")
	catalogue := Of(baseline.Published())
	f.Fuzz(func(t *testing.T, text string) {
		r, err := catalogue.Read(strings.NewReader(text), "r")
		if err != nil {
			return
		}
		result, refused := catalogue.Merge([]*Report{r})
		if len(refused) > 0 {
			t.Fatal(refused)
		}
		for row := range result.Rows(true) {
			if rankOf(row.State) < 0 {
				t.Fatalf("%+v", row)
			}
		}
	})
}
