package hcptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-tfe"
	"github.com/hashicorp/jsonapi"
)

// The payload of a callback has the members that go-tfe declares (a test compares
// the two). jsonapi cannot decode go-tfe's own type of tags, a map of slices, so
// tags are decoded as any.
type (
	payload struct {
		ID       string               `jsonapi:"primary,task-results"`
		Status   tfe.TaskResultStatus `jsonapi:"attr,status"`
		Message  string               `jsonapi:"attr,message,omitempty"`
		URL      string               `jsonapi:"attr,url,omitempty"`
		Outcomes []*outcome           `jsonapi:"relation,outcomes,omitempty"`
	}
	outcome struct {
		ID          string         `jsonapi:"primary,task-result-outcomes"`
		OutcomeID   string         `jsonapi:"attr,outcome-id,omitempty"`
		Description string         `jsonapi:"attr,description,omitempty"`
		Body        string         `jsonapi:"attr,body,omitempty"`
		URL         string         `jsonapi:"attr,url,omitempty"`
		Tags        map[string]any `jsonapi:"attr,tags,omitempty"`
	}
)

// maxBody is the recommended largest size of an outcome's body.
const maxBody = 1 << 20

func parse(raw []byte) (*Result, error) {
	var p payload
	if err := jsonapi.UnmarshalPayload(bytes.NewReader(raw), &p); err != nil {
		return nil, err
	}
	if err := strict(raw, &p); err != nil {
		return nil, err
	}
	r := &Result{Status: string(p.Status), Message: p.Message, URL: p.URL}
	switch {
	case p.ID != "":
		return nil, errors.New("it has an id: the address names the result")
	case !slices.Contains([]tfe.TaskResultStatus{tfe.TaskRunning, tfe.TaskPassed, tfe.TaskFailed}, p.Status):
		return nil, fmt.Errorf("the status is %q", p.Status)
	case strings.ContainsAny(p.Message, "\n\r"):
		return nil, errors.New("the message has several lines")
	case p.URL != "" && !absolute(p.URL):
		return nil, errors.New("the url is not absolute")
	}
	seen := map[string]bool{}
	for _, o := range p.Outcomes {
		out, err := o.check()
		if err != nil {
			return nil, fmt.Errorf("outcome %q: %w", o.OutcomeID, err)
		}
		if seen[out.ID] {
			return nil, fmt.Errorf("two outcomes are called %q", out.ID)
		}
		seen[out.ID] = true
		r.Outcomes = append(r.Outcomes, *out)
	}
	return r, nil
}

// strict refuses members that jsonapi ignores: they are missing when the decoded
// payload is encoded again.
func strict(raw []byte, p *payload) error {
	var understood bytes.Buffer
	if err := jsonapi.MarshalPayloadWithoutIncluded(&understood, p); err != nil {
		return err
	}
	var sent, known any
	if err := json.Unmarshal(raw, &sent); err != nil {
		return err // jsonapi ignores what follows the first value
	}
	if err := json.Unmarshal(understood.Bytes(), &known); err != nil {
		return err
	}
	if !reflect.DeepEqual(sent, known) {
		return errors.New("it has a member, a type or an empty value that is not documented")
	}
	return nil
}

func (o *outcome) check() (*Outcome, error) {
	switch {
	case o.ID != "":
		return nil, errors.New("it has an id beside its outcome-id")
	case o.OutcomeID == "" || o.Description == "":
		return nil, errors.New("id or description is missing")
	case strings.ContainsAny(o.Description, "\n\r"):
		return nil, errors.New("the description has several lines")
	case len(o.Body) > maxBody:
		return nil, fmt.Errorf("the body has %d bytes", len(o.Body))
	case o.URL != "" && !absolute(o.URL):
		return nil, errors.New("the url is not absolute")
	}
	tags, err := tagsOf(o.Tags)
	if err != nil {
		return nil, err
	}
	out := &Outcome{ID: o.OutcomeID, Description: o.Description, Body: o.Body, URL: o.URL, Tags: map[string][]Tag{}}
	for name, list := range tags {
		for _, t := range list {
			if t == nil || t.Label == "" || !slices.Contains([]string{"", "none", "info", "warning", "error"}, t.Level) {
				return nil, fmt.Errorf("tag %s: %+v", name, t)
			}
			out.Tags[name] = append(out.Tags[name], Tag{t.Label, t.Level})
		}
	}
	return out, nil
}

// tagsOf decodes tags into go-tfe's type, strictly.
func tagsOf(decoded map[string]any) (tags map[string][]*tfe.TaskResultTag, err error) {
	raw, err := json.Marshal(decoded)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return tags, d.Decode(&tags)
}
func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func (h *HCP) callback(w http.ResponseWriter, r *http.Request) {
	run := h.run(r.PathValue("id"))
	raw, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if run == nil || err != nil {
		http.NotFound(w, r)
		return
	}
	result, err := parse(raw)
	if err == nil && result.Status == string(tfe.TaskRunning) && run.HeartbeatDelay > 0 {
		select {
		case <-time.After(run.HeartbeatDelay):
		case <-r.Context().Done():
			return
		}
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	refuse := func(code int, format string, args ...any) {
		run.record.Faults = append(run.record.Faults, fmt.Sprintf(format, args...))
		w.WriteHeader(code)
	}
	switch {
	case r.Header.Get("Authorization") != "Bearer "+run.token:
		refuse(http.StatusUnauthorized, "callback without the task's token")
		return
	case r.Header.Get("Content-Type") != "application/vnd.api+json":
		refuse(http.StatusUnprocessableEntity, "callback of type %q", r.Header.Get("Content-Type"))
		return
	case err != nil:
		refuse(http.StatusUnprocessableEntity, "callback: %v", err)
		return
	case run.record.State != "running":
		refuse(http.StatusNotFound, "callback %s after the end (%s)", result.Status, run.record.State)
		return
	}
	codes := &run.CallbackCodes
	if result.Status == "running" {
		codes = &run.HeartbeatCodes
	} else {
		run.record.Tries++
	}
	if len(*codes) > 0 {
		code := (*codes)[0]
		*codes = (*codes)[1:]
		w.WriteHeader(code)
		return
	}
	if result.Status == "running" {
		run.record.Heartbeats = append(run.record.Heartbeats, result.Message)
		if len(run.timers) > 0 {
			run.timers[0].Reset(NoProgress)
		}
		return
	}
	run.record.Result = result
	run.end(result.Status)
}
