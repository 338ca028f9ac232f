package runtask

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

func TestVerdicts(t *testing.T) {
	introduced := func(o *Options) { o.Rules = Rules{{Effect: Deny, Enforce: judge.EnforceIntroduced}} }
	strict := func(o *Options) { o.Rules = Rules{{Effect: Deny, Enforce: judge.EnforceAll, Strict: true}} }
	disabled := func(o *Options) { o.Rules = Rules{{Effect: Disabled}} }
	audit := func(*Options) {}
	for name, c := range map[string]struct {
		rules   func(*Options)
		run     hcptest.Run
		status  Status
		message string
	}{
		"Deny, violated":               {deny, hcptest.Run{Plan: planFile(insecure)}, Failed, "violations in"},
		"Audit, violated":              {audit, hcptest.Run{Plan: planFile(insecure)}, Passed, "(Audit: shown, and passed)"},
		"Deny, compliant":              {deny, hcptest.Run{Plan: planFile(hardened)}, Passed, "no violation"},
		"Deny, something introduced":   {introduced, hcptest.Run{Plan: planFile(existing)}, Failed, "1 introduced"},
		"Deny, nothing introduced":     {introduced, hcptest.Run{Plan: text(untouched)}, Passed, "none introduced"},
		"Deny, violated and undecided": {deny, hcptest.Run{Plan: planFile(locals)}, Failed, "1 undecided"},
		"strict":                       {strict, hcptest.Run{Plan: planFile(locals)}, Failed, "undecided"},
		"not judged": {deny, hcptest.Run{Plan: planFile(template)}, Passed,
			"1 other Redis not judged; azurerm_resource_group_template_deployment.t (Microsoft.Cache/redis) is not judged"},
		"strict, not judged":      {strict, hcptest.Run{Plan: planFile(template)}, Failed, "azurerm_resource_group_template_deployment.t"},
		"both services, violated": {deny, hcptest.Run{Plan: planFile(mixed)}, Failed, "violations in 2 of 2 caches"},
		"Disabled":                {disabled, hcptest.Run{Plan: planFile(insecure)}, Passed, "disables"},
		"pre_plan":                {deny, hcptest.Run{Stage: "pre_plan"}, Passed, "no plan to judge"},
		"pre_apply":               {deny, hcptest.Run{Stage: "pre_apply", Plan: planFile(insecure)}, Failed, "violations in"},
		"post_apply":              {deny, hcptest.Run{Stage: "post_apply", Plan: planFile(insecure)}, Failed, "violations in"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, c.rules)
				w.want(w.play(&c.run), c.status, c.message)
			})
		})
	}
}

// untouched is a plan that leaves a violating cache as it is.
const untouched = `{"format_version":"1.2","resource_changes":[{"address":"azurerm_redis_cache.old","mode":"managed",
  "type":"azurerm_redis_cache","name":"old",
	"provider_name":"registry.terraform.io/hashicorp/azurerm","change":{"actions":["no-op"],"before":` + oldCache + `,"after":` + oldCache + `,
	"after_unknown":{},"before_sensitive":{},"after_sensitive":{}}}],"complete":true,"errored":false}`

const oldCache = `{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Cache/redis/old",
  "name":"old","sku_name":"Standard",
	"family":"C","capacity":1,"minimum_tls_version":"1.0","non_ssl_port_enabled":false,"public_network_access_enabled":true}`

// Whatever cannot be judged fails, under every effect but Disabled.
func TestFailsClosed(t *testing.T) {
	for name, c := range map[string]struct {
		run  hcptest.Run
		want string
	}{
		"not a plan":           {hcptest.Run{Plan: text("<html>")}, "not judged"},
		"errored plan":         {hcptest.Run{Plan: text(`{"format_version":"1.2","resource_changes":[],"errored":true}`)}, "errored"},
		"unknown format":       {hcptest.Run{Plan: text(`{"format_version":"9.0","resource_changes":[]}`)}, "format version"},
		"empty plan":           {hcptest.Run{Plan: text("")}, "empty"},
		"no such plan":         {hcptest.Run{}, "404"},
		"Terraform 0.11":       {hcptest.Run{PlanCodes: repeat(422, 9), Plan: planFile(hardened)}, "before 0.12"},
		"plan address missing": {hcptest.Run{Change: func(m map[string]any) { delete(m, "plan_json_api_url") }}, "names no plan"},
		"plan elsewhere":       {hcptest.Run{Change: func(m map[string]any) { m["plan_json_api_url"] = "https://10.0.0.1/" }}, "may talk to"},
		"unknown stage":        {hcptest.Run{Stage: "mid_plan", Plan: planFile(hardened)}, "not known"},
		"never ready":          {hcptest.Run{NotReady: -1, Plan: planFile(hardened)}, "nothing moved"},
		"redirect nowhere":     {hcptest.Run{PlanCodes: repeat(307, 9), Plan: planFile(hardened)}, "answered 307 without a Location"},
		"server down":          {hcptest.Run{PlanCodes: repeat(503, 99), Plan: planFile(hardened)}, "503"},
		"breaks off":           {hcptest.Run{Plan: brokenPlan}, "broke off"},
	} {
		for _, effect := range []Effect{Audit, Deny} {
			t.Run(name+" "+string(effect), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, func(o *Options) { o.Rules = Rules{{Effect: effect, Enforce: judge.EnforceAll}} })
					run := c.run
					w.want(w.play(&run), Failed, c.want)
				})
			})
		}
	}
}

