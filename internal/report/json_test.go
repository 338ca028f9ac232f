package report

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/schematest"
)

// jsonOf renders a report, which has to match the schema.
func jsonOf(t testing.TB, r Report, opts EncodeOptions) string {
	t.Helper()
	out := encode(t, "json", r, opts)
	if r.FormatVersion != "" {
		schematest.Compile(t, Schema).Check(t, "report", out)
	}
	return out
}

func TestJSONGolden(t *testing.T) {
	golden(t, "five.json", jsonOf(t, fiveCaches(), EncodeOptions{}))
	golden(t, "empty.json", jsonOf(t, sampleHeader("plan.json"), EncodeOptions{}))
}

// What Terraform keeps in its state has nothing that changes by itself, and
// nothing that is the same in every report.
func TestJSONForState(t *testing.T) {
	var got Report
	want := fiveCaches()
	want.Catalogue, want.GeneratedAt = nil, time.Time{}
	for _, c := range want.Caches {
		for i := range c.Features {
			if c.Features[i].Status == NotSupported {
				c.Features[i].Message = ""
			}
		}
	}
	text := jsonOf(t, fiveCaches(), EncodeOptions{ForState: true})
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, shownInJSON...); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(text, `"since":null`) || strings.Contains(text, `"evidence":[]`) {
		t.Error(text)
	}
}

// The keys of a report stand in one order, one of them a line.
func TestJSONTopLevelOrder(t *testing.T) {
	got := jsonOf(t, fiveCaches(), EncodeOptions{})
	at := -1
	for _, key := range []string{"format_version", "tool", "generated_at", "source", "caches", "summary", "baselines", "catalogue", "notes"} {
		next := strings.Index(got, "\n\""+key+"\":")
		if next <= at {
			t.Errorf("key %q at %d, the one before it at %d", key, next, at)
		}
		at = next
	}
}

// What is appended by hand must be what encoding/json makes of the types.
func TestJSONEqualsTheTypes(t *testing.T) {
	for name, r := range map[string]Report{
		"five": fiveCaches(), "many": manyCaches(30), "empty": sampleHeader(), "nil slices": {Caches: []Cache{{}}},
		"with lines": placedCaches("infra/main.tf", 9), "not judged": unjudgedReport(), "two inputs": twoInputs(),
	} {
		t.Run(name, func(t *testing.T) {
			got := jsonOf(t, r, EncodeOptions{})
			want, err := jsonv2.Marshal(r, jsonv2.FormatNilSliceAsNull(false))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), strings.ReplaceAll(got, "\n", "")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// unjudgedReport names two Redis resources that were seen and not judged.
func unjudgedReport() Report {
	r := fiveCaches()
	r.Unjudged = []Unjudged{
		{Address: `azurerm_managed_redis.a["x"]`, Type: "Microsoft.Cache/redisEnterprise"},
		{Address: "azurerm_resource_group_template_deployment.t", Type: "Microsoft.Cache/redis", Why: "a template makes it"},
	}
	r.Summary.Unjudged = len(r.Unjudged)
	r.Caches[1] = r.Caches[1].with("DP-3/data-in-transit-encryption", undocumentedVersion)
	r.Caches[2].MissingActions = []string{"Microsoft.Cache/redis/firewallRules/read"}
	r.Partial = "interrupted after 5 of 7 caches"
	r.Unseen = []Unseen{{Kind: "subscription", ID: "1", Detail: "no role", Forbidden: true}}
	return r
}

// shownInJSON compares what a report shows of itself in JSON.
var shownInJSON = []cmp.Option{
	cmpopts.IgnoreFields(Cache{}, "DisplayName", "Input"), cmpopts.IgnoreFields(Finding{}, "Headline", "Severity", "Remediation"),
	cmpopts.IgnoreFields(Exemption{}, "Was", "InSource"),
	cmpopts.EquateEmpty(),
}

func TestJSONRoundTrip(t *testing.T) {
	for name, r := range map[string]Report{"five": fiveCaches(), "many": manyCaches(30), "not judged": unjudgedReport()} {
		t.Run(name, func(t *testing.T) {
			var back Report
			decoder := json.NewDecoder(strings.NewReader(jsonOf(t, r, EncodeOptions{})))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r, back, shownInJSON...); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestJSONHostile(t *testing.T) {
	got := jsonOf(t, hostileReport(), EncodeOptions{})
	var back Report
	if err := json.Unmarshal([]byte(got), &back); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(hostile, "\uFFFD"); *back.Caches[0].Name != want {
		t.Errorf("name is %q, want %q", *back.Caches[0].Name, want)
	}
	if strings.ContainsAny(got, "\x1b\r") {
		t.Error("a control character stands unescaped")
	}
}

func TestJSONWriteError(t *testing.T) {
	for _, format := range Formats() {
		r, w := io.Pipe()
		_ = r.Close()
		e, err := NewEncoder(format, w, EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := Encode(e, manyCaches(50)); err == nil {
			t.Errorf("%s: no error although nothing could be written", format)
		}
	}
}

// BenchmarkEncode writes the formats for programs whose rows stream.
func BenchmarkEncode(b *testing.B) {
	r := manyCaches(1000)
	for _, format := range []string{"json", "csv"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e, err := NewEncoder(format, io.Discard, EncodeOptions{})
				if err != nil {
					b.Fatal(err)
				}
				if err := Encode(e, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestIsPlain holds the look at eight bytes at once against one at each byte.
func TestIsPlain(t *testing.T) {
	for c := range 256 {
		for at := range 19 {
			s := []byte("abcdefgh ABCDEFG019~"[:19])
			s[at] = byte(c)
			want := c >= ' ' && c < 0x7f && c != '"' && c != '\\'
			if got := isPlain(string(s)); got != want {
				t.Errorf("byte %#x at %d: plain %v, want %v", c, at, got, want)
			}
		}
	}
}
