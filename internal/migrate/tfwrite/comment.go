package tfwrite

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

const zoneComment = "Where this zone exists already, take its id instead, and leave out the zone and its links."

// comment says of all but the first link of a zone when it is one too many.
func (l *zoneLink) comment() string {
	if !l.several {
		return ""
	}
	return "Leave it out where this subnet and one above are of the same virtual network."
}

func (e *endpoint) comment() string {
	if e.old == "" {
		return ""
	}
	return "Follows " + e.old + "."
}

func (l *logs) comment() string {
	if l.old == "" {
		return "Metrics are of the cluster, logs of its database."
	}
	return "Follows " + l.old + ". Metrics are of the cluster, logs of its database."
}

func (g *grant) comment() string {
	if g.old == "" {
		return ""
	}
	return `Had the policy ` + g.old + `; the policy "default" grants everything.`
}

// keyComment says what clients with access keys need.
func (t *target) keyComment() string {
	if posture.Is(t.old.AccessKeyAuthentication, false) == posture.False {
		return "Clients of the old cache may use access keys: let them sign in with Microsoft Entra, or set true until they do."
	}
	return ""
}

// databaseComments say what has to be decided about the database.
func (t *target) databaseComments() []string {
	value := t.move.Target.Value
	lines := []string{"To change the clustering policy later makes the database anew, without its data."}
	if value(migrate.Modules) == "" {
		lines = append(lines, "The modules of the old cache are not known: write them before the first apply, none can be added later.")
	}
	with, known := t.old.ModulesWithArguments.OrDefault(nil).Get()
	for _, m := range t.modules {
		if !known || slices.ContainsFunc(with, func(name string) bool { return strings.EqualFold(name, m) }) {
			lines = append(lines, "Repeat the arguments (args) of "+m+", which are never shown, if it has any.")
		}
	}
	if t.geo == nil && value(migrate.GeoReplicationGroup) == "" {
		lines = append(lines, "Whether the old cache is geo-replicated is not known: its partners have to be in one group, "+
			"which is written before the first apply.")
	}
	return append(lines, t.keyComment())
}

// encryptionComment says what has to be decided about the key.
func (t *target) encryptionComment() string {
	if t.move.Target.Value(migrate.CustomerManagedKey) == "" {
		return "Whether a key of your own encrypts the old cache is not known: decide before the first apply, a later change is a long operation."
	}
	return ""
}

// mayMoveInPlace reports whether the old cache is of the Enterprise tiers and nothing is known
// that keeps it from moving in place.
func (t *target) mayMoveInPlace() bool {
	return slices.ContainsFunc(t.move.Paths, func(p migrate.Path) bool {
		return p.ID == migrate.InPlace && (p.Eligible == nil || *p.Eligible)
	})
}

// inPlace writes, as a comment, what the other way to move a cache of the Enterprise
// tiers needs, on which it keeps its id.
func (c *configuration) inPlace(b *body, t *target) {
	b.gap()
	to := c.dialect.types[cluster] + "." + t.label
	b.comment("Instead of a new cache, the Enterprise cache can change its SKU in place, and keep its host name, id and keys, but not " +
		"surely its data. For that: change the SKU in Azure, give " + to + " the old name" + c.dialect.inPlace + ", take the blocks of the " +
		"old cluster and database out of the configuration, and plan with these. There must be no change but the ones that you want.")
	if id, ok := t.old.ResourceID.Get(); ok && strings.HasPrefix(id, "/") && !t.old.ResourceID.Source.Sensitive {
		b.commentedOut("import {")
		b.commentedOut("  to = " + to)
		b.commentedOut("  id = " + sourceOf(text(id+c.dialect.importSuffix)))
		b.commentedOut("}")
	}
	at, ok := parseAddress(t.old.Address)
	switch {
	case !ok:
	case strings.Contains(t.old.Address, "["):
		b.comment("And forget the old cluster and its database: terraform state rm '" + t.old.Address + "'")
	default:
		b.commentedOut("removed {")
		b.commentedOut("  from = " + strings.TrimPrefix(at.module+"."+at.resource, "."))
		b.commentedOut("  lifecycle {")
		b.commentedOut("    destroy = false")
		b.commentedOut("  }")
		b.commentedOut("}")
		b.comment("The same for its database, where that is a resource of its own.")
	}
}
