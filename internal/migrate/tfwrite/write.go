package tfwrite

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// role is what a resource is; azapi has it in labels, since all its resources have one type.
type role string

// The roles of resources.
const (
	cluster                role = "cluster"
	database               role = "database"
	privateEndpoint        role = "endpoint"
	zoneGroup              role = "zone_group"
	privateZone            role = "zone"
	networkLink            role = "link"
	diagnosticSetting      role = "logs"
	accessPolicyAssignment role = "grant"
	principals             role = "principals"
)

// dialect writes a configuration in the words of one provider.
type dialect struct {
	types map[role]string // of resources
	// provider is the source of the provider, and version the lowest that has what is
	// written.
	provider, version string
	// inPlace is what else differs in the resource of a cache that moves in place, and
	// importSuffix what the id has at its end by which it is imported.
	inPlace, importSuffix string
	// host is the expression of the host name of a target.
	host        func(*target) string
	writeTarget func(*body, *target)
	writeZone   func(*body, *zone)
	writeGroup  func(*body, *geoGroup)
}

var dialects = map[posture.Dialect]*dialect{posture.DialectAzurerm: azurerm, posture.DialectAzapi: azapi}

// part is a file that holds targets.
type part struct {
	key     string // what has a file of its own: a block, a module call or a cache
	name    string
	module  string // in which the old caches lie; empty for the root module
	targets []*target
}

