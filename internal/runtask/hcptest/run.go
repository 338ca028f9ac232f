package hcptest

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// The limits of HCP Terraform for a task.
const (
	NoProgress = 10 * time.Minute
	Total      = 60 * time.Minute
)

// Run is one run with a task, and the faults to play. Set the exported fields
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

	NotReady       int   // 204s before the plan is there; negative for ever
	PlanCodes      []int // other answers before the plan
	CallbackCodes  []int // answers to final results before one is taken
	HeartbeatCodes []int // answers to heartbeats before one is taken

	// Change alters the request before it is signed.
	Change func(map[string]any)

	*live
}

// live is what becomes of a run.
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

// Outcome is one of its outcomes.
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

// Request is the body of the request for the task.
func (r *Run) Request() []byte {
	level := r.Level
	if level == "" {
		level = "mandatory"
	}
	m := map[string]any{
		"payload_version": 1, "stage": r.Stage, "access_token": r.token, "is_speculative": false,
		"organization_name": r.Organization, "project_id": "prj-1", "project_name": r.Project,
		"workspace_id": "ws-" + r.id, "workspace_name": r.Workspace, "workspace_app_url": "https://" + r.hcp.host + "/app/acme/" + r.Workspace,
		"workspace_working_directory": r.Directory,
		"run_id":                      "run-" + r.id, "run_app_url": "https://" + r.hcp.host + "/app/acme/runs/run-" + r.id, "run_created_at": "2026-01-02T03:04:05.000Z",
		"run_created_by": "ada", "run_message": "Triggered via UI", "task_result_id": "taskrs-" + r.id,
		"task_result_callback_url":      "https://" + r.hcp.host + "/api/v2/task-results/" + r.id + "/callback",
		"task_result_enforcement_level": level, "vcs_branch": nil, "vcs_commit_url": nil, "vcs_pull_request_url": nil, "vcs_repo_url": nil,
		"configuration_version_id": nil, "configuration_version_download_url": nil,
	}
	capabilities := map[string]any{"outcomes": !r.NoOutcomes}
	if r.Misspelled {
		m["capabilitites"] = capabilities
	} else {
		m["capabilities"] = capabilities
	}
	if len(r.Configuration) > 0 {
		m["configuration_version_id"] = "cv-" + r.id
		m["configuration_version_download_url"] = "https://" + r.hcp.host + "/api/v2/configuration-versions/" + r.id + "/download"
	}
	if r.Stage != "pre_plan" {
		m["plan_json_api_url"] = "https://" + r.hcp.host + "/api/v2/plans/" + r.id + "/json-output"
	}
	if r.Change != nil {
		r.Change(m)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err) // the members above always marshal
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

// Result is what was reported last as final; nil when nothing was.
func (r *Run) Result() *Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}

// Faults are violations of the protocol, in words; none is a fault that the run played.
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

// Wait waits until the task has ended, one way or another.
func (r *Run) Wait(ctx context.Context) error {
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("run %s: %w", r.id, ctx.Err())
	}
}

// begin starts the limits.
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

// end needs the lock.
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
