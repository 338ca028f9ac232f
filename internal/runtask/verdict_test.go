package runtask

import (
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// Rules of both documents are told apart by the service, and those of a plan with one
// service have no such words.
func TestOutcomesByService(t *testing.T) {
	for name, c := range map[string]struct {
		plan    string
		message []string // parts
		say     map[string]string
	}{
		"both services": {mixed, []string{"LT-4 Azure Resource Logs (MCSB v2: LT-3) of Azure Cache for Redis",
			"LT-4 Azure Resource Logs (MCSB v2: LT-3) of Azure Managed Redis"},
			map[string]string{
				"LT-4/azure-resource-logs":                     ": violated by 1 cache of Azure Cache for Redis",
				"azure-managed-redis/LT-4/azure-resource-logs": ": violated by 1 cache of Azure Managed Redis",
			}},
		"one service": {insecure, []string{"NS-2 Disable Public Network Access,"},
			map[string]string{"NS-2/disable-public-network-access": "NS-2 Disable Public Network Access: violated by 1 cache"}},
	} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, deny)
			result := w.play(&hcptest.Run{Plan: planFile(c.plan)})
			for _, part := range c.message {
				if !strings.Contains(result.Message, part) {
					t.Errorf("%s: no %q in %s", name, part, result.Message)
				}
			}
			said := map[string]string{}
			for _, o := range result.Outcomes {
				said[o.ID] = o.Description
			}
			for id, end := range c.say {
				if !strings.HasSuffix(said[id], end) {
					t.Errorf("%s: %s says %q, in %v", name, id, said[id], said)
				}
			}
		})
	}
}

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

// A rule is for many workspaces, so a run says of its exemptions only that one has
// expired, and not that no cache of this workspace uses one.
func TestExemptionsOfRules(t *testing.T) {
	waiver := baseline.Exemption{Feature: "NS-2/disable-public-network-access", Cache: "*", Category: baseline.Waiver, Description: "d"}
	elsewhere, expired := waiver, waiver
	elsewhere.Cache, expired.ExpiresOn = "redis-elsewhere", "1999-12-31"
	for name, c := range map[string]struct {
		exemption baseline.Exemption
		want      string
		said      bool
	}{
		"used":      {waiver, ", 1 exempt", true},
		"elsewhere": {elsewhere, "the exemption of", false},
		"expired":   {expired, "expired on 1999-12-31", true},
	} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, func(o *Options) {
				o.Rules = Rules{{Effect: Deny, Enforce: judge.EnforceAll, Exemptions: []baseline.Exemption{c.exemption}}}
			})
			if got := w.play(&hcptest.Run{Plan: planFile(insecure)}); strings.Contains(got.Message, c.want) != c.said {
				t.Errorf("%s: %q in %s is not %v", name, c.want, got.Message, c.said)
			}
		})
	}
}
