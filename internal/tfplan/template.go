package tfplan

import "strings"

// templateSpec keeps of a template the types and names of what it deploys that
// counts for a cache, never the template. It is JSON text, or an object by azapi.
func templateSpec() *spec {
	s := keep().asText(func(w *encoder, text string) {
		switch n, err := parseNode([]byte(text)); {
		case text == "":
			w.kind('n')
		case err != nil || n.kind != '{':
			w.str(unexpected)
		default:
			summarise(w, n)
		}
	})
	s.distilled = func(w *encoder, raw []byte) {
		switch n, err := parseNode(raw); {
		case err != nil:
			w.str(unexpected)
		case w.mask:
			w.kind(map[bool]byte{true: 't', false: 'f'}[anyTrue(n)])
		default:
			summarise(w, n)
		}
	}
	return s
}

// The members of a summary of a template.
const (
	summaryHidden    = "hidden"    // a part of it comes from elsewhere
	summaryElsewhere = "elsewhere" // a part is deployed to another scope
	summaryComplete  = "complete"  // a nested deployment is in complete mode
	summaryResources = "resources"
)

// mostNested is the most levels of nested templates and resources; ARM allows fewer.
const mostNested = 20

// templateSummary is what counts of a template.
type templateSummary struct {
	hidden, elsewhere, complete bool
	resources                   []templateResource
}

// templateResource is a resource of a template; the name is empty where it is
// an expression.
type templateResource struct{ arm, name string }

// summarise writes what counts of a template.
func summarise(w *encoder, template node) {
	var s templateSummary
	s.read(template, "", "", 0)
	start := w.open('{')
	for _, flag := range []struct {
		name string
		on   bool
	}{{summaryHidden, s.hidden}, {summaryElsewhere, s.elsewhere}, {summaryComplete, s.complete}} {
		if flag.on {
			w.name([]byte(flag.name))
			w.kind('t')
		}
	}
	w.name([]byte(summaryResources))
	list := w.open('[')
	for _, r := range s.resources {
		item := w.open('{')
		w.name([]byte("type"))
		w.str(r.arm)
		w.name([]byte("name"))
		w.str(r.name)
		w.close(item)
	}
	w.close(list)
	w.close(start)
}

// read goes through the resources of a template, or of a resource that has
// children within it. They are a list, or an object by symbolic names.
func (s *templateSummary) read(parent node, arm, name string, depth int) {
	if depth > mostNested {
		s.hidden = true
		return
	}
	resources := s.part(parent, "resources")
	for r := range resources.elems() {
		s.resource(r, arm, name, depth)
	}
	for _, r := range resources.members() {
		s.resource(r, arm, name, depth)
	}
	if resources.kind == '"' {
		s.hidden = true // an expression
	}
}

// part returns a member of a template by its name in any case. Where two members have
// the name, what the template deploys is not known.
func (s *templateSummary) part(of node, name string) node {
	var found node
	n := 0
	for have, kid := range of.members() {
		if strings.EqualFold(have, name) {
			found = kid
			n++
		}
	}
	s.hidden = s.hidden || n > 1
	return found
}

func (s *templateSummary) resource(r node, parentType, parentName string, depth int) {
	if s.part(r, "existing").isTrue() || s.part(r, "condition").kind == 'f' {
		return
	}
	arm, name := strings.ToLower(s.part(r, "type").str()), literalText(s.part(r, "name").str())
	if arm == "" || strings.HasPrefix(arm, "[") {
		s.hidden = true
		return
	}
	if parentType != "" && !strings.Contains(arm, ".") {
		arm = parentType + "/" + arm
		if name != "" && parentName != "" {
			name = parentName + "/" + name
		} else {
			name = ""
		}
	}
	if i := strings.LastIndex(arm, "/providers/"); i >= 0 {
		arm = extensionTypes[arm[i+len("/providers/"):]] // an extension of what the type begins with
	}
	if arm == deploymentKind || arm == stackKind {
		s.nested(r, depth)
	}
	if _, counts := writtenKinds[arm]; counts || serviceOfType(arm) != nil {
		s.resources = append(s.resources, templateResource{arm, name})
	}
	s.read(r, arm, name, depth+1)
}

// extensionTypes are the types of extension resources, by the last step.
var extensionTypes = map[string]string{
	"diagnosticsettings": diagnosticKind, "policyassignments": assignmentKind,
	"policyexemptions": exemptionKind,
}

// nested goes through the template of a nested deployment.
func (s *templateSummary) nested(r node, depth int) {
	s.elsewhere = s.elsewhere || !s.part(r, "resourceGroup").absent() || !s.part(r, "subscriptionId").absent() || !s.part(r, "scope").absent()
	props := s.part(r, "properties")
	s.complete = s.complete || strings.EqualFold(s.part(props, "mode").str(), "Complete")
	template := s.part(props, "template")
	if template.kind != '{' {
		s.hidden = true // linked, or an expression
		return
	}
	s.read(template, "", "", depth+1)
}

// literalText returns the text that a string of a template stands for; empty
// for an expression.
func literalText(text string) string {
	if rest, escaped := strings.CutPrefix(text, "[["); escaped {
		return "[" + rest
	}
	if strings.HasPrefix(text, "[") {
		return ""
	}
	return text
}

// templateOf reads a summary back; ok is false where the template is not seen.
func templateOf(template, link view) (out templateSummary, ok bool) {
	if template.isUnknown() || template.lost() || template.val.kind != '{' || !link.isAbsentOrEmpty() {
		return templateSummary{hidden: true}, false
	}
	n := template.val
	out = templateSummary{hidden: n.get(summaryHidden).isTrue(), elsewhere: n.get(summaryElsewhere).isTrue(),
		complete: n.get(summaryComplete).isTrue()}
	for r := range n.get(summaryResources).elems() {
		out.resources = append(out.resources, templateResource{r.get("type").str(), r.get("name").str()})
	}
	return out, !out.hidden
}