func repeat(code, n int) []int { return slices.Repeat([]int{code}, n) }

func brokenPlan(w io.Writer) error {
	_, _ = io.WriteString(w, `{"format_version":"1.2",`)
	w.(http.Flusher).Flush()
	return errors.New("broken")
}

// A panic while judging is a failed task, and its value is in no log.
func TestPanicFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Documents = baseline.Documents{nil} })
		w.want(w.play(&hcptest.Run{Plan: planFile(hardened)}), Failed, "internal error")
	})
}

func TestPlanNotReady(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		run := &hcptest.Run{NotReady: 5, Plan: planFile(hardened)}
		w.want(w.play(run), Passed, "no violation")
		if run.Record().Took < 30*time.Second {
			t.Errorf("asked again too fast: %v", run.Record().Took)
		}
	})
}

// Whoever waits for a plan keeps no one else from working.
func TestWaitingTakesNoPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny, func(o *Options) { o.Workers = 1 })
		waiting := &hcptest.Run{NotReady: 6, Plan: planFile(hardened)}
		w.deliver(waiting)
		synctest.Wait()
		other := &hcptest.Run{Plan: planFile(hardened)}
		w.want(w.play(other), Passed, "no violation")
		if other.Record().Took > 2*time.Second {
			t.Errorf("waited %v", other.Record().Took)
		}
		if err := waiting.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.want(waiting.Record().Result, Passed, "no violation")
	})
}

func TestPlanAfterFaults(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		w.want(w.play(&hcptest.Run{PlanCodes: []int{500, 401, 429, 204}, Plan: planFile(hardened)}), Passed, "no violation")
	})
}

// The archive is another host: it must not see the token, which hcptest checks
// on every run; and a redirect elsewhere is not followed.
func TestRedirect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		w.want(w.play(&hcptest.Run{Plan: planFile(hardened)}), Passed, "")
		if !slices.Contains(w.hcp.Reached(), hcptest.ArchiveHost+":443") {
			t.Errorf("reached %v", w.hcp.Reached())
		}
	})
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		w.service.client.hosts.archive = w.service.client.hosts.api
		w.want(w.play(&hcptest.Run{Plan: planFile(hardened)}), Failed, "redirect")
		if slices.Contains(w.hcp.Reached(), hcptest.ArchiveHost+":443") {
			t.Errorf("reached %v", w.hcp.Reached())
		}
	})
}

// A redirect that leads elsewhere is not followed, and what it says is neither
// shown nor logged (the world looks for it in the log): it may be a credential.
func TestBadRedirect(t *testing.T) {
	for location, want := range map[string]string{
		"https://archivist.terraform.io/%zz?secret-link":          "leads to no URL",
		"http://archivist.terraform.io/secret-link":               "not https",
		"https://archivist.terraform.io:8443/secret-link":         "may talk to",
		"https://archivist.terraform.io@evil.example.com/":        "credentials",
		"https://archivist.terraform.io.evil.example.com/":        "may talk to",
		"https://169.254.169.254/secret-link":                     "may talk to",
		"https://[::ffff:169.254.169.254]/secret-link":            "may talk to",
		"file:///proc/self/environ":                               "not https",
		"/api/v2/plans/1/json-output?secret-link":                 "401", // without the token
		"https://archivist.terraform.io/v1/object/no-secret-link": "403",
	} {
		t.Run(location, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t)
				result := w.play(&hcptest.Run{Plan: planFile(hardened), Location: location})
				w.want(result, Failed, want)
				if strings.Contains(result.Message, "secret-link") {
					t.Errorf("the address is shown: %s", result.Message)
				}
				for _, reached := range w.hcp.Reached() {
					if reached != hcptest.Host+":443" && reached != hcptest.ArchiveHost+":443" {
						t.Errorf("reached %s", reached)
					}
				}
			})
		})
	}
}

