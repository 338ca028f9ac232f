package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// destinations are the places to which a diagnostic setting sends logs.
var destinations = []vocabulary.Role{vocabulary.Workspace, vocabulary.StorageAccount, vocabulary.EventHubRule, vocabulary.Partner,
	vocabulary.ServiceBusRule}

// logSourceID returns the id of the cache that a diagnostic setting is for. The target
// of the setting may be the resource below the cache that writes the logs.
func logSourceID(in *instance, v view) view {
	id := targetID(in, v)
	if _, rest, s := cutCache(id.val.str()); s != nil && rest != "" && !strings.EqualFold(rest, s.Database) {
		return view{} // it writes no logs
	}
	return dataID(in, v)
}

// dataID returns the id of the cache that an object is for, which may name the resource
// below the cache that holds the data and writes the logs.
func dataID(in *instance, v view) view {
	return cacheID(targetID(in, v))
}

// logsAreFor says whether a diagnostic setting is for the resource that writes the
// logs of the caches of a service. Only a known id tells whether it lies below a cache.
func logsAreFor(s *service.Service, in *instance, v view) posture.Tri {
	id := targetID(in, v)
	if s.Database != "" && id.isUnknown() {
		return posture.Maybe
	}
	_, rest, of := cutCache(id.val.str())
	return posture.FromBool(of != s || strings.EqualFold(rest, s.Database))
}

func (p *linker) diagnostic(in *instance, v view) posture.DiagnosticSetting {
	d := posture.DiagnosticSetting{Address: in.address, Logs: p.logs(in, v), Destinations: make([]posture.Value[string], 0, len(destinations))}
	if in.hidden {
		d.Logs = posture.Unknown[[]posture.Log](posture.ReasonWriteOnly, in.evidence(vocabulary.Logs)).WithDetail("sensitive_body may set it")
	}
	for _, role := range destinations {
		path := in.path(role)
		dest := p.idOrReference(in, path, in.at(v, role).str(path))
		if in.hidden {
			dest.Reason = posture.ReasonWriteOnly
		}
		d.Destinations = append(d.Destinations, dest)
	}
	patchFact(p.patched(kindDiagnostic, in, ""), &d.Logs)
	return d
}

// idOrReference replaces an id that is known after apply where it is a sole reference to
// the id of a resource, which is never null.
func (p *linker) idOrReference(in *instance, path string, id posture.Value[string]) posture.Value[string] {
	if id.IsUnknown() && id.Reason == posture.ReasonKnownAfterApply {
		l := soleLeaf(p.trace(in, path))
		if !l.data && l.address != "" && (l.attribute == "id" || strings.HasSuffix(l.attribute, "_id")) {
			return posture.Known(l.address+"."+l.attribute, id.Source.Path)
		}
		if made, ok := p.askID(in, path); ok && made != "" {
			return posture.Known(made, id.Source.Path)
		} else if ok {
			return posture.Unset[string](id.Source.Path)
		}
	}
	return id
}

// logs reads enabled_log, and log of azurerm 3. One of the two is computed from
// the other there, so the one that is known and has entries decides; one that is
// computed and stands nowhere in the source adds nothing.
func (p *linker) logs(in *instance, v view) posture.Value[[]posture.Log] {
	if in.typ.arm {
		return logEntries(in, v, vocabulary.Logs)
	}
	read := func(list vocabulary.Role) posture.Value[[]posture.Log] {
		out := logEntries(in, v, list)
		if out.IsUnknown() && out.Reason == posture.ReasonKnownAfterApply && in.after() && p.omitted(in, in.path(list)) == posture.True {
			out = posture.Known([]posture.Log{}, in.evidence(list))
		}
		return out
	}
	first, second := read(vocabulary.Logs), read(vocabulary.AllLogs)
	switch {
	case first.IsKnown() && len(first.V) > 0:
		return first
	case second.IsKnown() && len(second.V) > 0:
		return second
	case first.IsUnknown():
		return first
	case second.IsUnknown(), first.IsUnset():
		return second
	default:
		return first
	}
}

// logEntries reads a list of logs. Those of ARM, and of log in azurerm 3, may be
// switched off one by one.
func logEntries(in *instance, v view, list vocabulary.Role) posture.Value[[]posture.Log] {
	part, path, terms := in.at(v, list), in.evidence(list), in.typ.terms.Element(list)
	return value(part, path, func(n node) ([]posture.Log, bool) {
		entries := []posture.Log{}
		for e := range part.elems() {
			l := logEntry(terms, e, path)
			at := terms.Place(vocabulary.Enabled)
			switch enabled := e.along(at); {
			case l.Enabled.IsUnknown() || list == vocabulary.Logs && !in.typ.arm:
			case in.typ.arm && enabled.isAbsentOrEmpty(): // required; what else it would mean nobody says
				l.Enabled = posture.Unknown[bool](posture.ReasonKnownAfterApply, at.Evidence)
			default:
				l.Enabled = enabled.boolean(at.Evidence).OrDefault(true)
			}
			entries = append(entries, l)
		}
		return entries, n.kind == '['
	})
}

// logEntry reads a log by its category or group, known or not; without either
// nobody documents what it is.
func logEntry(terms *vocabulary.Terms, v view, path string) posture.Log {
	l := posture.Log{Enabled: posture.Known(true, path)}
	named := false
	for _, role := range []vocabulary.Role{vocabulary.Category, vocabulary.CategoryGroup} {
		name := v.along(terms.Place(role))
		named = named || name.isUnknown() || name.lost() || name.val.str() != ""
		if s := name.val.str(); s != "" && !name.isSensitive() && l.Category == "" {
			l.Category = s
		}
	}
	if !named {
		l.Enabled = posture.Undocumented[bool](path)
	}
	return l
}
