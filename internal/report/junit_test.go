package report

import (
	"encoding/xml"
	"strings"
	"testing"
)

// The suites of a JUnit file as readers decode them.
type (
	xmlSuite struct {
		Name     string    `xml:"name,attr"`
		Tests    int       `xml:"tests,attr"`
		Failures int       `xml:"failures,attr"`
		Skipped  int       `xml:"skipped,attr"`
		Cases    []xmlCase `xml:"testcase"`
	}
	xmlCase struct {
		ClassName string    `xml:"classname,attr"`
		Name      string    `xml:"name,attr"`
		Failure   *struct{} `xml:"failure"`
		Skipped   *struct {
			Message string `xml:"message,attr"`
		} `xml:"skipped"`
		Output string `xml:"system-out"`
	}
)

func TestJUnitGolden(t *testing.T) {
	golden(t, "five.junit.xml", encode(t, "junit", fiveCaches(), EncodeOptions{}))
	golden(t, "hostile.junit.xml", encode(t, "junit", hostileReport(), EncodeOptions{}))
	golden(t, "empty.junit.xml", encode(t, "junit", sampleHeader("plan.json"), EncodeOptions{}))
}

// One test case per rule and cache; violations fail, unknown ones are skipped
// with the reason, advisories never fail.
func TestJUnitCases(t *testing.T) {
	for name, r := range map[string]Report{"five": fiveCaches(), "hostile": hostileReport()} {
		var suites struct {
			Suites []xmlSuite `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(encode(t, "junit", r, EncodeOptions{})), &suites); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		last := suites.Suites[len(suites.Suites)-1]
		if last.Name != "notes" || len(last.Cases) != len(r.Notes) || last.Failures != 0 || last.Cases[0].Output != printable(r.Notes[0]) {
			t.Errorf("%s: the notes are %+v", name, last)
		}
		if len(suites.Suites) != len(r.Caches)+1 {
			t.Fatalf("%s: %d suites for %d caches", name, len(suites.Suites), len(r.Caches))
		}
		for i, c := range r.Caches {
			suite := suites.Suites[i]
			if c.Destroyed() {
				continue
			}
			if len(suite.Cases) != len(sampleCatalogue()) || suite.Tests != len(suite.Cases) {
				t.Errorf("%s: %d cases, %d announced, for %d rules", name, len(suite.Cases), suite.Tests, len(sampleCatalogue()))
			}
			failures, skipped := 0, 0
			for k, f := range append(append([]Finding{}, c.Features...), c.Advisories...) {
				got := suite.Cases[k]
				violation := k < len(c.Features) && f.Status == NonCompliant
				if (got.Failure != nil) != violation {
					t.Errorf("%s: %s is %s, failure %v", name, f.ID, f.Status, got.Failure)
				}
				if f.Status == Unknown && (got.Skipped == nil || got.Skipped.Message == "") {
					t.Errorf("%s: %s is unknown and not skipped with a reason", name, f.ID)
				}
				if got.Failure != nil {
					failures++
				}
				if got.Skipped != nil {
					skipped++
				}
			}
			if suite.Failures != failures || suite.Skipped != skipped {
				t.Errorf("%s: announces %d failures and %d skipped, has %d and %d", name, suite.Failures, suite.Skipped, failures, skipped)
			}
		}
	}
}

// What fails the run, and nothing else, is a failure; a violation that passes
// is named in the output of its case.
func TestJUnitFailsWhatTheRunObjectsTo(t *testing.T) {
	r := fiveCaches()
	for name, objects := range map[string]func(Finding) bool{
		"nothing":            func(Finding) bool { return false },
		"introduced":         func(f Finding) bool { return f.Since != nil && *f.Since == Introduced },
		"violated, advisory": func(f Finding) bool { return f.Status == NonCompliant },
		"undecided":          func(f Finding) bool { return f.Status == Unknown },
	} {
		var suites struct {
			Suites []xmlSuite `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(encode(t, "junit", r, EncodeOptions{FailsRun: objects})), &suites); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, c := range r.Caches {
			failures := 0
			for k, f := range append(append([]Finding{}, c.Features...), c.Advisories...) {
				got := suites.Suites[i].Cases[k]
				if (got.Failure != nil) != objects(f) {
					t.Errorf("%s: %s is %s, failure %v", name, f.ID, f.Status, got.Failure)
				}
				if got.Failure != nil {
					failures++
				}
				if f.Status == NonCompliant && got.Failure == nil && !strings.Contains(got.Output, f.Message) {
					t.Errorf("%s: %s is violated, and its output is %q", name, f.ID, got.Output)
				}
			}
			if suites.Suites[i].Failures != failures {
				t.Errorf("%s: announces %d failures, has %d", name, suites.Suites[i].Failures, failures)
			}
		}
	}
}
