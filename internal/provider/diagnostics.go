package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// judgement is one cache with its verdicts.
type judgement struct {
	posture *posture.Cache
	report  report.Cache
	title   string // what summaries call the cache: unique in its block
}

// speaker makes diagnostics of judgements.
type speaker struct {
	documents  baseline.Documents
	effect     effect
	advisories bool
	// at is the root attribute at which the diagnostics are shown. Terraform before
	// 1.15 shows an unrelated line for a path into the attribute.
	at path.Path
	// exempts says that the block has exemptions of its own.
	exempts bool
	// again says when what this plan cannot decide is judged again; empty where nothing
	// is said of it.
	again string
}

// diagnose returns one diagnostic per violation, cache by cache. Advisories are
// warnings whatever the effect, and so is a value that is not documented. Where the effect
// is Deny, so is what this plan cannot decide of high severity; what else is undecided, and
// what is compliant, stays silent.
func (s speaker) diagnose(judged []judgement) diag.Diagnostics {
	var diags diag.Diagnostics
	if s.effect == effectDisabled {
		return diags
	}
	for _, j := range judged {
		document := s.documents.For(j.report.Type)
		for _, f := range j.report.Features {
			if f.Status == report.NonCompliant {
				diags.Append(s.violation(j.title, document.Entry(f.ID), f))
			}
		}
		for _, f := range j.report.Advisories {
			wayOut := ""
			if f.ID == retirementID {
				wayOut = s.silencing(j.posture, f.ID)
			}
			if d := s.advisory(j.title, document.Entry(f.ID), f, wayOut); d != nil {
				diags.Append(d)
			}
		}
		if d := s.undecided(j); d != nil {
			diags.Append(d)
		}
		for _, note := range j.report.Notes {
			diags.Append(s.warn(j.title+": "+note, "This is a remark on how the cache was judged, and no violation: it "+
				"names the exemption to renew or remove, or the argument that is not known yet."))
		}
	}
	return diags
}

func (s speaker) violation(title string, e *baseline.Entry, f report.Finding) diag.Diagnostic {
	// Terraform merges warnings with equal summaries: rule and cache make it unique.
	return s.say(fmt.Sprintf("%s %s: %s %s", e.ControlOfID(), e.Title, title, predicate(f)), detailOf(f, e))
}

// say adds a warning, or an error where the effect is Deny.
func (s speaker) say(summary, detail string) diag.Diagnostic {
	if s.effect == effectDeny {
		return s.fail(summary, detail)
	}
	return s.warn(summary, detail)
}

func (s speaker) warn(summary, detail string) diag.Diagnostic {
	return s.place(diag.NewWarningDiagnostic(summary, detail))
}

func (s speaker) fail(summary, detail string) diag.Diagnostic {
	return s.place(diag.NewErrorDiagnostic(summary, detail))
}

// place shows a diagnostic at the attribute, or at the block where there is no
// attribute: for an empty path Terraform would show no place at all.
func (s speaker) place(d diag.Diagnostic) diag.Diagnostic {
	if len(s.at.Steps()) == 0 {
		return d
	}
	return diag.WithPath(s.at, d)
}

// retirementID is the advisory that every new cache of a service has, whatever its
// configuration: what ends its warning is an exemption.
const retirementID = "advisory/retirement"

// advisory is the warning of an advisory, whose detail ends with wayOut if that is not
// empty; nil where it is for reports only.
func (s speaker) advisory(title string, e *baseline.Entry, f report.Finding, wayOut string) diag.Diagnostic {
	if !s.advisories || f.Status != report.NonCompliant || f.Severity != report.Warning {
		return nil
	}
	detail := strings.TrimSpace(detailOf(f, e) + "\n\n" + wayOut)
	return s.warn(fmt.Sprintf("Advisory %s: %s %s", e.Title, title, predicate(f)), detail)
}

// silencing says what to write against the warning of a rule for one cache.
func (s speaker) silencing(c *posture.Cache, rule string) string {
	name, known := c.Name.Get()
	widely := ""
	if !known || c.Name.Source.Sensitive {
		name = "*"
		widely = "\n\nThe name of this cache is not shown yet, and only * matches it: that silences this warning for every other cache, too. " +
			"Write the name once the plan shows it."
	}
	where := "in the provider's configuration"
	if s.exempts {
		where = "in this block, or " + where
	}
	return fmt.Sprintf("To silence it, write %s:\n\n  exemption {\n    feature     = %q\n    cache       = %q\n"+
		"    category    = \"Waiver\"\n    description = \"moves to the successor later\"\n  }%s", where, rule, name, widely)
}

// undecided is the warning that names the arguments of a cache whose values the service
// does not document or, with Deny, this plan does not show, and the rules that are unknown
// because of them; nil where there are none.
func (s speaker) undecided(j judgement) diag.Diagnostic {
	var said []string
	var out strings.Builder
	if paths, rules := undocumentedIn(j.report); len(rules) > 0 {
		said = append(said, undocumentedText(paths))
		out.WriteString("A rule that rests on a value that is not documented is unknown, and no violation: it passes whatever the effect. " +
			"The value is not shown, because it may be anything, a secret included.\n\n")
		lines(&out, "Unknown", rules...)
		out.WriteString("\n")
	}
	if paths, rules := pendingIn(j.report); s.effect == effectDeny && s.again != "" && len(rules) > 0 {
		said = append(said, pendingText(paths, len(rules)))
		out.WriteString("A rule that rests on a value that is not known yet is unknown, and no violation: it passes this plan with Deny too. " +
			s.again + "\n\n")
		lines(&out, "Unknown", rules...)
	}
	if said == nil {
		return nil
	}
	return s.warn(j.title+": "+strings.Join(said, ", and "), strings.TrimRight(out.String(), "\n"))
}

