package tfplan

import (
	"slices"
	"strings"
)

// malformed says what in a kept change Terraform and OpenTofu never write, which would
// have to be guessed at; empty for nothing.
func malformed(kept string) string {
	n, _ := cut(kept)
	switch {
	case !areActions(n.get("actions")):
		return "no action that is known"
	case !onlyFlags(n.get("after_unknown")), !onlyFlags(n.get("after_sensitive")), !onlyFlags(n.get("before_sensitive")):
		return "a mark of what is unknown or sensitive that is no truth value"
	}
	return ""
}

// areActions reports whether a list of actions is a single known one, or the two of a
// replacement in either order.
func areActions(n node) bool {
	first, second := n.elem(0).str(), n.elem(1).str()
	switch n.length() {
	case 1:
		return slices.Contains([]string{"no-op", "create", "read", "update", "delete", "forget"}, first)
	case 2:
		ends := func(action string) bool { return action == "delete" || action == "forget" }
		return first == "create" && ends(second) || second == "create" && ends(first)
	default:
		return false
	}
}

// onlyFlags reports whether a mask holds truth values and nothing else.
func onlyFlags(mask node) bool {
	switch mask.kind {
	case '"', '0':
		return false
	case '{':
		for _, m := range mask.members() {
			if !onlyFlags(m) {
				return false
			}
		}
	case '[':
		for m := range mask.elems() {
			if !onlyFlags(m) {
				return false
			}
		}
	}
	return true
}

// misnamed says what is wrong with the names of a resource change; empty for nothing.
// A change whose type is not that of its address must not be passed over.
func misnamed(address, mode, typ string) string {
	switch {
	case address == "":
		return "no address"
	case mode == "":
		return "no mode"
	case typ == "":
		return "no type"
	case resourceTypes[typ] != nil && !slices.Contains([]string{"managed", "data", "ephemeral"}, mode):
		return "a mode that is not known"
	case resourceTypes[typ] == nil && mode != "data" && strings.Contains(address, "redis"):
		if segs := parseRef(address); len(segs) >= 2 && segs[len(segs)-2].name != typ {
			return "a type that is not that of its address"
		}
	}
	return ""
}
