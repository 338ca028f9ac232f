package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The configuration of the pipelines' tests, and the diff of the pull request that brings its
// line 4 and a file that nobody judges.
const (
	reviewedMain = `resource "azurerm_redis_cache" "a" {
  name                = "redis-a"
  location            = "westeurope"
  minimum_tls_version = "1.0"
  resource_group_name = "rg"
  capacity            = 1
  family              = "C"
  sku_name            = "Standard"

  redis_configuration {
    active_directory_authentication_enabled = true
  }
}
`
	reviewedDiff = `diff --git a/infra/main.tf b/infra/main.tf
--- a/infra/main.tf
+++ b/infra/main.tf
@@ -3,2 +3,3 @@
   location            = "westeurope"
+  minimum_tls_version = "1.0"
   resource_group_name = "rg"
`
	reviewBase, reviewStart, reviewHead = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222",
		"3333333333333333333333333333333333333333"
)

// reviewPage is a page of a list, as the services answer.
func reviewPage[T any](w http.ResponseWriter, req *http.Request, list []T) {
	page, _ := strconv.Atoi(req.FormValue("page"))
	size, _ := strconv.Atoi(req.FormValue("per_page"))
	from := min((page-1)*size, len(list))
	_ = json.NewEncoder(w).Encode(list[from:min(from+size, len(list))])
}

// githubPull plays pull request 7 of GitHub, whose first page of comments is by other people.
type githubPull struct {
	reviews, comments []map[string]any
	posts             []githubReviewPosted
}

type githubReviewPosted struct {
	CommitID string `json:"commit_id"`
	Event    string `json:"event"`
	Body     string `json:"body"`
	Comments []struct {
		Path      string `json:"path"`
		Line      int    `json:"line"`
		Side      string `json:"side"`
		StartLine int    `json:"start_line"`
		StartSide string `json:"start_side"`
		Body      string `json:"body"`
	} `json:"comments"`
}

func (p *githubPull) serve(r *runner) {
	const pull = "/repos/o/r/pulls/7"
	handle := func(pattern string, answer http.HandlerFunc) {
		r.mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
			if req.Header.Get("Authorization") != "Bearer token-secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, req)
		})
	}
	person := map[string]string{"login": "jane"}
	for i := range 130 {
		p.comments = append(p.comments, map[string]any{"id": i, "user": person, "line": 4, "body": "a remark"})
	}
	handle("GET "+pull, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Accept") != "application/vnd.github.diff" {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		_, _ = w.Write([]byte(reviewedDiff))
	})
	handle("GET "+pull+"/reviews", func(w http.ResponseWriter, req *http.Request) { reviewPage(w, req, p.reviews) })
	handle("GET "+pull+"/comments", func(w http.ResponseWriter, req *http.Request) { reviewPage(w, req, p.comments) })
	handle("POST "+pull+"/reviews", func(w http.ResponseWriter, req *http.Request) {
		var sent githubReviewPosted
		decoder := json.NewDecoder(req.Body)
		decoder.DisallowUnknownFields()
		refused := decoder.Decode(&sent) != nil || sent.Event != "COMMENT" || sent.Body == "" || sent.CommitID != reviewHead
		for _, c := range sent.Comments { // GitHub refuses the whole review for one of these
			refused = refused || c.Path != "infra/main.tf" || c.Line < 3 || c.Line > 5 || c.Side != "RIGHT" || c.StartLine >= c.Line
		}
		if refused {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		p.posts = append(p.posts, sent)
		bot := map[string]string{"login": "github-actions[bot]"}
		p.reviews = append(p.reviews, map[string]any{"id": len(p.posts), "user": bot, "body": sent.Body})
		for _, c := range sent.Comments {
			p.comments = append(p.comments, map[string]any{"id": len(p.comments), "user": bot, "line": c.Line, "body": c.Body})
		}
		_, _ = w.Write([]byte("{}"))
	})
}

