package hcptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The payload of a callback, as documented; any other member is refused.
type (
	payload struct {
		Data struct {
			Type       string `json:"type"`
			Attributes struct {
				Status  string  `json:"status"`
				Message *string `json:"message"`
				URL     *string `json:"url"`
			} `json:"attributes"`
			Relationships *struct {
				Outcomes struct {
					Data []outcome `json:"data"`
				} `json:"outcomes"`
			} `json:"relationships"`
		} `json:"data"`
	}
	outcome struct {
		Type       string `json:"type"`
		Attributes struct {
			ID          string `json:"outcome-id"`
			Description string `json:"description"`
			Body        string `json:"body"`
			URL         string `json:"url"`
			Tags        map[string][]struct {
				Label string `json:"label"`
				Level string `json:"level"`
			} `json:"tags"`
		} `json:"attributes"`
	}
)

// maxBody is the recommended size of an outcome's body.
const maxBody = 1 << 20

func parse(raw []byte) (*Result, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var p payload
	if err := dec.Decode(&p); err != nil {
		return nil, err
	}
	a := p.Data.Attributes
	r := &Result{Status: a.Status}
	switch {
	case p.Data.Type != "task-results":
		return nil, fmt.Errorf("data.type is %q", p.Data.Type)
	case !slices.Contains([]string{"running", "passed", "failed"}, a.Status):
		return nil, fmt.Errorf("the status is %q", a.Status)
	}
	if a.Message != nil {
		if r.Message = *a.Message; strings.ContainsAny(r.Message, "\n\r") {
			return nil, fmt.Errorf("the message has several lines")
		}
	}
	if a.URL != nil {
		if r.URL = *a.URL; !absolute(r.URL) {
			return nil, fmt.Errorf("the url is not absolute")
		}
	}
	if p.Data.Relationships == nil {
		return r, nil
	}
	seen := map[string]bool{}
	for _, o := range p.Data.Relationships.Outcomes.Data {
		out, err := o.check()
		if err != nil {
			return nil, fmt.Errorf("outcome %q: %w", o.Attributes.ID, err)
		}
		if seen[out.ID] {
			return nil, fmt.Errorf("two outcomes are called %q", out.ID)
		}
		seen[out.ID] = true
		r.Outcomes = append(r.Outcomes, *out)
	}
	return r, nil
}

func (o *outcome) check() (*Outcome, error) {
	a := o.Attributes
	switch {
	case o.Type != "task-result-outcomes":
		return nil, fmt.Errorf("its type is %q", o.Type)
	case a.ID == "" || a.Description == "":
		return nil, fmt.Errorf("id or description is missing")
	case strings.ContainsAny(a.Description, "\n\r"):
		return nil, fmt.Errorf("the description has several lines")
	case len(a.Body) > maxBody:
		return nil, fmt.Errorf("the body has %d bytes", len(a.Body))
	case a.URL != "" && !absolute(a.URL):
		return nil, fmt.Errorf("the url is not absolute")
	}
	out := &Outcome{ID: a.ID, Description: a.Description, Body: a.Body, URL: a.URL, Tags: map[string][]Tag{}}
	for name, tags := range a.Tags {
		for _, t := range tags {
			if t.Label == "" || !slices.Contains([]string{"", "none", "info", "warning", "error"}, t.Level) {
				return nil, fmt.Errorf("tag %s: %+v", name, t)
			}
			out.Tags[name] = append(out.Tags[name], Tag{t.Label, t.Level})
		}
	}
	return out, nil
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
	run.mu.Lock()
	defer run.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+run.token {
		run.fault("callback without the task's token")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Header.Get("Content-Type") != "application/vnd.api+json" {
		run.fault("callback of type %q", r.Header.Get("Content-Type"))
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	result, err := parse(raw)
	if err != nil {
		run.fault("callback: %v", err)
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	if run.state != "running" {
		run.fault("callback %s after the end (%s)", result.Status, run.state)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	codes := &run.CallbackCodes
	if result.Status == "running" {
		codes = &run.HeartbeatCodes
	} else {
		run.tries++
	}
	if len(*codes) > 0 {
		code := (*codes)[0]
		*codes = (*codes)[1:]
		w.WriteHeader(code)
		return
	}
	if result.Status == "running" {
		run.beats = append(run.beats, result.Message)
		if len(run.timers) > 0 {
			run.timers[0].Reset(NoProgress)
		}
		return
	}
	run.result = result
	run.end(result.Status)
}
