package runtask

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-tfe"
	"github.com/hashicorp/jsonapi"
)

// newerThanGoTFE are the members of a request that are documented and that
// go-tfe's type does not have: the project, and the spelling of today.
var newerThanGoTFE = map[string]bool{"project_name": true, "capabilities": true}

// A request as go-tfe declares it arrives here with every member that is used.
func TestRequestIsGoTFEs(t *testing.T) {
	theirs := map[string]bool{}
	for f := range reflect.TypeFor[tfe.RunTaskRequest]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		theirs[name] = true
	}
	for f := range reflect.TypeFor[Request]().Fields() {
		if name := f.Tag.Get("json"); !theirs[name] && !newerThanGoTFE[name] {
			t.Errorf("go-tfe knows no member %q", name)
		}
	}
	raw, err := json.Marshal(tfe.RunTaskRequest{
		AccessToken: "token", Capabilitites: tfe.RunTaskRequestCapabilitites{Outcomes: true},
		ConfigurationVersionDownloadURL: "https://app.terraform.io/cv", ConfigurationVersionID: "cv-1", IsSpeculative: true,
		OrganizationName: "acme", PayloadVersion: 1, PlanJSONAPIURL: "https://app.terraform.io/plan", RunAppURL: "https://app.terraform.io/run",
		RunCreatedAt: time.Unix(0, 0), RunCreatedBy: "ada", RunID: "run-1", RunMessage: "hello", Stage: string(tfe.PostPlan),
		TaskResultCallbackURL: "https://app.terraform.io/callback", TaskResultEnforcementLevel: string(tfe.Mandatory), TaskResultID: "taskrs-1",
		VcsBranch: "main", WorkspaceAppURL: "https://app.terraform.io/ws", WorkspaceID: "ws-1", WorkspaceName: "redis",
		WorkspaceWorkingDirectory: "env/prod",
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseRequest(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := &Request{
		PayloadVersion: 1, Stage: PostPlan, AccessToken: "token", TaskResultID: "taskrs-1", CallbackURL: "https://app.terraform.io/callback",
		EnforcementLevel: "mandatory", Organization: "acme", Workspace: "redis", WorkspaceID: "ws-1", WorkingDirectory: "env/prod",
		RunID: "run-1", RunAppURL: "https://app.terraform.io/run", PlanURL: "https://app.terraform.io/plan",
		ConfigurationURL: "https://app.terraform.io/cv", Misspelled: capabilities{Outcomes: true},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for stage, theirs := range map[Stage]tfe.Stage{PrePlan: tfe.PrePlan, PostPlan: tfe.PostPlan, PreApply: tfe.PreApply,
		PostApply: tfe.PostApply} {
		if string(stage) != string(theirs) {
			t.Errorf("stage %q, go-tfe says %q", stage, theirs)
		}
	}
	for status, theirs := range map[Status]tfe.TaskResultStatus{Running: tfe.TaskRunning, Passed: tfe.TaskPassed, Failed: tfe.TaskFailed} {
		if string(status) != string(theirs) {
			t.Errorf("status %q, go-tfe says %q", status, theirs)
		}
	}
}

// What is reported is, byte for byte, what go-tfe's types make of the same.
func TestCallbackIsGoTFEs(t *testing.T) {
	for name, c := range map[string]struct {
		ours   Result
		theirs tfe.TaskResultCallbackRequestOptions
	}{
		"heartbeat": {
			Result{Status: Running, Message: "reading the plan"},
			tfe.TaskResultCallbackRequestOptions{Status: tfe.TaskRunning, Message: "reading the plan"},
		},
		"bare": {Result{Status: Passed}, tfe.TaskResultCallbackRequestOptions{Status: tfe.TaskPassed}},
		"everything": {
			Result{Status: Failed, Message: "m <&> é", URL: "https://example.com/?a=b&c", Outcomes: []*Outcome{
				{OutcomeID: "NS-2/x", Description: "d", Body: "line\nline `x`", URL: "https://example.com/",
					Tags: map[string][]Tag{"Status": {{"Failed", LevelError}}, "Severity": {{"Low", LevelInfo}, {"plain", ""}}}},
				{OutcomeID: "b", Description: "e"},
			}},
			tfe.TaskResultCallbackRequestOptions{Status: tfe.TaskFailed, Message: "m <&> é", URL: "https://example.com/?a=b&c",
				Outcomes: []*tfe.TaskResultOutcome{
					{OutcomeID: "NS-2/x", Description: "d", Body: "line\nline `x`", URL: "https://example.com/",
						Tags: map[string][]*tfe.TaskResultTag{"Status": {{Label: "Failed", Level: "error"}},
							"Severity": {{Label: "Low", Level: "info"}, {Label: "plain"}}}},
					{OutcomeID: "b", Description: "e"},
				}},
		},
	} {
		ours, err := c.ours.payload()
		if err != nil {
			t.Fatal(err)
		}
		var theirs bytes.Buffer
		if err := jsonapi.MarshalPayloadWithoutIncluded(&theirs, &c.theirs); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ours, theirs.Bytes()) {
			t.Errorf("%s:\n%s\ngo-tfe says\n%s", name, ours, &theirs)
		}
	}
}
