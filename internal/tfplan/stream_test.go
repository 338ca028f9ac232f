package tfplan_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/plangen"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// planOf is a plan that creates one cache.
func planOf(name string) string {
	return `{"format_version":"1.2","resource_changes":[` + cacheJSON("azurerm_redis_cache."+name, name) + `]}`
}

func indented(plan string) string {
	return strings.NewReplacer(`{"`, "{\n  \"", `}}`, "}\n}").Replace(plan)
}

// streamed is what a stream says of each plan and error, in order.
func streamed(t *testing.T, s *tfplan.Stream) (said []string) {
	t.Helper()
	for {
		p, err := s.Next()
		switch {
		case err == io.EOF:
			return said
		case err != nil:
			var bad *tfplan.InputError
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			said = append(said, strings.TrimPrefix(s.Place(), ", ")+"! "+err.Error())
		default:
			names := []string{strings.TrimPrefix(s.Place(), ", ") + ":"}
			for c := range p.Caches() {
				names = append(names, c.After.Name.V)
			}
			for _, note := range p.Notes() {
				if strings.Contains(note, "wrapper") {
					names = append(names, note)
				}
			}
			said = append(said, strings.Join(names, " "))
		}
	}
}

// TestStream: one plan after another is read, told apart by a number, and what is wrong is
// named with its place, without the content; what follows is read where it can be found.
func TestStream(t *testing.T) {
	a, b, c := planOf("a"), planOf("b"), planOf("c")
	half := b[:60] // within a string
	long := strings.Repeat(`"x",`, 1<<17)
	// at ends a message at a line, and at a byte so many behind plan a.
	at := func(line, behind int) string { return fmt.Sprintf("line %d, byte %d)", line, len(a)+behind) }
	const (
		wrapper = "[command]/home/runner/work/_temp/0e8/terraform-bin show -json plan.tfplan\n"
		logged  = "::debug::Terraform exited with code 0.\n::debug::stdout: {\"CANARY-SECRET\"%0A\n::debug::stderr: \n::debug::exitcode: 0\n" +
			"::set-output name=stdout::{CANARY-SECRET}\n::set-output name=stderr::\n::set-output name=exitcode::0\n"
		failed = "::error::Terraform exited with code 1.\n"
		sorted = `{"complete":true,`
		note   = "lines of the wrapper of setup-terraform were skipped; set terraform_wrapper: false"
	)
	for _, tt := range []struct {
		name, input string
		want        []string
	}{
		{"one", a, []string{": a"}},
		{"one with space around", "\n" + a + "\n\n", []string{": a"}},
		{"a line each", a + "\n" + b + "\n" + c + "\n", []string{"plan 1: a", "plan 2: b", "plan 3: c"}},
		{"lines of Windows", a + "\r\n" + b + "\r\n", []string{"plan 1: a", "plan 2: b"}},
		{"empty lines", "\n\n" + a + "\n\n\n" + b + "\n", []string{"plan 1: a", "plan 2: b"}},
		{"without anything between", a + b, []string{"plan 1: a", "plan 2: b"}},
		{"indented", indented(a) + "\n" + indented(b), []string{"plan 1: a", "plan 2: b"}},
		{"byte order marks", "\xef\xbb\xbf" + a + "\n\xef\xbb\xbf" + b, []string{"plan 1: a", "plan 2: b"}},
		{"UTF-16", utf16le(a + "\r\n" + b), []string{"plan 1: a", "plan 2: b"}},
		{"the wrapper", wrapper + a + "\n" + logged, []string{": a " + note}},
		{"the wrapper of OpenTofu on Windows", `[command]"D:\a\_temp\tofu-bin.exe" show -json p` + "\r\n" + a + "\r\n::debug::exitcode: 0\r\n",
			[]string{": a " + note}},
		{"the wrapper twice", wrapper + a + "\n" + logged + wrapper + b + "\n" + logged, []string{"plan 1: a " + note, "plan 2: b"}},
		{"the wrapper alone", wrapper + logged, []string{"! the input has no plan, only lines of the wrapper of setup-terraform"}},
		{"the wrapper of a plan with changes", a + "\n" + strings.ReplaceAll(logged, "code 0", "code 2"), []string{": a " + note}},
		{"the wrapper of a run that failed", wrapper + a + "\n" + strings.ReplaceAll(logged, "code 0", "code 1") + failed, []string{
			": a " + note + " Terraform exited with code 1, says the wrapper: the plan may not be whole",
			"after plan 1! Terraform exited with code 1 (at " + at(3, len(wrapper)+1)}},
		{"the wrapper of a run that failed, then another", a + "\n" + failed + b + "\n", []string{
			"plan 1: a " + note + " Terraform exited with code 1, says the wrapper: the plan may not be whole",
			"after plan 1! Terraform exited with code 1 (at " + at(2, 1), "plan 2: b"}},
		{"the wrapper of a run that failed without a plan", wrapper + failed, []string{
			"! the input has no plan, only lines of the wrapper of setup-terraform: Terraform exited with code 1"}},
		{"another command of GitHub", a + "\n::warning::CANARY-SECRET\n",
			[]string{"plan 1: a", "after plan 1! the JSON is followed by something else (at " + at(2, 1)}},
		{"a line of the wrapper behind a plan", a + "::debug::exitcode: 0\n",
			[]string{"plan 1: a", "after plan 1! the JSON is followed by something else (at " + strings.TrimPrefix(at(1, 0), "line 1, ")}},
		{"words between", a + "\nCANARY-SECRET\n" + b, []string{"plan 1: a",
			"after plan 1! the JSON is followed by something else (at " + at(2, 1), "plan 2: b"}},
		{"the log of Terragrunt", "09:32:46.963 STDOUT [unit] terraform: " + a + "\n09:32:46.963 STDOUT [unit] terraform: " + b,
			[]string{"! the input is no plan: expected a JSON object as `terraform show -json` prints it, which looks like a line of the log of " +
				"Terragrunt; run it with `-json --tf-forward-stdout --log-disable`"}},
		{"truncated line", a + "\n" + half + "\n" + c, []string{"plan 1: a",
			"plan 2! the JSON ends too early; the input is truncated (at " + at(2, 61), "plan 3: c"}},
		{"truncated before a value", a + "\n" + `{"format_version":"1.2","resource_changes":` + "\n" + c + "\n" + b, []string{"plan 1: a",
			"plan 2! the JSON ends too early; the input is truncated (at " + at(2, 44), "plan 3: c", "plan 4: b"}},
		{"truncated first", half + "\n" + c, []string{
			"plan 1! the JSON ends too early; the input is truncated (at line 1, byte 60)", "plan 2: c"}},
		{"truncated last", a + "\n" + half, []string{"plan 1: a", "plan 2! the JSON ends too early; the input is truncated (at " + at(2, 61)}},
		{"malformed, indented", indented(a) + "\n" + strings.Replace(indented(b), "[", "[,", 1) + "\n" + indented(c), []string{"plan 1: a",
			"plan 2! the JSON is malformed (at /resource_changes, line 8, byte 241)", "plan 3: c"}},
		{"malformed, then nothing that shows where the next begins", a + "\n" + strings.Replace(b, "[", "[,", 1) + " " + c, []string{"plan 1: a",
			"plan 2! the JSON is malformed (at /resource_changes, " + at(2, 45) + "; what follows in the input is not read"}},
		{"malformed first, indented, then nothing that shows where the next begins", strings.Replace(indented(a), "[", "[,", 1) + indented(b),
			[]string{"! the JSON is malformed (at /resource_changes, line 2, byte 47); what follows in the input is not read"}},
		{"malformed first, and long", `{"format_version":"1.2","resource_changes":[,` + long + "]} " + b,
			[]string{"! the JSON is malformed (at /resource_changes, byte 44); what follows in the input is not read"}},
		{"malformed alone, with a state", `{"format_version":"1.2","resource_changes":[,],"prior_state":{"format_version":"1.0"}}`,
			[]string{"! the JSON is malformed (at /resource_changes, byte 44)"}},
		{"errored", a + "\n" + strings.Replace(emptyPlan, "{", `{"errored":true,`, 1) + b, []string{"plan 1: a",
			"plan 2! the plan is errored: planning failed half-way, so it cannot be judged (at /errored, line 2)", "plan 3: b"}},
		{"another format version", strings.Replace(a, "1.2", "2.0", 1) + "\n" + b, []string{
			"plan 1! the plan has an unknown format version; this program reads 0.1 up to, not including, 2.0 (at /format_version, line 1)",
			"plan 2: b"}},
		{"keys in another order", sorted + a[1:] + "\n" + sorted + half[1:] + "\n" + sorted + c[1:], []string{
			"plan 1: a", "plan 2! the JSON ends too early; the input is truncated (at " + at(2, 2*len(sorted)+59), "plan 3: c"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{"at once": strings.NewReader(tt.input), "byte by byte": iotest.OneByteReader(
				strings.NewReader(tt.input))} {
				got := streamed(t, tfplan.NewStream(t.Context(), r, tfplan.Options{}))
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s:\n%s\nwant\n%s", how, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
				}
			}
		})
	}
}