// pendingIn returns the paths of the values that this plan does not show and that leave
// features of high severity open, and the ids of these features, each with its paths.
func pendingIn(c report.Cache) (paths, rules []string) {
	for _, f := range c.Features {
		if f.Severity != report.High || f.Status != report.Unknown || f.Undocumented() || f.Reason == nil ||
			*f.Reason != string(posture.ReasonKnownAfterApply) && *f.Reason != string(posture.ReasonUnresolvedReference) {
			continue
		}
		var own []string
		for _, e := range f.Evidence {
			if e.State == report.EvidenceUnknown && e.Path != "" {
				own = append(own, e.Path)
			}
		}
		if own == nil {
			rules = append(rules, f.ID+": "+f.Message)
			continue
		}
		rules = append(rules, f.ID+": "+strings.Join(own, ", "))
		for _, p := range own {
			if !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	}
	return paths, rules
}

// pendingText says that the values at paths, on which rules rest, are not known yet.
func pendingText(paths []string, rules int) string {
	switch len(paths) {
	case 0:
		return report.Count(rules, "rule of high severity is", "rules of high severity are") + " not decided yet"
	case 1:
		return "the value of " + paths[0] + " is not known yet"
	default:
		return "the values of " + strings.Join(paths, ", ") + " are not known yet"
	}
}

// undocumentedIn returns the paths of the values that are not documented and leave rules
// open, and the ids of these rules.
func undocumentedIn(c report.Cache) (paths, rules []string) {
	for _, f := range slices.Concat(c.Features, c.Advisories) {
		if !f.Undocumented() {
			continue
		}
		rules = append(rules, f.ID)
		for _, e := range f.Evidence {
			if e.Undocumented && !slices.Contains(paths, e.Path) {
				paths = append(paths, e.Path)
			}
		}
	}
	return paths, rules
}

// undocumentedText says that the values at paths are not documented.
func undocumentedText(paths []string) string {
	if len(paths) == 1 {
		return "the value of " + paths[0] + " is not a documented one"
	}
	return "the values of " + strings.Join(paths, ", ") + " are not documented ones"
}

// predicate is the fact as a sentence whose subject is the cache.
func predicate(f report.Finding) string {
	if f.Headline != "" {
		return f.Headline
	}
	return "violates it: " + f.Message
}

// detailOf is the detail of a diagnostic: the reason, the evidence, and what to
// write. Terraform wraps paragraphs and leaves indented lines as they are.
func detailOf(f report.Finding, e *baseline.Entry) string {
	var out strings.Builder
	out.WriteString(sentence(f.Message))
	if e.Why != "" {
		fmt.Fprintf(&out, " %s", e.Why)
	}
	out.WriteString("\n\n")
	var evidence []string
	for _, one := range f.Evidence {
		evidence = append(evidence, showEvidence(one))
	}
	lines(&out, "Evidence", evidence...)
	cure(&out, f.Remediation, e)
	return strings.TrimRight(out.String(), "\n")
}

// cure is the part of a detail on what to write, and where to read more.
func cure(out *strings.Builder, remediation string, e *baseline.Entry) {
	lines(out, "Write", strings.Split(remediation, "\n")...)
	var policies []string
	for _, p := range e.Policies {
		policies = append(policies, p.ID)
	}
	lines(out, "Policy", policies...)
	lines(out, "Rule", e.ID)
	lines(out, "More", e.Help)
}

// lines writes one line for each content, the first one behind a label.
func lines(out *strings.Builder, label string, contents ...string) {
	label += ":"
	for _, content := range contents {
		fmt.Fprintf(out, "  %-10s%s\n", label, content)
		label = ""
	}
}

func showEvidence(e report.Evidence) string {
	switch e.State {
	case report.EvidenceUnknown:
		return e.Path + " is not known yet"
	case report.EvidenceSensitive:
		return e.Path + " (value not shown)"
	case report.EvidenceDefault:
		return fmt.Sprintf("%s = %s (default)", e.Path, e.Value)
	case report.EvidenceAsserted:
		return fmt.Sprintf("%s = %s (passed as belonging to the cache)", e.Path, e.Value)
	default:
		return fmt.Sprintf("%s = %s", e.Path, e.Value)
	}
}

// sentence is a text with a capital at its start and a full stop at its end.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, _, _ := strings.Cut(s, " ")
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	if strings.ContainsAny(first, "_[.") || first == "azurerm" { // an argument or a provider keeps its spelling
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// titleOf is the name of a cache in summaries: its name or, where that is not
// known, its label or its address, or else its location and tier with a short hash
// of everything known, which is the same in every plan.
func titleOf(c *posture.Cache, fingerprint string) string {
	if c.Name.IsKnown() || c.Label != "" || c.Address != "" {
		return c.DisplayName()
	}
	tier, place := "a cache", ""
	if name, ok := c.Tier.Get(); ok && !c.Tier.Source.Sensitive {
		tier = "a " + name + " cache"
	}
	if location, ok := c.Location.Get(); ok && !c.Location.Source.Sensitive {
		place = " in " + location
	}
	sum := sha256.Sum256([]byte(fingerprint))
	return fmt.Sprintf("%s%s (%s)", tier, place, hex.EncodeToString(sum[:3]))
}

// distinguish adds the address to titles that several caches of a plan have.
func distinguish(judged []judgement) {
	count := map[string]int{}
	for _, j := range judged {
		count[j.title]++
	}
	for i, j := range judged {
		if count[j.title] > 1 && j.posture.Address != "" && j.title != j.posture.Address {
			judged[i].title = fmt.Sprintf("%s (%s)", j.title, j.posture.Address)
		}
	}
}
