package runtask

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

func TestSignature(t *testing.T) {
	body := []byte(`{"a": 1}`)
	sign := func(key string) string { return hex.EncodeToString(Sign([]byte(key), body)) }
	for name, c := range map[string]struct {
		keys      []string
		signature string
		want      bool
	}{
		"fits":                         {[]string{"k"}, sign("k"), true},
		"old key during a rotation":    {[]string{"new", "old"}, sign("old"), true},
		"new key during a rotation":    {[]string{"new", "old"}, sign("new"), true},
		"another key":                  {[]string{"k"}, sign("other"), false},
		"missing":                      {[]string{"k"}, "", false},
		"not hex":                      {[]string{"k"}, "zz", false},
		"cut short":                    {[]string{"k"}, sign("k")[:64], false},
		"of the same JSON, serialized": {[]string{"k"}, hex.EncodeToString(Sign([]byte("k"), []byte(`{"a":1}`))), false},
	} {
		var keys Keys
		for _, k := range c.keys {
			keys = append(keys, []byte(k))
		}
		if got := keys.Verify(body, c.signature); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A task that was registered with another path is refused aloud.
func TestPath(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		run := w.hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
		code, err := w.hcp.Post(t.Context(), w.http, "https://task.example.com/run-task", run.Request())
		if err != nil || code != http.StatusNotFound {
			t.Errorf("answer %d, %v", code, err)
		}
		if !strings.Contains(w.logs.String(), "path /") {
			t.Errorf("the log does not say why: %s", w.logs)
		}
		if !strings.Contains(w.logs.String(), `"remote":"192.0.2.7:4711"`) {
			t.Errorf("the log does not say who asked: %s", w.logs)
		}
	})
}

// What a request is answered before anything is worked on.
func TestAnswers(t *testing.T) {
	valid := func(m map[string]any) {}
	set := func(key string, value any) func(map[string]any) { return func(m map[string]any) { m[key] = value } }
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   int
	}{
		"valid":                      {valid, http.StatusOK},
		"unknown member":             {set("added_next_year", map[string]any{"a": 1}), http.StatusOK},
		"verification":               {set("access_token", "test-token"), http.StatusOK},
		"no token":                   {set("access_token", ""), http.StatusBadRequest},
		"token that breaks a header": {set("access_token", "a\r\nX: y"), http.StatusBadRequest},
		"no result id":               {set("task_result_id", nil), http.StatusBadRequest},
		"id that is too long":        {set("task_result_id", strings.Repeat("x", maxID+1)), http.StatusBadRequest},
		"host that is too long":      {set("task_result_callback_url", "https://"+strings.Repeat("x", 200000)+"/"), http.StatusBadRequest},
		"payload version 2":          {set("payload_version", 2), http.StatusBadRequest},
		"wrong type":                 {set("stage", 1), http.StatusBadRequest},
		"callback elsewhere":         {set("task_result_callback_url", "https://evil.example.com/"), http.StatusBadRequest},
		"callback without TLS":       {set("task_result_callback_url", "http://app.terraform.io/"), http.StatusBadRequest},
		"callback with credentials":  {set("task_result_callback_url", "https://a:b@app.terraform.io/"), http.StatusBadRequest},
		"callback, other port":       {set("task_result_callback_url", "https://app.terraform.io:8443/"), http.StatusBadRequest},
		"callback to the archive":    {set("task_result_callback_url", "https://archivist.terraform.io/"), http.StatusBadRequest},
		"callback to metadata":       {set("task_result_callback_url", "https://169.254.169.254/"), http.StatusBadRequest},
		"too large":                  {set("run_message", strings.Repeat("x", maxRequest)), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t)
				run := w.hcp.Add(&hcptest.Run{Plan: planFile(hardened), Change: c.change})
				code, err := w.hcp.Post(t.Context(), w.http, "https://task.example.com/", run.Request())
				if err != nil || code != c.want {
					t.Errorf("answer %d, %v; want %d", code, err, c.want)
				}
				if l := w.logs.String(); len(l) > 4<<10 {
					t.Errorf("%d bytes of log", len(l))
				}
			})
		})
	}
}