// TestStreamLimit: the limit of the size counts for all plans, and what fits is read.
func TestStreamLimit(t *testing.T) {
	var input strings.Builder
	for i := range 10000 {
		fmt.Fprintln(&input, planOf(fmt.Sprint("x", i)))
	}
	got := streamed(t, tfplan.NewStream(t.Context(), strings.NewReader(input.String()), tfplan.Options{MaxSize: 1 << 20}))
	if len(got) < 1000 || !strings.Contains(got[len(got)-1], "larger than the limit of 1048576 bytes") {
		t.Errorf("%d plans, then %q", len(got), got[len(got)-1])
	}
}

// TestStreamError: an error of the reader ends a stream, and is no content of it.
func TestStreamError(t *testing.T) {
	got := streamed(t, tfplan.NewStream(t.Context(), io.MultiReader(strings.NewReader(planOf("a")+"\n"), broken{}), tfplan.Options{}))
	want := []string{"plan 1: a", fmt.Sprintf("after plan 1! cannot read the input: disk on fire (at byte %d)", len(planOf("a"))+1)}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("a deadline"))
	if _, err := tfplan.NewStream(ctx, strings.NewReader(planOf("a")), tfplan.Options{}).Next(); err == nil || err.Error() != "a deadline" {
		t.Errorf("%v, want the cause of the end of the context", err)
	}
}

// TestStreamKeepsNoText: a thousand plans of which nothing is kept take no more memory than
// a few.
func TestStreamKeepsNoText(t *testing.T) {
	var one strings.Builder
	if err := plangen.Write(&one, plangen.Options{Caches: 1, Others: 100}); err != nil {
		t.Fatal(err)
	}
	plan := strings.TrimSpace(one.String()) + "\n"
	s := tfplan.NewStream(t.Context(), &endless{piece: plan, left: int64(len(plan)) * 300}, tfplan.Options{})
	alive := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var before uint64
	for n := 0; ; n++ {
		_, err := s.Next()
		if err == io.EOF {
			if n != 300 {
				t.Errorf("%d plans", n)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n == 10 {
			before = alive()
		}
	}
	if after := alive(); after > before+1<<20 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
}