// TestPipelineOfGitHubReview: a review is posted once, and again for what is new only.
func TestPipelineOfGitHubReview(t *testing.T) {
	workflow := decode[struct {
		Name, On    string
		Permissions map[string]string
		Jobs        map[string]struct {
			If     string
			RunsOn string `yaml:"runs-on"`
			Env    map[string]string
			Steps  []struct {
				Uses, Run string
				With, Env map[string]string
			}
		}
	}](t, pipelines+"github-review.yml")
	if want := map[string]string{"contents": "read", "pull-requests": "write"}; !maps.Equal(workflow.Permissions, want) {
		t.Errorf("permissions %v", workflow.Permissions)
	}
	r := newRunner(t, failing)
	pull := &githubPull{}
	pull.serve(r)
	job := workflow.Jobs["review"]
	delete(job.Env, "REDISBASELINE_SHA256") // the runner has that of its archive
	maps.Copy(r.env, map[string]string{"RUNNER_TEMP": r.dir + "/temp", "GITHUB_API_URL": r.api.URL, "GITHUB_REPOSITORY": "o/r"})
	r.file("temp/empty", "")
	run := func(wantCode int) (out string) {
		t.Helper()
		code := 0
		for _, step := range job.Steps {
			variables := maps.Clone(job.Env)
			variables["ROOT_MODULE"] = "infra"
			for name := range step.Env {
				variables[name] = map[string]string{"GITHUB_TOKEN": "token-secret", "PULL_REQUEST": "7", "HEAD": reviewHead}[name]
			}
			if step.Run == "" || code != 0 {
				continue
			}
			var printed string
			code, printed = r.shell(variables, step.Run, "bash", "-e")
			out += printed
		}
		if code != wantCode {
			t.Fatalf("exit code %d, want %d\n%s", code, wantCode, out)
		}
		return out
	}
	posted := func(n int) githubReviewPosted {
		t.Helper()
		if len(pull.posts) != n {
			t.Fatalf("%d reviews were posted, want %d", len(pull.posts), n)
		}
		return pull.posts[n-1]
	}

	r.file("work/infra/main.tf", reviewedMain)
	run(0)
	first := posted(1)
	if len(first.Comments) != 1 || !strings.Contains(first.Body, "Fails") || first.Comments[0].Line != 4 ||
		!strings.Contains(first.Comments[0].Body, "```suggestion\n  minimum_tls_version = \"1.2\"\n```") ||
		!strings.Contains(first.Body, "no private endpoint reaches the cache") {
		t.Errorf("%+v", first)
	}
	run(0)
	posted(1)

	// A mark of somebody else, and a comment that is outdated, do not count.
	mine := pull.comments[130]
	mine["user"] = map[string]string{"login": "jane"}
	run(0)
	second := posted(2)
	if len(second.Comments) != 1 || strings.Contains(second.Body, "no private endpoint") ||
		!strings.Contains(second.Body, "violations in 1 of 1 cache") {
		t.Errorf("%+v", second)
	}
	pull.comments[131]["line"] = nil
	run(0)
	posted(3)
	run(0)
	posted(3)

	// The change is accepted, and something else is outside of the diff.
	mended := strings.Replace(reviewedMain, `"1.0"`, `"1.2"`, 1)
	r.file("work/infra/main.tf", mended)
	run(0)
	posted(3)
	r.file("work/infra/main.tf", mended+strings.NewReplacer(`"a"`, `"b"`, "-a", "-b").Replace(mended))
	run(0)
	if last := posted(4); len(last.Comments) != 0 || !strings.Contains(last.Body, `azurerm\_redis\_cache.b`) {
		t.Errorf("%+v", last)
	}

	// Nothing to say is no review, and what cannot be read is an error.
	r.file("work/infra/main.tf", "locals { x = 1 }\n")
	run(0)
	posted(4)
	r.file("work/infra/main.tf", "locals {\n")
	if out := run(1); !strings.Contains(out, "infra/main.tf:1") {
		t.Errorf("%s", out)
	}
	r.file("work/infra/main.tf", reviewedMain)
	pull.comments, pull.reviews = nil, nil
	delete(r.env, "GITHUB_API_URL")
	r.env["GITHUB_API_URL"] = r.api.URL + "/missing"
	if out := run(22); !strings.Contains(out, "error: 404") {
		t.Errorf("%s", out)
	}
}