// A request that gets no answer is made again.
func TestNoAnswer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		w.want(w.play(&hcptest.Run{Hangups: 3, Plan: planFile(hardened)}), Passed, "no violation")
		w.want(w.play(&hcptest.Run{Hangups: 99, Plan: planFile(hardened)}), Failed, "not judged: the plan: EOF")
	})
}

// A workspace that holds its own key gives the plan without values: what was
// taken out is unknown, which is no violation and no proof.
func TestSanitizedPlan(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "cli", "testdata", "plans", insecure+".json"))
	if err != nil {
		t.Fatal(err)
	}
	known := `"public_network_access_enabled":true`
	if !strings.Contains(string(raw), known) {
		t.Fatal("the plan is another one")
	}
	sanitized := text(strings.ReplaceAll(string(raw), known, `"public_network_access_enabled":"REDACTED_SENSITIVE"`))
	for name, run := range map[string]*hcptest.Run{
		"the plan itself is refused": {Sanitized: sanitized},
		"named in the request": {Sanitized: sanitized, Change: func(m map[string]any) {
			m["plan_json_api_url"] = strings.Replace(m["plan_json_api_url"].(string), "json-output", "sanitized-plan", 1)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, deny)
				result := w.play(run)
				w.want(result, Failed, "sanitized")
				w.want(result, Failed, "1 undecided")
				for _, o := range result.Outcomes {
					if o.ID == "NS-2/disable-public-network-access" {
						t.Errorf("a verdict on what was taken out: %s", o.Body)
					}
				}
			})
		})
	}
}

func TestCallbackFaults(t *testing.T) {
	for name, c := range map[string]struct {
		codes    []int
		tries    int
		outcomes bool
	}{
		"each in turn":     {[]int{401, 422, 500}, 4, true},
		"too many":         {[]int{429, 503, 502}, 4, true},
		"refused twice":    {[]int{422, 422}, 3, false},
		"too large":        {[]int{413}, 2, false},
		"down for minutes": {repeat(500, 12), 13, true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, deny)
				run := &hcptest.Run{Plan: planFile(insecure), CallbackCodes: c.codes}
				w.want(w.play(run), Failed, "violations")
				if run.Record().Tries != c.tries || (len(run.Record().Result.Outcomes) > 0) != c.outcomes {
					t.Errorf("%d tries, %d outcomes", run.Record().Tries, len(run.Record().Result.Outcomes))
				}
			})
		})
	}
}

// A callback that is never taken ends the task within the hour, and is loud.
func TestCallbackNeverTaken(t *testing.T) {
	for name, codes := range map[string][]int{"down": repeat(500, 1000), "unauthorized": repeat(401, 1000), "gone": repeat(404, 1000),
		"refused": repeat(422, 1000)} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, deny)
				run := &hcptest.Run{Plan: planFile(insecure), CallbackCodes: codes}
				w.deliver(run)
				start := time.Now()
				w.service.tasks.Wait()
				if took := time.Since(start); took > hcptest.Total {
					t.Errorf("tried for %v", took)
				}
				if !strings.Contains(w.logs.String(), "result lost") {
					t.Errorf("no word of it in the log:\n%s", w.logs)
				}
			})
		})
	}
}

// Work that takes long is kept alive by heartbeats, and ends before the limit.
func TestHeartbeats(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		// A plan that trickles in: a little every 30 seconds, for 20 minutes.
		run := &hcptest.Run{HeartbeatCodes: []int{500}, Plan: trickle(40, 30*time.Second)}
		w.want(w.play(run), Passed, "no Azure Cache for Redis or Azure Managed Redis in this plan")
		if beats := len(run.Record().Heartbeats); beats < 18 {
			t.Errorf("%d heartbeats in %v", beats, run.Record().Took)
		}
	})
}

func TestDeadlines(t *testing.T) {
	for name, c := range map[string]struct {
		plan   func(io.Writer) error
		want   string
		within time.Duration
	}{
		"a plan that never ends":   {trickle(1000, 30*time.Second), "took longer", hcptest.Total},
		"a plan that stands still": {trickle(1000, time.Hour), "no byte came", hcptest.NoProgress},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t)
				run := &hcptest.Run{Plan: c.plan}
				w.want(w.play(run), Failed, c.want)
				if run.Record().Took > c.within {
					t.Errorf("took %v", run.Record().Took)
				}
			})
		})
	}
}

