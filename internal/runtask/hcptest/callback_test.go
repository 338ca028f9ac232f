package hcptest

import (
	"strings"
	"testing"
)

// The simulation refuses what the API does not document.
func TestParseIsStrict(t *testing.T) {
	const outcome = `{"type":"task-result-outcomes","attributes":{"outcome-id":"a",` +
		`"description":"b","body":"c","url":"https://example.com/",` +
		`"tags":{"Status":[{"label":"Failed","level":"error"}]}}}`
	whole := func(attributes, outcomes string) string {
		return `{"data":{"type":"task-results","attributes":{` + attributes + `},"relationships":{"outcomes":{"data":[` + outcomes + `]}}}}`
	}
	for name, c := range map[string]struct {
		payload string
		want    bool
	}{
		"as documented":         {whole(`"status":"failed","message":"m","url":"https://example.com/"`, outcome), true},
		"running":               {`{"data":{"type":"task-results","attributes":{"status":"running"}}}`, true},
		"unknown status":        {whole(`"status":"ok"`, ""), false},
		"another type":          {strings.Replace(whole(`"status":"passed"`, ""), "task-results", "results", 1), false},
		"unknown attribute":     {whole(`"status":"passed","colour":"red"`, ""), false},
		"unknown in an outcome": {whole(`"status":"passed"`, strings.Replace(outcome, `"body"`, `"bodies"`, 1)), false},
		"relative address":      {whole(`"status":"passed","url":"/reports/1"`, ""), false},
		"unknown level":         {whole(`"status":"passed"`, strings.Replace(outcome, `"error"`, `"fatal"`, 1)), false},
		"two lines":             {whole(`"status":"passed"`, strings.Replace(outcome, `"b"`, `"b\nb"`, 1)), false},
		"no outcome id":         {whole(`"status":"passed"`, strings.Replace(outcome, `"a"`, `""`, 1)), false},
		"twice":                 {whole(`"status":"passed"`, outcome+","+outcome), false},
		"unknown beside data":   {strings.TrimSuffix(whole(`"status":"passed"`, outcome), "}") + `,"meta":{}}`, false},
		"another relationship":  {strings.Replace(whole(`"status":"passed"`, outcome), `"outcomes":`, `"others":`, 1), false},
		"links of the outcomes": {strings.Replace(whole(`"status":"passed"`, outcome), `"outcomes":{`, `"outcomes":{"links":{},`, 1), false},
		"unknown in a tag":      {whole(`"status":"passed"`, strings.Replace(outcome, `"level"`, `"colour"`, 1)), false},
		"a tag without a list": {whole(`"status":"passed"`,
			strings.Replace(outcome, `[{"label":"Failed","level":"error"}]`, `{"label":"Failed"}`, 1)), false},
		"no tag":               {whole(`"status":"passed"`, strings.Replace(outcome, `{"label":"Failed","level":"error"}`, `null`, 1)), false},
		"another outcome type": {whole(`"status":"passed"`, strings.Replace(outcome, "task-result-outcomes", "outcomes", 1)), false},
		"an id":                {strings.Replace(whole(`"status":"passed"`, outcome), `"data":{`, `"data":{"id":"1",`, 1), false},
		"an id in an outcome":  {whole(`"status":"passed"`, strings.Replace(outcome, `"type"`, `"id":"1","type"`, 1)), false},
		"status of a number":   {whole(`"status":1`, ""), false},
		"something behind":     {whole(`"status":"passed"`, outcome) + "{}", false},
		"not JSON":             {"status=passed", false},
		"included beside":      {strings.TrimSuffix(whole(`"status":"passed"`, outcome), "}") + `,"included":[]}`, false},
		"body too large":       {whole(`"status":"passed"`, strings.Replace(outcome, `"c"`, `"`+strings.Repeat("x", maxBody+1)+`"`, 1)), false},
	} {
		if _, err := parse([]byte(c.payload)); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