// write writes the files of the targets, and the one of what they share.
func (c *configuration) write(set *Set, targets []*target) {
	if len(targets) == 0 {
		return
	}
	var parts []*part
	known, taken := map[string]*part{}, names{sharedFile: ""}
	for _, t := range targets {
		p := part{key: "id " + t.stem, name: t.stem}
		if at, ok := parseAddress(t.old.Address); ok {
			p = part{key: at.resource, name: strings.Join(at.block, "_")}
			if at.module != "" {
				p = part{key: at.module, name: strings.Join(at.block[:len(at.block)-1], "_"), module: at.module}
			}
		}
		if known[p.key] == nil {
			p.name, _ = taken.take("", func(number string) string { return variablePrefix + label(p.name) + number + ".tf" })
			known[p.key], parts = &p, append(parts, &p)
		}
		known[p.key].targets = append(known[p.key].targets, t)
	}
	for _, v := range c.variables.all {
		if v.empty == nil {
			set.Variables = append(set.Variables, v.name)
		}
	}
	set.decided = map[string][]string{}
	for _, z := range c.zones {
		for _, l := range z.links {
			for _, endpoint := range l.endpoints {
				if l.several {
					id := c.blockID(networkLink, l.label)
					set.decided[id] = append(set.decided[id], c.blockID(privateEndpoint, endpoint))
				}
			}
		}
	}
	set.Files = append(set.Files, File{sharedFile, c.shared()})
	for _, p := range parts {
		set.Files = append(set.Files, File{p.name, c.part(p)})
	}
	slices.SortFunc(set.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
}

// blockID is the id of the block of a resource, as in [blockID].
func (c *configuration) blockID(of role, label string) string {
	return "resource " + c.dialect.types[of] + " " + label
}

// part is the text of a file, formatted a target at a time: the tokens of a large file take
// some fifty times its memory.
func (c *configuration) part(p *part) (text []byte) {
	for i, t := range p.targets {
		f := hclwrite.NewEmptyFile()
		b := &body{inner: f.Body(), begun: i > 0}
		if i == 0 && p.module != "" {
			b.comment("The old caches lie in "+p.module+". These resources are of the root module, from which nothing inside of "+p.module+
				" can be referred to.", "To have them in that module, move this file into it and pass its variables.")
		}
		c.variables.write(b, t)
		b.gap()
		b.comment(t.heading(c.dialect.host(t))...)
		c.dialect.writeTarget(b, t)
		if t.mayMoveInPlace() {
			c.inPlace(b, t)
		}
		text = append(text, hclwrite.Format(f.Bytes())...)
	}
	return text
}

// unwritten are the differences that neither provider has an argument for, in the versions
// of what is written.
var unwritten = []string{"migration/keyspace-notifications", "migration/scheduled-updates"}

// heading says what a target is and what to do before.
func (t *target) heading(host string) (lines []string) {
	old := t.move.DisplayName
	if t.old.Address != "" && t.old.Address != old {
		old += " (" + t.old.Address + ")"
	}
	if sku := t.move.Current.SKU; sku != "" {
		old += ", " + sku + ","
	}
	lines = append(lines, "Follows "+old+" of "+t.move.Service+". Clients connect to "+host+", port 10000, with TLS.")
	if t.move.Wave > 0 {
		lines = append(lines, "It moves in wave "+strconv.Itoa(t.move.Wave)+".")
	}
	var certain, possible []string
	for _, d := range t.move.Differences {
		switch {
		case d.ID == "migration/access-policy-assignments" && d.Certain:
			certain = append(certain, d.Title) // whoever could read may then do everything
		case d.Severity != migrate.Blocker:
		case d.Certain:
			certain = append(certain, d.Title)
		default:
			possible = append(possible, d.Title)
		}
	}
	if len(certain) > 0 {
		lines = append(lines, "Settle first: "+strings.Join(certain, "; ")+".")
	}
	if len(possible) > 0 {
		lines = append(lines, "Find out first: "+strings.Join(possible, "; ")+".")
	}
	for _, d := range t.move.Differences {
		if d.Certain && slices.Contains(unwritten, d.ID) {
			lines = append(lines, "Not written here: "+d.Title+": "+d.Message+"; "+d.Action+".")
		}
	}
	return lines
}

// sizeComments say why the size is what it is, and what else may fit.
func (t *target) sizeComments() []string {
	target := t.move.Target
	lines := []string{target.Why}
	for _, a := range target.Alternatives {
		lines = append(lines, "Or "+a.SKU+", if "+a.When)
	}
	return append(lines, target.Warnings...)
}

// shared is the file of what several targets share.
func (c *configuration) shared() []byte {
	f := hclwrite.NewEmptyFile()
	b := &body{inner: f.Body()}
	b.comment("Made by redisbaseline migrate: what the new caches share. The old caches stay until their clients have moved.",
		"Names are new, since the old host names belong to the old service.", "In required_providers:")
	_, name, _ := strings.Cut(c.dialect.provider, "/")
	b.commentedOut("  " + name + ` = { source = "` + c.dialect.provider + `", version = ">= ` + c.dialect.version + `" }`)
	c.variables.write(b, nil)
	for _, z := range c.zones {
		if z.group != nil {
			c.dialect.writeZone(b, z)
		}
	}
	for _, g := range c.groups {
		c.dialect.writeGroup(b, g)
	}
	return hclwrite.Format(f.Bytes())
}

// noGroup are the sizes that azurerm or Azure Resource Manager refuses in a group.
var noGroup = regexp.MustCompile(`^"(Balanced_B[01]|FlashOptimized_.*)"$`)

// comments says of a group what its members do not show.
func (g *geoGroup) comments() (lines []string) {
	if len(g.outside) > 0 {
		lines = append(lines, "Members that are not written here: "+strings.Join(g.outside, ", ")+". Add what follows them to the group.")
	}
	if skus := g.unlike(); skus != nil {
		lines = append(lines, "All members need the same SKU, and here are "+strings.Join(skus, ", ")+".")
	}
	if slices.ContainsFunc(g.members, func(m *target) bool { return noGroup.MatchString(sourceOf(m.sku)) }) {
		lines = append(lines, "Balanced_B0, Balanced_B1 and the FlashOptimized sizes cannot be members: choose a larger one.")
	}
	return append(lines, "The groups of Azure Managed Redis are active: every member takes writes.")
}