// trickle writes an empty plan slowly, with white space.
func trickle(n int, pause time.Duration) func(io.Writer) error {
	return func(w io.Writer) error {
		_, _ = io.WriteString(w, `{"format_version":"1.2",`)
		for range n {
			w.(http.Flusher).Flush()
			time.Sleep(pause) // the clock of the bubble
			if _, err := io.WriteString(w, " "); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, `"resource_changes":[]}`)
		return err
	}
}

// The same result delivered again, while it is worked on and after, is worked on once.
func TestRedelivery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		run := &hcptest.Run{NotReady: 3, Plan: planFile(hardened)}
		w.deliver(run)
		for range 5 {
			if code, err := w.hcp.Post(t.Context(), w.http, "https://task.example.com/", run.Request()); code != http.StatusOK || err != nil {
				t.Errorf("%d %v", code, err)
			}
		}
		if err := run.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if code, err := w.hcp.Post(t.Context(), w.http, "https://task.example.com/", run.Request()); code != http.StatusOK || err != nil {
			t.Errorf("%d %v", code, err)
		}
		w.service.tasks.Wait()
		if run.Record().Tries != 1 || len(run.Record().Faults) > 0 {
			t.Errorf("%d final reports, faults %q", run.Record().Tries, run.Record().Faults)
		}
	})
}

// A full service says so before it accepts, and takes the request when it is
// delivered again.
func TestFull(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Workers, o.Capacity = 1, 2 })
		slow := []*hcptest.Run{{Plan: trickle(1, 5*time.Second)}, {Plan: trickle(1, 5*time.Second)}}
		for _, run := range slow {
			if codes := w.deliver(run); !slices.Equal(codes, []int{200}) {
				t.Errorf("answers %v", codes)
			}
		}
		third := &hcptest.Run{Plan: planFile(hardened)}
		codes := w.deliver(third)
		if codes[0] != http.StatusServiceUnavailable || codes[len(codes)-1] != http.StatusOK {
			t.Errorf("answers %v", codes)
		}
		for _, run := range append(slow, third) {
			if err := run.Wait(t.Context()); err != nil || run.Record().State != "passed" {
				t.Errorf("run %s: %s %v", run.ID, run.Record().State, err)
			}
		}
	})
}

func TestRetryAfter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Capacity = 1 })
		w.deliver(&hcptest.Run{NotReady: 5, Plan: planFile(hardened)})
		run := w.hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
		body := run.Request()
		req, err := http.NewRequest(http.MethodPost, "https://task.example.com/", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-TFC-Task-Signature", hcptest.Sign(testKey, body))
		resp, err := w.http.Do(req)
		if err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%v %v", resp, err)
		}
	})
}

func TestCapabilities(t *testing.T) {
	for name, c := range map[string]struct {
		run      hcptest.Run
		outcomes bool
	}{
		"as documented now":    {hcptest.Run{}, true},
		"as it was misspelled": {hcptest.Run{Misspelled: true}, true},
		"not at all":           {hcptest.Run{NoOutcomes: true}, false},
		"neither":              {hcptest.Run{Change: func(m map[string]any) { delete(m, "capabilities") }}, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, deny)
				c.run.Plan = planFile(insecure)
				result := w.play(&c.run)
				w.want(result, Failed, "NS-2 Disable Public Network Access")
				if (len(result.Outcomes) > 0) != c.outcomes {
					t.Errorf("%d outcomes", len(result.Outcomes))
				}
			})
		})
	}
}

// One outcome per violated rule, with its tags, the caches and what to write.
func TestOutcomes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, deny)
		result := w.play(&hcptest.Run{Plan: planFile(insecure)})
		levels := map[string]hcptest.Tag{}
		for _, o := range result.Outcomes {
			levels[o.ID] = o.Tags["Severity"][0]
			if s := o.Tags["Status"]; len(s) != 1 || s[0] != (hcptest.Tag{Label: "Failed", Level: "error"}) {
				t.Errorf("%s: status %v", o.ID, s)
			}
			if !strings.Contains(o.Body, "azurerm_redis_cache.") || !strings.Contains(o.Body, "write: `") || o.URL == "" {
				t.Errorf("%s: %s\n%s", o.ID, o.URL, o.Body)
			}
		}
		for id, want := range map[string]hcptest.Tag{
			"NS-2/disable-public-network-access": {Label: "High", Level: "error"},
			"LT-4/azure-resource-logs":           {Label: "Medium", Level: "warning"},
		} {
			if levels[id] != want {
				t.Errorf("%s: %v, want %v", id, levels[id], want)
			}
		}
	})
}

