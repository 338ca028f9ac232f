package runtask

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxRequest is the largest size in bytes of a request that is read. Real requests
// have a few thousand bytes; the run message is their only long text.
const maxRequest = 256 << 10

// maxID is the largest size in bytes of a task result's id; real ids have 23.
const maxID = 200

// testToken is the access token of a verification request, which only asks whether
// the service answers, and has no callback.
const testToken = "test-token"

// Stage is the stage of a run at which the task is called.
type Stage string

// The stages.
const (
	PrePlan   Stage = "pre_plan"
	PostPlan  Stage = "post_plan"
	PreApply  Stage = "pre_apply"
	PostApply Stage = "post_apply"
)

// Request is a run task request, with the members that the service uses.
type Request struct {
	PayloadVersion   int    `json:"payload_version"`
	Stage            Stage  `json:"stage"`
	AccessToken      string `json:"access_token"`
	TaskResultID     string `json:"task_result_id"`
	CallbackURL      string `json:"task_result_callback_url"`
	EnforcementLevel string `json:"task_result_enforcement_level"`

	Organization     string `json:"organization_name"`
	Project          string `json:"project_name"`
	Workspace        string `json:"workspace_name"`
	WorkspaceID      string `json:"workspace_id"`
	WorkingDirectory string `json:"workspace_working_directory"`
	RunID            string `json:"run_id"`
	RunAppURL        string `json:"run_app_url"`

	PlanURL          string `json:"plan_json_api_url"`
	ConfigurationURL string `json:"configuration_version_download_url"`

	Capabilities capabilities `json:"capabilities"`
	// Misspelled are the capabilities as older senders spell their name.
	Misspelled capabilities `json:"capabilitites"`
}

type capabilities struct {
	Outcomes bool `json:"outcomes"`
}

// ParseRequest decodes a request, and refuses one whose result could not be reported.
// Errors never hold a value of the request.
func ParseRequest(raw []byte) (*Request, error) {
	var r Request
	if err := json.Unmarshal(raw, &r); err != nil {
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			return nil, fmt.Errorf("the body is not JSON (at byte %d)", syntax.Offset)
		case errors.As(err, &kind) && kind.Field != "":
			return nil, fmt.Errorf("%s has the wrong type", kind.Field)
		default:
			return nil, errors.New("the body is not a JSON object")
		}
	}
	if r.IsVerification() {
		return &r, nil
	}
	for _, required := range []struct{ name, value string }{
		{"access_token", r.AccessToken},
		{"stage", string(r.Stage)},
		{"task_result_id", r.TaskResultID},
		{"task_result_callback_url", r.CallbackURL},
	} {
		if required.value == "" {
			return nil, fmt.Errorf("%s is missing", required.name)
		}
	}
	// Thousands of ids are remembered for an hour.
	if len(r.TaskResultID) > maxID {
		return nil, errors.New("task_result_id is too long")
	}
	// The token is sent in a header.
	if strings.ContainsFunc(r.AccessToken, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, errors.New("access_token is not a token")
	}
	if r.PayloadVersion != 1 {
		return nil, fmt.Errorf("payload_version %d is not known: this service speaks version 1", r.PayloadVersion)
	}
	return &r, nil
}

// IsVerification reports whether the request only asks whether the service answers.
func (r *Request) IsVerification() bool { return r.AccessToken == testToken }

// Outcomes reports whether the sender shows outcomes.
func (r *Request) Outcomes() bool { return r.Capabilities.Outcomes || r.Misspelled.Outcomes }
