package hcptest

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-tfe"
)

// The limits of HCP Terraform for a task.
const (
	NoProgress = 10 * time.Minute
	Total      = 60 * time.Minute
)

// Run is one run with a task, and the faults to simulate. Set the exported fields
// before it is added.
type Run struct {
	Stage         string // post_plan when empty
	Plan          func(io.Writer) error
	Sanitized     func(io.Writer) error // of a workspace that holds its own key: the plan itself is refused
	Configuration []byte                // a gzipped tar; none when empty
	Directory     string                // working directory in the configuration

	Organization, Project, Workspace string
	Level                            string // advisory or mandatory

	Misspelled bool // capabilities under the older spelling
	NoOutcomes bool // a sender that shows none

	Location       string // where the plan's redirect leads instead of the archive
	Hangups        int    // requests for the plan that get no answer
	NotReady       int    // answers 204 before the plan is ready; negative: always
	PlanCodes      []int  // other answers before the plan
	CallbackCodes  []int  // answers to final results before one is taken
	HeartbeatCodes []int  // answers to heartbeats before one is taken

	HeartbeatDelay time.Duration // before the answer to a heartbeat

	// Change alters the request before it is signed.
	Change func(map[string]any)

	*live
}

// live is the state of a run that was added.
type live struct {
	hcp    *HCP
	ID     string // of the run, and part of every other id
	token  string // access token of the task
	mu     sync.Mutex
	start  time.Time
	record Record
	ended  chan struct{}
	timers []*time.Timer
}

// Record is what has happened in a run.
type Record struct {
	State      string        // running, passed, failed, or errored: a limit was passed
	Result     *Result       // the final result that was accepted; nil where there is none
	Faults     []string      // violations of the protocol by the service, in words
	Heartbeats []string      // messages of the running reports
	Tries      int           // final reports, refused ones included
	Took       time.Duration // from delivery to the end
}

// Result is a task result as it was reported.
type Result struct {
	Status, Message, URL string
	Outcomes             []Outcome
}

// Outcome is an outcome of a task result.
type Outcome struct {
	ID, Description, Body, URL string
	Tags                       map[string][]Tag
}

// Tag is a label with a level.
type Tag struct{ Label, Level string }

// newer are the documented members that go-tfe's type does not have, or leaves out
// where the API sends null.
func (r *Run) newer() map[string]any {
	m := map[string]any{
		"project_id": "prj-1", "project_name": r.Project, "project_app_url": "https://" + r.hcp.host + "/app/acme/projects/prj-1",
		"vcs_branch": nil, "vcs_commit_hash": nil, "vcs_commit_url": nil, "vcs_pull_request_url": nil, "vcs_repo_url": nil,
	}
	if len(r.Configuration) == 0 {
		m["configuration_version_id"], m["configuration_version_download_url"] = nil, nil
	}
	return m
}

// Request is the body of the request for the task: the members of go-tfe's type and
// the newer ones, with either spelling of the capabilities.
func (r *Run) Request() []byte {
	level := tfe.Mandatory
	if r.Level != "" {
		level = tfe.TaskEnforcementLevel(r.Level)
	}
	api, app := "https://"+r.hcp.host+"/api/v2/", "https://"+r.hcp.host+"/app/acme/"
	documented := tfe.RunTaskRequest{
		AccessToken: r.token, Capabilitites: tfe.RunTaskRequestCapabilitites{Outcomes: !r.NoOutcomes}, OrganizationName: r.Organization,
		PayloadVersion: 1, RunAppURL: app + "runs/run-" + r.ID, RunCreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), RunCreatedBy: "ada",
		RunID: "run-" + r.ID, RunMessage: "Triggered via UI", Stage: r.Stage, TaskResultCallbackURL: api + "task-results/" + r.ID + "/callback",
		TaskResultEnforcementLevel: string(level), TaskResultID: "taskrs-" + r.ID, WorkspaceAppURL: app + r.Workspace,
		WorkspaceID: "ws-" + r.ID, WorkspaceName: r.Workspace, WorkspaceWorkingDirectory: r.Directory,
	}
	if len(r.Configuration) > 0 {
		documented.ConfigurationVersionID = "cv-" + r.ID
		documented.ConfigurationVersionDownloadURL = api + "configuration-versions/" + r.ID + "/download"
	}
	if r.Stage != string(tfe.PrePlan) {
		documented.PlanJSONAPIURL = api + "plans/" + r.ID + "/json-output"
	}
	var m map[string]any
	if err := json.Unmarshal(encode(documented), &m); err != nil {
		panic(err) // it was just encoded
	}
	maps.Copy(m, r.newer())
	if !r.Misspelled {
		m["capabilities"] = m["capabilitites"]
		delete(m, "capabilitites")
	}
	if r.Change != nil {
		r.Change(m)
	}
	return encode(m)
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // what comes in here always has a JSON form
	}
	return raw
}

// Sign returns the signature of a body; empty without a key, as it is sent then.
func Sign(key, body []byte) string {
	if len(key) == 0 {
		return ""
	}
	mac := hmac.New(sha512.New, key)
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Record returns what has happened so far.
func (r *Run) Record() Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	record := r.record
	record.Faults, record.Heartbeats = slices.Clone(record.Faults), slices.Clone(record.Heartbeats)
	return record
}

// Wait waits until the task has ended, with or without a result.
func (r *Run) Wait(ctx context.Context) error {
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("run %s: %w", r.ID, ctx.Err())
	}
}

// begin starts the clocks of the limits.
func (r *Run) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.start.IsZero() {
		return
	}
	r.start = time.Now()
	expire := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.end("errored")
	}
	r.timers = []*time.Timer{time.AfterFunc(NoProgress, expire), time.AfterFunc(Total, expire)}
}

// end ends the run; the caller holds the lock.
func (r *Run) end(state string) {
	if r.record.State != "running" {
		return
	}
	r.record.State, r.record.Took = state, time.Since(r.start)
	for _, t := range r.timers {
		t.Stop()
	}
	close(r.ended)
}
