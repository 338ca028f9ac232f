package hcptest

import (
	"strings"
	"testing"
)

// The simulation refuses what the API does not document.
func TestParseIsStrict(t *testing.T) {
	const outcome = `{"type":"task-result-outcomes","attributes":{"outcome-id":"a","description":"b","body":"c","url":"https://example.com/","tags":{"Status":[{"label":"Failed","level":"error"}]}}}`
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
		"included beside":       {strings.TrimSuffix(whole(`"status":"passed"`, outcome), "}") + `,"included":[]}`, false},
		"body too large":        {whole(`"status":"passed"`, strings.Replace(outcome, `"c"`, `"`+strings.Repeat("x", maxBody+1)+`"`, 1)), false},
	} {
		if _, err := parse([]byte(c.payload)); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