func TestWrongSignature(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		run := w.hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
		for name, signature := range map[string]string{
			"none": "", "another key": hcptest.Sign([]byte("wrong"), run.Request()), "another body": hcptest.Sign(testKey, []byte("{}")),
		} {
			for _, verification := range []bool{false, true} {
				run.Change = nil
				if verification {
					run.Change = func(m map[string]any) { m["access_token"] = "test-token" }
				}
				req, err := http.NewRequest(http.MethodPost, "https://task.example.com/", bytes.NewReader(run.Request()))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("X-TFC-Task-Signature", signature)
				resp, err := w.http.Do(req)
				if err != nil || resp.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s, verification %v: %v %v", name, verification, resp.StatusCode, err)
				}
			}
		}
		if len(w.hcp.Reached()) > 0 {
			t.Errorf("reached %v", w.hcp.Reached())
		}
	})
}

// FuzzRequest feeds arbitrary bodies with a valid signature: none may crash the
// parser, what is refused says so in one line, and what is accepted has all that
// an answer needs: a token that fits into a header, and addresses that are
// fetched only from the hosts allowed.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"payload_version":1,"stage":"post_plan","access_token":"t","task_result_id":"i",` +
		`"task_result_callback_url":"https://app.terraform.io/x"}`))
	f.Add([]byte(`{"payload_version":1,"stage":"post_plan","access_token":"t","task_result_id":"i",` +
		`"task_result_callback_url":"https://app.terraform.io@169.254.169.254/x","plan_json_api_url":"https://[::1]/"}`))
	f.Add([]byte(`{"access_token":"test-token"}`))
	f.Add([]byte(`{"capabilitites":{"outcomes":true},"capabilities":null}`))
	f.Add([]byte(`[]`))
	f.Add([]byte("{\"stage\":\"\xff\"}"))
	hosts, err := newHosts(nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseRequest(raw)
		if err != nil {
			if r != nil || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("request %v, error %q", r, err)
			}
			return
		}
		if r.IsVerification() {
			return
		}
		if r.AccessToken == "" || r.TaskResultID == "" || r.CallbackURL == "" || r.Stage == "" || r.PayloadVersion != 1 {
			t.Errorf("accepted %+v", r)
		}
		for _, address := range []string{r.CallbackURL, r.PlanURL, r.ConfigurationURL} {
			u, err := hosts.check(address)
			if err != nil {
				continue
			}
			if u.Scheme != "https" || u.User != nil || !strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), DefaultHost) {
				t.Errorf("allowed %s", address)
			}
			req, err := http.NewRequest(http.MethodGet, u.String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+r.AccessToken)
			if err := req.Write(io.Discard); err != nil {
				t.Errorf("cannot be sent: %v", err)
			}
			if host := req.URL.Hostname(); !strings.EqualFold(strings.TrimSuffix(host, "."), DefaultHost) {
				t.Errorf("%s leads to %s", address, host)
			}
		}
	})
}

// FuzzSignature feeds arbitrary headers: nothing but the hex of the right
// signature, in either case, is ever taken.
func FuzzSignature(f *testing.F) {
	body := []byte(`{"a": 1}`)
	right := hex.EncodeToString(Sign(testKey, body))
	f.Add(body, right)
	f.Add(body, strings.ToUpper(right))
	f.Add(body, right[:64])
	f.Add(body, "")
	f.Add([]byte{}, strings.Repeat("0", 128))
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		want := strings.EqualFold(hex.EncodeToString(Sign(testKey, body)), signature)
		if got := (Keys{[]byte("another"), testKey}).Verify(body, signature); got != want {
			t.Errorf("%q for %q: %v, want %v", signature, body, got, want)
		}
		if (Keys{}).Verify(body, signature) {
			t.Error("no key takes a signature")
		}
	})
}

// A key that can be guessed signs nothing, whoever gives it.
func TestNewRefusesShortKeys(t *testing.T) {
	for _, key := range []string{"", "CANARY", strings.Repeat("k", MinKey-1)} {
		_, err := New(Options{Hosts: []string{DefaultHost}, Keys: Keys{testKey, []byte(key)}})
		if err == nil || !strings.Contains(err.Error(), "at least 32") || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("a key of %d bytes: %v", len(key), err)
		}
	}
	if _, err := New(Options{Hosts: []string{DefaultHost}, Keys: Keys{[]byte(strings.Repeat("k", MinKey))}}); err != nil {
		t.Error(err)
	}
}
