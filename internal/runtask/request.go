package runtask

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxRequest is the size in bytes of a request that is read at most. Real ones
// have a few thousand; the run message is the only long text in them.
const maxRequest = 256 << 10

// maxID is the size in bytes of a task result's id; real ones have 23.
const maxID = 200

// testToken is the access token of a verification request: it asks whether the
// service is there, and there is nobody to call back.
const testToken = "test-token"

// Stage is the moment of a run at which a task is called.
type Stage string

// The stages.
const (
	PrePlan   Stage = "pre_plan"
	PostPlan  Stage = "post_plan"
	PreApply  Stage = "pre_apply"
	PostApply Stage = "post_apply"
)

// Request is what is used of a run task request; other members are ignored.
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
	// Misspelled is how older senders call Capabilities.
	Misspelled capabilities `json:"capabilitites"`
}

type capabilities struct {
	Outcomes bool `json:"outcomes"`
}

// ParseRequest decodes a request and refuses one that nobody could be told the
// result of. Errors never hold a value of the request.
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
	// It is remembered for an hour, among thousands.
	if len(r.TaskResultID) > maxID {
		return nil, errors.New("task_result_id is too long")
	}
	// It goes into a header line.
	if strings.ContainsFunc(r.AccessToken, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, errors.New("access_token is not a token")
	}
	if r.PayloadVersion != 1 {
		return nil, fmt.Errorf("payload_version %d is not known: this service speaks version 1", r.PayloadVersion)
	}
	return &r, nil
}

// IsVerification reports whether the request only asks whether the service is there.
func (r *Request) IsVerification() bool { return r.AccessToken == testToken }

// Outcomes reports whether the sender shows outcomes, under either spelling.
func (r *Request) Outcomes() bool { return r.Capabilities.Outcomes || r.Misspelled.Outcomes }
