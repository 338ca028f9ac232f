package fix

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// mayBeOfCache reports whether the argument type of a block of azapi may be that of a cache,
// or of what is in one.
func mayBeOfCache(body *hclsyntax.Body) bool {
	text, ok := literalOf(body, "type")
	return !ok || strings.HasPrefix(strings.ToLower(text), "microsoft.cache/redis")
}

// literalOf is an argument that is written as text.
func literalOf(body *hclsyntax.Body, name string) (text string, ok bool) {
	if a := body.Attributes[name]; a != nil {
		v, diags := a.Expr.Value(nil)
		if !diags.HasErrors() && v.Type().FriendlyName() == "string" && v.IsKnown() && !v.IsNull() {
			return v.AsString(), true
		}
	}
	return "", false
}

// Types of resources that run something with what they get, or look up the keys of what is
// named to them.
var (
	unseenTypes = regexp.MustCompile(`^azurerm_\w*(template_deployment|deployment_script\w*)$|^external$`)
	connections = regexp.MustCompile(`^azurerm_\w+_connection$`)
	unseenAzapi = regexp.MustCompile(`(?i)^microsoft\.(resources/deployment|servicelinker/)`)
)

// unseen is what gets the value of the expression that is looked at and does with it what
// the configuration does not show; empty for nothing of that kind.
func (s *search) unseen() string {
	for _, n := range s.stack {
		if f, ok := n.(*hclsyntax.FunctionCallExpr); ok && strings.HasPrefix(f.Name, "template") {
			return "the template"
		}
	}
	if slices.ContainsFunc(s.top.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "provisioner" }) {
		return "a provisioner"
	}
	typ := s.typ()
	switch {
	case s.top.Type == "module" && s.module.Absent[typ]:
		return "the module, which is not there,"
	case unseenTypes.MatchString(typ):
		return "it"
	case connections.MatchString(typ):
		return "the connection"
	case typ == "azapi_resource":
		if text, ok := literalOf(s.top.Body, "type"); ok && unseenAzapi.MatchString(text) {
			return "it"
		}
	}
	return ""
}

// asking is a text that asks Azure for keys: an action of Azure Resource Manager, a command
// of the Azure CLI or of PowerShell. foreign is one about another service.
var (
	asking  = regexp.MustCompile(`(?i)\b(list|regenerate)-?keys?\b|-AzRedis(Enterprise)?CacheKey`)
	foreign = regexp.MustCompile(`(?i)microsoft\.\w+/`)
)

// text notes a text that asks for keys, or that has the host name of a cache.
func (s *search) text(x *hclsyntax.TemplateExpr) {
	var text, apart strings.Builder
	for _, part := range x.Parts {
		if l, ok := part.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type().FriendlyName() == "string" {
			text.WriteString(l.Val.AsString())
			apart.WriteString(l.Val.AsString())
		} else {
			apart.WriteByte(0)
		}
	}
	s.hostText(apart.String(), x.Range())
	if isAsking(text.String()) && !s.isAction() {
		s.add(subject{}, x.Range(), "has a text that asks Azure for keys")
	}
}

// isAction reports whether a text is the action of an azapi_resource_action, or stands in one
// that is about another service; see asksForKeys.
func (s *search) isAction() bool {
	inAction := slices.ContainsFunc(s.stack, func(n hclsyntax.Node) bool {
		a, ok := n.(*hclsyntax.Attribute)
		return ok && a.Name == "action"
	})
	return s.typ() == "azapi_resource_action" && (inAction || !mayBeOfCache(settingsOf(s.top)))
}

// settingsOf is the body with the arguments of a block: those of an action stand in config.
func settingsOf(b *hclsyntax.Block) *hclsyntax.Body {
	for _, inner := range b.Body.Blocks {
		if b.Type == "action" && inner.Type == "config" {
			return inner.Body
		}
	}
	return b.Body
}

func isAsking(text string) bool {
	others := foreign.FindAllString(text, -1)
	return asking.MatchString(text) && (len(others) == 0 || slices.ContainsFunc(others, func(name string) bool {
		return strings.EqualFold(name, "microsoft.cache/")
	}))
}

// asksForKeys notes a block that asks Azure for the keys of a cache.
func (s *search) asksForKeys(b *hclsyntax.Block) {
	body := settingsOf(b)
	switch s.typ() {
	case "redisbaseline_access_keys":
	case "azapi_resource_action":
		action, ok := literalOf(body, "action")
		if !mayBeOfCache(body) || body.Attributes["action"] == nil || ok && !asking.MatchString(action) {
			return
		}
	default:
		return
	}
	of := []subject{}
	if a := body.Attributes["resource_id"]; a != nil {
		for _, t := range a.Expr.Variables() {
			if slices.Contains(cacheTypes, t.RootName()) {
				of = append(of, subject{key: t.RootName() + "." + nameAt(t, 1)})
			}
		}
	}
	if len(of) == 0 {
		of = append(of, subject{})
	}
	for _, one := range of {
		s.add(one, b.DefRange(), "asks Azure for the keys of a cache")
	}
}
