package page

import (
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/controls"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// labels are the caches for people, no two alike: with the kind of their reports unless that
// is what exists, and where caches have one label with that in which they differ.
type labels map[*controls.History]string

// apart are the texts that tell caches of one label apart, the clearest first.
var apart = []func(h *controls.History, last *controls.Report) string{
	func(h *controls.History, _ *controls.Report) string { return h.Name },
	func(h *controls.History, _ *controls.Report) string { return h.ResourceID },
	func(_ *controls.History, last *controls.Report) string { return strings.Join(last.Source.Inputs, ", ") },
	func(_ *controls.History, last *controls.Report) string { return last.Name },
}

func labelsOf(r *controls.Result) labels {
	type key struct {
		label string
		kind  report.SourceKind
	}
	alike := map[key][]*controls.History{}
	for _, h := range r.Histories {
		k := key{h.Label(), h.Kind}
		alike[k] = append(alike[k], h)
	}
	out := labels{}
	for k, list := range alike {
		for i, texts := range details(list) {
			if k.kind != report.SourceExisting {
				texts = append([]string{kindWords[k.kind]}, texts...)
			}
			out[list[i]] = k.label
			if len(texts) > 0 {
				out[list[i]] += " (" + strings.Join(texts, ", ") + ")"
			}
		}
	}
	return out
}

// details are texts that tell caches apart; caches in which nothing differs are numbered.
func details(list []*controls.History) [][]string {
	out := make([][]string, len(list))
	for _, text := range apart {
		if distinct(out) == len(list) {
			return out
		}
		more := make([][]string, len(list))
		for i, h := range list {
			more[i] = []string{text(h, h.Newest())}
		}
		if distinct(more) == 1 {
			continue
		}
		for i := range out {
			if more[i][0] != "" {
				out[i] = append(out[i], more[i][0])
			}
		}
	}
	if distinct(out) < len(list) {
		for i := range out {
			out[i] = append(out[i], strconv.Itoa(i+1))
		}
	}
	return out
}

func distinct(texts [][]string) int {
	seen := map[string]bool{}
	for _, t := range texts {
		seen[strings.Join(t, "\x00")] = true
	}
	return len(seen)
}