// TestPipelineOfGitLabReview: each thread is posted once.
func TestPipelineOfGitLabReview(t *testing.T) {
	job := decode[struct {
		Review struct {
			Stage, Image string
			Rules        []map[string]string
			AllowFailure bool `yaml:"allow_failure"`
			Variables    map[string]string
			Before       []string `yaml:"before_script"`
			Script       []string
		} `yaml:"redis-baseline-review"`
	}](t, pipelines+"gitlab-review.yml").Review
	type author struct {
		ID int `json:"id"`
	}
	type note struct {
		Body   string `json:"body"`
		Author author `json:"author"`
	}
	type discussion struct {
		Notes []note `json:"notes"`
	}
	type thread struct {
		Body     string `json:"body"`
		Position *struct {
			Type    string `json:"position_type"`
			Base    string `json:"base_sha"`
			Start   string `json:"start_sha"`
			Head    string `json:"head_sha"`
			OldPath string `json:"old_path"`
			NewPath string `json:"new_path"`
			OldLine int    `json:"old_line"`
			NewLine int    `json:"new_line"`
		} `json:"position"`
	}
	r := newRunner(t, failing)
	discussions := slices.Repeat([]discussion{{[]note{{"a remark", author{5}}}}}, 130)
	var posts []thread
	const request = "/api/projects/42/merge_requests/7"
	handle := func(pattern string, answer http.HandlerFunc) {
		r.mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
			if req.Header.Get("PRIVATE-TOKEN") != "glpat-secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, req)
		})
	}
	handle("GET /api/user", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"id": 9}`)) })
	handle("GET "+request+"/versions", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `[{"id": 2, "head_commit_sha": %q, "base_commit_sha": %q, "start_commit_sha": %q}, {"id": 1}]`,
			reviewHead, reviewBase, reviewStart)
	})
	handle("GET "+request+"/raw_diffs", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(reviewedDiff)) })
	handle("GET "+request+"/discussions", func(w http.ResponseWriter, req *http.Request) { reviewPage(w, req, discussions) })
	handle("POST "+request+"/discussions", func(w http.ResponseWriter, req *http.Request) {
		var sent thread
		decoder := json.NewDecoder(req.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&sent); err != nil || req.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		posts = append(posts, sent)
		discussions = append(discussions, discussion{[]note{{sent.Body, author{9}}, {"thanks", author{5}}}})
		_, _ = w.Write([]byte("{}"))
	})
	delete(job.Variables, "REDISBASELINE_SHA256")
	job.Variables["ROOT_MODULE"] = "infra"
	maps.Copy(r.env, map[string]string{"CI_API_V4_URL": r.api.URL + "/api", "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7",
		"GITLAB_NOTE_TOKEN": "glpat-secret", "CI_COMMIT_SHA": reviewHead})
	run := func(wantCode, wantPosts int) (out string) {
		t.Helper()
		code, out := r.shell(job.Variables, strings.Join(append(slices.Clone(job.Before), job.Script...), "\n"), "bash", "-eo", "pipefail")
		if code != wantCode || len(posts) != wantPosts {
			t.Fatalf("exit code %d, want %d; %d posts, want %d\n%s", code, wantCode, len(posts), wantPosts, out)
		}
		return out
	}

	r.file("work/infra/main.tf", reviewedMain)
	run(0, 2)
	at := posts[0].Position
	if at == nil || at.Type != "text" || at.Base != reviewBase || at.Start != reviewStart || at.Head != reviewHead || at.NewLine != 4 ||
		at.OldLine != 0 || at.OldPath != "infra/main.tf" || at.NewPath != "infra/main.tf" ||
		!strings.Contains(posts[0].Body, "```suggestion:-0+0\n  minimum_tls_version = \"1.2\"\n```") {
		t.Errorf("%+v", posts[0])
	}
	if posts[1].Position != nil || !strings.Contains(posts[1].Body, "no private endpoint reaches the cache") {
		t.Errorf("%+v", posts[1])
	}
	run(0, 2)

	// A mark of somebody else does not count.
	discussions[130].Notes[0].Author.ID = 5
	run(0, 3)
	run(0, 3)

	// An unchanged line has its number before the change.
	r.file("work/infra/main.tf", strings.Replace(strings.Replace(reviewedMain, "  minimum_tls_version = \"1.0\"\n", "", 1),
		`"rg"`, "\"rg\"\n  minimum_tls_version = \"1.1\"", 1))
	run(0, 4)
	if at := posts[3].Position; at == nil || at.NewLine != 5 || at.OldLine != 4 {
		t.Errorf("%+v", posts[3])
	}

	// Another commit, and nothing to say.
	r.env["CI_COMMIT_SHA"] = reviewBase
	if out := run(0, 4); !strings.Contains(out, "No review was written") {
		t.Errorf("%s", out)
	}
	r.env["CI_COMMIT_SHA"] = reviewHead
	r.file("work/infra/main.tf", "locals { x = 1 }\n")
	run(0, 4)
	r.env["GITLAB_NOTE_TOKEN"] = "another"
	if out := run(22, 4); !strings.Contains(out, "error: 401") {
		t.Errorf("%s", out)
	}
}
