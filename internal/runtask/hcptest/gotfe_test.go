package hcptest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-tfe"
)

// The payload that is decoded here has the members that go-tfe gives it.
func TestPayloadIsGoTFEs(t *testing.T) {
	for _, c := range []struct{ ours, theirs any }{{payload{}, tfe.TaskResultCallbackRequestOptions{}}, {outcome{}, tfe.TaskResultOutcome{}}} {
		if ours, theirs := members(c.ours), members(c.theirs); !slices.Equal(ours, theirs) {
			t.Errorf("%T %q, %T %q", c.ours, ours, c.theirs, theirs)
		}
	}
}

func members(v any) (tags []string) {
	for f := range reflect.TypeOf(v).Fields() {
		tags = append(tags, f.Tag.Get("jsonapi"))
	}
	return tags
}

// go-tfe's own client, which many run tasks are built on, reports to the
// simulation, and everything it says arrives.
func TestGoTFEsClient(t *testing.T) {
	hcp, err := Start([]byte("key"), Loopback)
	if err != nil {
		t.Fatal(err)
	}
	defer hcp.Close()
	transport := &http.Transport{DialContext: hcp.Dial, TLSClientConfig: hcp.TLS()}
	defer transport.CloseIdleConnections()
	run := hcp.Add(&Run{})
	client, err := tfe.NewClient(&tfe.Config{Address: "https://" + Host, Token: run.token, HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	var request tfe.RunTaskRequest
	if err := json.Unmarshal(run.Request(), &request); err != nil {
		t.Fatal(err)
	}
	send := func(o tfe.TaskResultCallbackRequestOptions) error {
		return client.RunTasksIntegration.Callback(context.Background(), request.TaskResultCallbackURL, request.AccessToken, o)
	}
	if err := send(tfe.TaskResultCallbackRequestOptions{Status: tfe.TaskRunning, Message: "still at it"}); err != nil {
		t.Fatal(err)
	}
	bad := tfe.TaskResultCallbackRequestOptions{Status: tfe.TaskFailed, URL: "/reports/1"}
	if err := send(bad); err == nil || errors.Is(err, tfe.ErrInvalidTaskResultsCallbackStatus) {
		t.Errorf("a relative address is taken: %v", err)
	}
	err = send(tfe.TaskResultCallbackRequestOptions{
		Status: tfe.TaskFailed, Message: "two things", URL: "https://example.com/report",
		Outcomes: []*tfe.TaskResultOutcome{
			{OutcomeID: "a", Description: "first", Body: "# why\nbecause", URL: "https://example.com/a",
				Tags: map[string][]*tfe.TaskResultTag{"Status": {{Label: "Failed", Level: "error"}},
					"Severity": {{Label: "High", Level: "error"}, {Label: "plain"}}}},
			{OutcomeID: "b", Description: "second"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &Result{Status: "failed", Message: "two things", URL: "https://example.com/report", Outcomes: []Outcome{
		{ID: "a", Description: "first", Body: "# why\nbecause", URL: "https://example.com/a",
			Tags: map[string][]Tag{"Status": {{"Failed", "error"}}, "Severity": {{"High", "error"}, {Label: "plain"}}}},
		{ID: "b", Description: "second", Tags: map[string][]Tag{}},
	}}
	if got := run.Record().Result; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if beats := run.Record().Heartbeats; len(beats) != 1 || beats[0] != "still at it" {
		t.Errorf("heartbeats %q", beats)
	}
	if faults := run.Record().Faults; len(faults) != 1 || !strings.Contains(faults[0], "not absolute") {
		t.Errorf("faults %q", faults)
	}
}
