package tfplan

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Outbound rules of a managed network make managed private endpoints. A rule is a
// resource of its own, or an element of a map in the body of what has the network,
// at the same path for every ARM type.

const managedNetwork, outboundRules = "managedNetwork", "outboundRules"

// managedNetworkKinds are the ARM types with rules in their body.
var managedNetworkKinds = []string{
	"microsoft.cognitiveservices/accounts/managednetworks",
	"microsoft.machinelearningservices/workspaces",
	"microsoft.machinelearningservices/workspaces/managednetworks",
}

// outboundRuleSpec adds what is kept of a rule. Its destination may be text: a
// host name, which is no cache.
func outboundRuleSpec(s *spec) *spec {
	return s.with("type", nil).with("destination", keep("serviceResourceId", "subresourceTarget").
		asText(func(w *encoder, _ string) { w.kind('n') }))
}

// outboundRuleTerms are where a rule has what is asked of it.
var outboundRuleTerms = vocabulary.OutboundRule.ARM()

// azapiOutboundRule is a rule in the body of another resource.
var azapiOutboundRule = &resourceType{name: "azapi_resource", kind: kindManagedEndpoint, arm: true, terms: outboundRuleTerms}

// outboundRule is a rule in a body. A rule without a name stands for all rules of a
// body in which they are not known.
type outboundRule struct {
	name string
	v    view
}

// target is the id of what a rule makes an endpoint for; absent where it makes none.
func (r outboundRule) target() view {
	if typ, ok := r.v.along(outboundRuleTerms.Place(vocabulary.Kind)).str("").Get(); ok && !strings.EqualFold(typ, "PrivateEndpoint") {
		return view{}
	}
	return r.v.along(outboundRuleTerms.Place(vocabulary.Target))
}

// mostUnknownRules is the number of rules with an unknown target in one body up to
// which each is traced. A hostile plan may have very many.
const mostUnknownRules = 200

// outboundRulesOf returns the rules in a body that may have a target, in the
// order of the plan.
func outboundRulesOf(v view) []outboundRule {
	rules := v.at("body", "properties", managedNetwork, outboundRules)
	var out []outboundRule
	switch {
	case !v.exists():
		return nil
	case rules.isUnknown(), rules.lost():
		out = []outboundRule{{"", rules}}
	}
	at := map[string]int{}
	rule := func(name string) *view {
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, outboundRule{name: name})
		}
		return &out[i].v
	}
	for name, n := range rules.val.members() {
		rule(name).val = n
	}
	for name, n := range rules.unknown.members() {
		rule(name).unknown = n
	}
	out = slices.DeleteFunc(out, func(r outboundRule) bool { return r.target().isAbsent() })
	unknown := 0
	for _, r := range out {
		if r.target().isUnknown() {
			unknown++
		}
	}
	if unknown > mostUnknownRules {
		out = slices.DeleteFunc(out, func(r outboundRule) bool { return r.target().isUnknown() })
		out = append(out, outboundRule{"", view{unknown: node{kind: 't'}}})
	}
	return out
}

// collectOutboundRules makes an instance of every rule in the body of another. A
// rule that only one side of an update has is created or deleted.
func (p *linker) collectOutboundRules(in *instance, arm string) {
	if !slices.Contains(managedNetworkKinds, arm) {
		return
	}
	body := *in
	body.hideBody(p.config.resources[in.cfg].has("sensitive_body"))
	before, after := body.both()
	// The names of rules in a sensitive body must not come into a message.
	named := !after.at("body", "properties", managedNetwork, outboundRules).isSensitive()
	add := func(name string, action posture.Change, was, is view) {
		path := "body.properties." + managedNetwork + "." + outboundRules
		if name != "" && named {
			path += "." + name + "." + outboundRuleTerms.Place(vocabulary.Target).Path
		}
		rule := body
		rule.typ, rule.targetPath, rule.change, rule.kept = azapiOutboundRule, path, action, change(was, is)
		p.byType[azapiOutboundRule] = append(p.byType[azapiOutboundRule], &rule)
	}
	had := map[string]view{}
	gone := outboundRulesOf(before)
	for _, r := range gone {
		had[r.name] = r.v
	}
	for _, r := range outboundRulesOf(after) {
		was, ok := had[r.name]
		action := in.change
		if !ok && action == posture.ChangeUpdate {
			action = posture.ChangeCreate
		}
		add(r.name, action, was, r.v)
		delete(had, r.name)
	}
	for _, r := range gone {
		if was, ok := had[r.name]; ok {
			add(r.name, posture.ChangeDelete, was, view{})
		}
	}
}

// change encodes a change from one view to another, as instances keep it.
func change(before, after view) string {
	out := node{kind: '{'}
	if before.exists() {
		out = with(out, "before", before.val)
	}
	if after.val.absent() && after.unknown.kind == '{' {
		after.val.kind = '{' // only the mask shows it
	}
	if after.exists() || after.isUnknown() {
		out = with(with(out, "after", after.val), "after_unknown", after.unknown)
	}
	return encoded(out)
}
