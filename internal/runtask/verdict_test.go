package runtask

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// What a run shows of an address or of a failure is no command of a CI system
// that prints it.
func TestResultsCarryNoCommands(t *testing.T) {
	const hostile = "##vso[task.complete]x\r\n::error::y\x1b[31m\u202e"
	for name, plan := range map[string]*hcptest.Run{
		"an address": {Plan: planFile("../cases/vso")},
		"a failure":  {Plan: text(`{"format_version":"1.2","resource_changes":"` + "##vso[x]" + `"}`)},
		"names":      {Plan: planFile("../cases/vso"), Organization: hostile, Project: hostile, Workspace: hostile},
	} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, deny)
			result := w.play(plan)
			all := result.Message
			for _, o := range result.Outcomes {
				all += "\n" + o.Description + "\n" + o.Body
			}
			if strings.Contains(all, "##") || strings.ContainsAny(all, "\r\x1b\u202e") || strings.Contains(all, "::error") {
				t.Errorf("%s: %q", name, all)
			}
		})
	}
	// A message may quote what is at fault, and a note what it is about.
	if got := cut(report.OneLine("not judged: " + hostile)); strings.Contains(got, "##") || strings.Contains(got, "::error") ||
		strings.ContainsAny(got, "\r\n\x1b\u202e") {
		t.Errorf("%q", got)
	}
}
