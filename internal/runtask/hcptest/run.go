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
	id     string
	token  string
	mu     sync.Mutex
	last   time.Time
	start  time.Time
	state  string
	result *Result
	faults []string
	beats  []string
	tries  int
	ended  chan struct{}
	timers []*time.Timer
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

// ID is the id of the run, and part of every other id.
func (r *Run) ID() string { return r.id }

// Token is the access token of the task.
func (r *Run) Token() string { return r.token }

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
		PayloadVersion: 1, RunAppURL: app + "runs/run-" + r.id, RunCreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), RunCreatedBy: "ada",
		RunID: "run-" + r.id, RunMessage: "Triggered via UI", Stage: r.Stage, TaskResultCallbackURL: api + "task-results/" + r.id + "/callback",
		TaskResultEnforcementLevel: string(level), TaskResultID: "taskrs-" + r.id, WorkspaceAppURL: app + r.Workspace,
		WorkspaceID: "ws-" + r.id, WorkspaceName: r.Workspace, WorkspaceWorkingDirectory: r.Directory,
	}
	if len(r.Configuration) > 0 {
		documented.ConfigurationVersionID = "cv-" + r.id
		documented.ConfigurationVersionDownloadURL = api + "configuration-versions/" + r.id + "/download"
	}
	if r.Stage != string(tfe.PrePlan) {
		documented.PlanJSONAPIURL = api + "plans/" + r.id + "/json-output"
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

// State is passed, failed, errored (a limit was passed) or running.
func (r *Run) State() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// Result is the final result that was accepted; nil where there is none.
func (r *Run) Result() *Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}

// Faults are the violations of the protocol by the service, in words.
func (r *Run) Faults() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.faults...)
}

// Heartbeats are the messages of the running reports.
func (r *Run) Heartbeats() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.beats...)
}

// Tries is the number of final reports, refused ones included.
func (r *Run) Tries() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

// Took is the time from delivery to the end.
func (r *Run) Took() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last.Sub(r.start)
}

// Wait waits until the task has ended, with or without a result.
func (r *Run) Wait(ctx context.Context) error {
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("run %s: %w", r.id, ctx.Err())
	}
}

// begin starts the clocks of the limits.
func (r *Run) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.start.IsZero() {
		return
	}
	r.start, r.last = time.Now(), time.Now()
	expire := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.end("errored")
	}
	r.timers = []*time.Timer{time.AfterFunc(NoProgress, expire), time.AfterFunc(Total, expire)}
}

// end ends the run; the caller holds the lock.
func (r *Run) end(state string) {
	if r.state != "running" {
		return
	}
	r.state, r.last = state, time.Now()
	for _, t := range r.timers {
		t.Stop()
	}
	close(r.ended)
}

func (r *Run) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}
