package baseline

import (
	"regexp"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Remedy is what to write against a violation, in the words of each dialect.
//
// {id} stands for the id of the cache, as a reference in a configuration, {database} for
// that of the database of a cluster, and {zone} for the private DNS zone of its cloud.
// In commands, {name} stands for its name, {type} for its type, {group} for the
// arguments that name its resource group and subscription, {cache} for those and its
// name, {resource} for {cache} and its type, {tier} for its tier, and {subnet} for the
// arguments that name the subnet in which the cache is. What belongs to the user
// stands as a variable of the dialect: var.subnet_id, "$SUBNET_ID".
type Remedy struct {
	// Part is the part of the rule that the remedy mends, as a verdict names it in
	// [Verdict.Parts]; empty for the only one.
	Part string

	Azurerm  string // azurerm 4 and 5
	Azurerm3 string // azurerm 3, where it has other names
	// Enterprise is for azurerm_redis_enterprise_cluster and _database, where it is not
	// as in Azurerm.
	Enterprise string
	Azapi      string
	Own        string // redisbaseline_cache, where it is not as in azurerm 5
	// Az are commands of the Azure CLI. Settings are patched: az redis update and az
	// redis identity also send that public access is enabled. Source: Azure CLI,
	// issue 26204 and pull request 27227.
	Az  string
	Any string // what every dialect says that has no words of its own
}

// of returns the remedy as that of a part of another rule.
func (r Remedy) of(part string) Remedy {
	r.Part = part
	return r
}

// in returns the words of a dialect.
func (r *Remedy) in(d posture.Dialect) string {
	var words string
	switch d {
	case posture.DialectAzapi:
		words = r.Azapi
	case posture.DialectOwn:
		words = firstOf(r.Own, r.Any, r.Azurerm)
	case posture.DialectAz:
		words = r.Az
	case posture.DialectAzurerm3:
		words = firstOf(r.Azurerm3, r.Azurerm)
	case posture.DialectEnterprise:
		words = firstOf(r.Enterprise, r.Any, r.Azurerm)
	default:
		words = r.Azurerm
	}
	return firstOf(words, r.Any)
}

// Remedy returns what to write in a dialect against violations of several caches.
func (e *Entry) Remedy(d posture.Dialect) string {
	c := &posture.Cache{Dialect: d}
	if e.service != nil { // of a document that is published
		c.Type = e.service.Type
	}
	return e.remedy(c, nil)
}

// remedy returns what to write for one cache against a violation of some parts of
// the rule; no parts stand for all.
func (r *Rule) remedy(c *posture.Cache, parts []string) string {
	if len(r.Remedies) == 1 {
		return fill(r.Remedies[0].in(c.Dialect), c)
	}
	var words []string
	for i := range r.Remedies {
		remedy := &r.Remedies[i]
		if w := remedy.in(c.Dialect); w != "" && (len(parts) == 0 || slices.Contains(parts, remedy.Part)) {
			words = append(words, w)
		}
	}
	return fill(strings.Join(words, "; "), c)
}

// Remediation returns what to write in every dialect of the service; dialects of the
// same words stand together.
func (e *Entry) Remediation() []report.Remedy {
	var out []report.Remedy
	for _, d := range e.service.Dialects {
		text := e.Remedy(d)
		if i := slices.IndexFunc(out, func(w report.Remedy) bool { return w.Text == text }); i >= 0 {
			out[i].Dialects = append(out[i].Dialects, string(d))
			continue
		}
		out = append(out, report.Remedy{Dialects: []string{string(d)}, Text: text})
	}
	return out
}

// fill replaces the placeholders of a remedy. What is not known of the cache is a
// variable of the shell in a command, and the usual example elsewhere.
func fill(text string, c *posture.Cache) string {
	if !strings.Contains(text, "{") {
		return text
	}
	if strings.Contains(text, "{zone}") {
		zone := "of the service"
		if zones := servicesOf(c)[0].DNSZones; zones[c.Cloud()] != "" {
			zone = zones[c.Cloud()]
		}
		text = strings.ReplaceAll(text, "{zone}", zone)
	}
	if c.Dialect == posture.DialectAz {
		return fillCommand(text, c)
	}
	resource := inModule(c.Address)
	switch {
	case resource != "":
	case c.Dialect == posture.DialectAzapi:
		resource = "azapi_resource.example"
	default:
		resource = servicesOf(c)[0].Azurerm[0] + ".example"
	}
	database := resource + ".default_database[0].id"
	switch c.Dialect {
	case posture.DialectAzapi:
		database = `"${` + resource + `.id}` + service.ManagedRedis.Database + `"`
	case posture.DialectEnterprise:
		database = "azurerm_redis_enterprise_database.example.id"
	}
	return strings.NewReplacer("{id}", resource+".id", "{database}", database).Replace(text)
}

// fillCommand replaces the placeholders of a command.
func fillCommand(text string, c *posture.Cache) string {
	name, armType := argument(visible(c.Name), "NAME"), service.OfCache(c).Type
	group := option("--resource-group", visible(c.ResourceGroup), "GROUP")
	if id := strings.Split(visible(c.ResourceID), "/"); len(id) > 4 {
		group = option("--resource-group", id[4], "GROUP") + option(" --subscription", id[2], "SUBSCRIPTION")
	}
	subnet := `--ids "$SUBNET_ID"`
	if id := strings.Split(visible(c.SubnetID), "/"); len(id) == 11 {
		subnet = option("--name", id[10], "SUBNET") + option(" --vnet-name", id[8], "NETWORK") +
			option(" --resource-group", id[4], "GROUP") + option(" --subscription", id[2], "SUBSCRIPTION")
	}
	tier := firstOf(string(tierOf(c)), string(tierStandard))
	if c.Tier.Source.Sensitive {
		tier = string(tierStandard)
	}
	text = strings.ReplaceAll(text, "{resource}", "{cache} --resource-type {type}")
	text = strings.ReplaceAll(text, "{cache}", "--name {name} {group}")
	if strings.HasPrefix(visible(c.Name), "-") { // see option
		text = strings.ReplaceAll(text, " {name}", "={name}")
	}
	id := argument(visible(c.ResourceID), "ID")
	return strings.NewReplacer("{id}", id, "{database}", id+service.ManagedRedis.Database, "{name}", name,
		"{tier}", tier, "{type}", armType, "{group}", group, "{subnet}", subnet).Replace(text)
}

// visible is a text that is known and may be shown.
func visible(v posture.Value[string]) string {
	if text, ok := v.Get(); ok && !v.Source.Sensitive {
		return text
	}
	return ""
}

// harmless are texts that a shell takes as they stand.
var harmless = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

// option writes an option of a command with its value. After a space the Azure CLI
// takes a value that begins with a dash for another option.
func option(name, text, variable string) string {
	if strings.HasPrefix(text, "-") {
		return name + "=" + argument(text, variable)
	}
	return name + " " + argument(text, variable)
}

// argument writes a text as one argument of a shell's command, or the variable
// that stands for one that is not known.
func argument(text, variable string) string {
	switch {
	case text == "":
		return `"$` + variable + `"`
	case harmless.MatchString(text):
		return text
	default:
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
}

// moduleKey is the instance key of a module.
var moduleKey = regexp.MustCompile(`^\[(\d+|"(\\.|[^"\\])*")\]`)

// inModule is how an address is written within the module that it is in.
func inModule(address string) string {
	for {
		rest, within := strings.CutPrefix(address, "module.")
		end := strings.IndexAny(rest, ".[")
		if !within || end < 1 {
			return address
		}
		if rest = rest[end:]; rest[0] == '[' {
			rest = rest[len(moduleKey.FindString(rest)):]
		}
		if rest, within = strings.CutPrefix(rest, "."); !within {
			return address
		}
		address = rest
	}
}