func TestTagsOfOtherEffects(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		for _, o := range w.play(&hcptest.Run{Plan: planFile(insecure)}).Outcomes {
			if o.Tags["Status"][0] != (hcptest.Tag{Label: "Audit", Level: "warning"}) {
				t.Errorf("%s: %v", o.ID, o.Tags)
			}
		}
	})
	bubble(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Rules = Rules{{Effect: Deny, Enforce: judge.EnforceIntroduced}} })
		result := w.play(&hcptest.Run{Plan: text(untouched)})
		if len(result.Outcomes) == 0 {
			t.Error("what exists already is not shown")
		}
		for _, o := range result.Outcomes {
			if o.Tags["Status"][0].Level != "info" {
				t.Errorf("%s: %v", o.ID, o.Tags)
			}
		}
	})
}

// A service that stops says so of what it could not finish, and takes nothing more.
func TestShutdown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		quick := &hcptest.Run{Plan: trickle(1, 5*time.Second)}
		slow := &hcptest.Run{Plan: trickle(40, 30*time.Second)}
		w.deliver(quick)
		w.deliver(slow)
		synctest.Wait()
		ctx, cancel := contextFor(t, 10*time.Second)
		defer cancel()
		done := make(chan struct{})
		go func() { w.service.Shutdown(ctx, 10*time.Second); close(done) }()
		synctest.Wait()
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
			resp, err := w.http.Get("https://task.example.com" + path)
			if err != nil || resp.StatusCode != want {
				t.Errorf("%s: %v %v", path, resp, err)
			}
		}
		late := w.hcp.Add(&hcptest.Run{Plan: planFile(hardened)})
		if code, err := w.hcp.Post(t.Context(), w.http, "https://task.example.com/",
			late.Request()); code != http.StatusServiceUnavailable || err != nil {
			t.Errorf("a late request: %d %v", code, err)
		}
		<-done
		w.want(quick.Record().Result, Passed, "no Azure")
		w.want(slow.Record().Result, Failed, "stopped")
	})
}

// The word that a run could not be finished is not lost to a heartbeat that hangs
// when the time is up. The times are those of --shutdown-grace by default.
func TestShutdownDuringHeartbeat(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		run := &hcptest.Run{HeartbeatDelay: time.Hour, Plan: trickle(40, 30*time.Second)}
		w.deliver(run)
		time.Sleep(heartbeatEvery - 9*time.Second) // the clock of the bubble
		ctx, cancel := contextFor(t, 10*time.Second)
		defer cancel()
		start := time.Now()
		w.service.Shutdown(ctx, 15*time.Second)
		if took := time.Since(start); took < 15*time.Second || took > 25*time.Second {
			t.Errorf("stopped after %v", took)
		}
		w.want(run.Record().Result, Failed, "stopped")
	})
}

// The configuration settles what the plan's JSON leaves open, from the working
// directory of the workspace; one that cannot be read is said, not guessed.
func TestConfiguration(t *testing.T) {
	dir := filepath.Join("..", "tfplan", "testdata", "plans", "for-each-caches")
	packed, err := hcptest.Pack(os.DirFS(dir), "env/prod")
	if err != nil {
		t.Fatal(err)
	}
	plan := func(w io.Writer) error {
		raw, err := os.ReadFile(filepath.Join(dir, "plan.json"))
		if err != nil {
			return err
		}
		_, err = w.Write(raw)
		return err
	}
	bubble(t, func(t *testing.T) {
		w := newWorld(t)
		w.want(w.play(&hcptest.Run{Plan: plan}), Passed, "undecided")
		with := w.play(&hcptest.Run{Plan: plan, Configuration: packed, Directory: "/env/prod"})
		if w.want(with, Passed, ""); strings.Contains(with.Message, "undecided") {
			t.Errorf("undecided with the configuration: %s", with.Message)
		}
		w.want(w.play(&hcptest.Run{Plan: plan, Configuration: packed, Directory: "elsewhere"}), Passed, "judged without the configuration")
		w.want(w.play(&hcptest.Run{Plan: plan, Configuration: []byte("no archive")}), Passed, "judged without the configuration")
	})
}
