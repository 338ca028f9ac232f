package provider

import (
	"slices"
	"strings"
	"sync"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// cacheShape are the attributes of a cache that rules use, in the names of azurerm
// 3.114 to 5. No other attribute enters this process.
var cacheShape = sync.OnceValue(func() *shape { return judgedKinds().shape() })

var securityRuleShape = sync.OnceValue(func() *shape {
	return shapeOf(vocabulary.SecurityRule).union(object(map[string]*shape{"name": text("Name of the rule.")}))
})

// shapeOf is the object of a table as azurerm has it.
func shapeOf[P any](t vocabulary.Table[P]) *shape {
	out := object(map[string]*shape{})
	for _, f := range t {
		at := f.Azurerm
		if at.CannotSet != "" || at.OfOtherResource != "" || at.AlwaysDefault != "" || at.Form == vocabulary.Suffix {
			continue // the attribute of which one has a suffix has a row of its own
		}
		one := &shape{kind: kindText, doc: f.Doc, link: f.Link && f.Identity}
		switch f.Field(new(P)).(type) {
		case *posture.Value[bool]:
			if !slices.Contains([]vocabulary.Form{vocabulary.EnabledDisabled, vocabulary.NotEmpty, vocabulary.SystemAssigned}, at.Form) {
				one.kind = kindFlag
			}
		case *posture.Value[int]:
			one.kind = kindNumber
		case *posture.Value[[]string]:
			one = set(text(""), f.Doc)
		case *posture.Value[map[string]string]:
			continue // tags, by which only whole estates are ordered
		}
		if at.Form == vocabulary.Block || at.Column != "" {
			one = list(object(map[string]*shape{}), f.Doc)
		}
		if column, second, _ := strings.Cut(at.Column, ","); column != "" {
			one.elem.attrs[column] = text(at.ColumnDoc)
			switch at.Form {
			case vocabulary.DaysAndHours:
				one.elem.attrs[second] = &shape{kind: kindNumber}
			case vocabulary.Filled:
				one.elem.attrs[second] = text("")
			}
		}
		out.put(at.Path, one)
		out.put(at.Alias, &shape{kind: one.kind, doc: "Name of `" + at.Path[strings.LastIndex(at.Path, ".")+1:] + "` in azurerm 3."})
		out.put(at.Plural, set(text(""), f.PluralDoc))
		out.put(at.Groups, set(text(""), f.GroupsDoc))
	}
	return out
}

// companionShape is the union of the attributes that rules use of all kinds of
// companions. Names that several kinds share have the same type in all of them.
var companionShape = sync.OnceValue(func() *shape {
	out := object(map[string]*shape{})
	for _, k := range companionKinds {
		for _, c := range k.arguments {
			out.take(c)
		}
	}
	return out
})

// take adds the arguments of a companion that functions take, as azurerm has them.
func (s *shape) take(c vocabulary.Companion) *shape {
	for _, a := range c {
		if a.Doc == "" || a.Azurerm == "" {
			continue
		}
		s.put(strings.ReplaceAll(a.Azurerm, "[0]", ""), argumentShape(a))
	}
	return s
}

func argumentShape(a vocabulary.Argument) *shape {
	each := object(map[string]*shape{}).take(a.Each)
	switch a.Role {
	case vocabulary.ID, vocabulary.ResourceGroup, vocabulary.Target, vocabulary.TargetName, vocabulary.Scope, vocabulary.SecurityGroup:
		return link(a.Doc)
	case vocabulary.Manual, vocabulary.Enabled, vocabulary.Enforcement:
		return flag(a.Doc)
	case vocabulary.Subresources:
		return list(text(""), code(service.Subresources())+" for a cache.")
	case vocabulary.Zones, vocabulary.NotScopes, vocabulary.In, vocabulary.NotIn:
		return list(text(""), a.Doc)
	case vocabulary.Connections, vocabulary.ZoneGroup, vocabulary.Overrides, vocabulary.Selectors:
		return list(each, a.Doc)
	case vocabulary.Logs, vocabulary.AllLogs:
		return set(each, a.Doc)
	case vocabulary.Rules:
		return set(securityRuleShape(), a.Doc)
	default:
		return text(a.Doc)
	}
}

// snapshotShape is the type that snapshot returns and redisbaseline_evaluation
// takes: the cache, its companions, and the paths that are not known yet.
var snapshotShape = sync.OnceValue(func() *shape {
	return cacheShape().union(object(map[string]*shape{
		"companions": list(companionShape().union(object(map[string]*shape{
			"kind": text("Resource type; told from the attributes when the snapshot was taken."),
		})), "What stands around the cache."),
		"undecided": list(text(""), "Paths of the attributes that are not known yet."),
	})).ordered()
})
