package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// explainWidth is the largest width in columns of the text of a rule.
const explainWidth = 88

func (a *app) explainCommand() *cobra.Command {
	var service string
	cmd := &cobra.Command{
		Use:     "explain [flags] ID",
		Short:   "Show one feature or advisory in full",
		Example: "  redisbaseline explain NS-2/azure-private-link",
		Args:    oneArgument("the ID of a rule, such as NS-2/azure-private-link (`redisbaseline rules` lists them)"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, id := range a.ids() {
				if n := len(typed); len(args) == 0 && len(id) >= n && strings.EqualFold(id[:n], typed) {
					ids = append(ids, typed+id[n:]) // shells keep the case that was typed
				}
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			documents, err := a.documentsFor(service)
			if err != nil {
				return err
			}
			text, err := a.explain(documents, args[0])
			if err != nil {
				return err
			}
			_, err = io.WriteString(a.Stdout, text)
			return err
		},
	}
	a.serviceFlag(cmd, &service)
	return cmd
}

// serviceFlag adds the flag that chooses the documents of one service.
func (a *app) serviceFlag(cmd *cobra.Command, service *string) {
	cmd.Flags().StringVar(service, "service", "", "only rules for the `SERVICE`: "+strings.Join(a.documentIDs(), " or "))
}

func (a *app) documentIDs() []string {
	ids := make([]string, len(a.Documents))
	for i, d := range a.Documents {
		ids[i] = d.ID
	}
	return ids
}

// documentsFor returns the documents for a service, which is named by the id of its
// document, by its ARM type or as people call it; all where no service is named.
func (a *app) documentsFor(service string) (baseline.Documents, error) {
	if service == "" {
		return a.Documents, nil
	}
	for _, d := range a.Documents {
		for _, name := range []string{d.ID, d.Service.Type, d.Service.Name} {
			if strings.EqualFold(name, service) {
				return baseline.Documents{d}, nil
			}
		}
	}
	return nil, fmt.Errorf("no baseline is for the service %q: use %s%s", service, strings.Join(a.documentIDs(), " or "),
		suggest.DidYouMean(service, a.documentIDs()))
}

// explain is the text of a rule in each document that has it.
func (a *app) explain(documents baseline.Documents, id string) (string, error) {
	var texts []string
	width := explainWidth
	if columns := a.Width(); columns > 0 {
		width = min(max(columns, 40), explainWidth)
	}
	for _, d := range documents {
		for _, e := range slices.Concat(d.Features, d.Advisories) {
			if strings.EqualFold(e.ID, id) || strings.EqualFold(d.Prefix+e.ID, id) {
				texts = append(texts, explain(d, e, width))
			}
		}
	}
	if texts != nil {
		return strings.Join(texts, "\n"+strings.Repeat("-", width)+"\n\n"), nil
	}
	if rules := rulesOf(documents, id); rules != nil {
		return "", fmt.Errorf("%q is a control, not a rule: use %s (`redisbaseline rules` lists all)", id, alternatives(rules))
	}
	return "", fmt.Errorf("there is no rule %q%s (`redisbaseline rules` lists them)", id, a.Documents.DidYouMean(id))
}

// rulesOf returns the ids of the rules of a control, of either version of MCSB and
// in any case, with its dash or without.
func rulesOf(documents baseline.Documents, control string) (ids []string) {
	same := func(name string) bool {
		return name != "" && strings.EqualFold(strings.ReplaceAll(name, "-", ""), strings.ReplaceAll(control, "-", ""))
	}
	for e := range documents.Entries() {
		if same(e.Control) || same(e.Controls.V2) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// explain is the whole text of an entry of a document, its prose at most width columns wide.
func explain(d *baseline.Document, e baseline.Entry, width int) string {
	var b strings.Builder
	if e.IsAdvisory() {
		fmt.Fprintf(&b, "%s\nadvisory: %s\n\n", e.ID, e.Title)
		field(&b, "service", d.Service.Name)
		field(&b, "level", string(e.Severity)+" (an advisory never changes whether a cache is compliant)")
	} else {
		fmt.Fprintf(&b, "%s\n%s: %s\n\n", e.ID, e.Control, e.Title)
		field(&b, "service", d.Service.Name)
		field(&b, "control", e.Control+" "+e.ControlTitle)
		field(&b, "in MCSB v2", strings.TrimSpace(e.Controls.V2+" "+baseline.TitleV2(e.Controls.V2)))
		field(&b, "responsibility", string(e.Responsibility))
		field(&b, "supported", yesNo(e.Supported)+", on by default: "+yesNo(e.Default))
		field(&b, "severity", string(e.Severity))
	}
	documentation(&b, d, e, width)
	return b.String()
}

func documentation(b *strings.Builder, of *baseline.Document, d baseline.Entry, width int) {
	if d.Property != "" {
		property := d.Property
		if d.APIVersion != "" {
			property += ", since api-version " + d.APIVersion
		}
		field(b, "ARM property", property)
	}
	field(b, "page", d.Help)
	b.WriteString("\n" + strings.Join(report.Wrap(d.Summary, width), "\n") + "\n")
	list(b, "Why", report.Wrap(d.Why, width-2))
	remedies(b, d.Remediation(), width)
	list(b, "Good", strings.Split(strings.Trim(d.Good, "\n"), "\n"))
	list(b, "Bad", strings.Split(strings.Trim(d.Bad, "\n"), "\n"))
	var lines []string
	for _, p := range d.Policies {
		lines = append(lines, p.ID+"  "+p.Title()+differing(p.Differs))
	}
	list(b, "Azure Policy", lines)
	lines = nil
	for _, p := range d.Peers {
		lines = append(lines, p.Tool+" "+p.ID+differing(p.Differs))
	}
	list(b, "In other tools", lines)
	lines = nil
	for _, r := range of.Sources(d) {
		lines = append(lines, r.Title+"\n    "+r.URL)
	}
	list(b, "References", lines)
}

// remedies say what to write, dialect by dialect where they differ.
func remedies(b *strings.Builder, words []report.Remedy, width int) {
	if len(words) == 1 {
		list(b, "What to write", report.WrapRemedy(words[0].Text, width-2))
		return
	}
	b.WriteString("\nWhat to write\n")
	for _, r := range words {
		b.WriteString("  " + strings.Join(r.Dialects, ", ") + ":\n")
		for _, line := range report.WrapRemedy(r.Text, width-4) {
			b.WriteString("    " + line + "\n")
		}
	}
}

// differing is the line on what a rule of another tool checks differently.
func differing(what string) string {
	if what == "" {
		return ""
	}
	return "\n    differs: " + what
}

func field(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "%-16s%s\n", name+":", value)
	}
}

// list prints lines under a title; nothing where they are empty.
func list(b *strings.Builder, title string, lines []string) {
	if strings.Join(lines, "") == "" {
		return
	}
	b.WriteString("\n" + title + "\n")
	for _, line := range lines {
		b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// ids returns the ids of all rules, in order.
func (a *app) ids() []string {
	var ids []string
	for e := range a.Documents.Entries() {
		ids = append(ids, e.ID)
	}
	return ids
}
