package baseline

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Remedy is what to write against a violation, in the words of each dialect.
//
// {id} stands for the id of the cache, as a reference in a configuration, {database} for
// that of the database of a cluster, {zone} for the private DNS zone of its cloud, and
// {move} for a remark on the Enterprise tiers, where a cluster may belong to them, {port}
// for the one of two names that the port without TLS has in azurerm 3.
// In commands, {name} stands for its name, {type} for its type, {group} for the
// arguments that name its resource group and subscription, {cache} for those and its
// name, {resource} for {cache} and its type, {tier} for its tier, {subnet} for the
// arguments that name the subnet in which the cache is, and {nsgRule} for those that
// name the rule that lets the internet into it. What belongs to the user stands as a variable of the
// dialect: var.subnet_id, "$SUBNET_ID".
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

	// Set is the fact that mends the violation, where one literal does; nil otherwise.
	Set *Setting
	// Companion is the resource whose absence is the violation; empty for another one.
	Companion Companion
}

// Companion is a kind of resource that stands beside a cache.
type Companion string

// The companions whose absence violates a rule.
const (
	PrivateEndpoint   Companion = "private endpoint"
	DiagnosticSetting Companion = "diagnostic setting"
)

// RemediesOf returns the remedies of the parts of a rule that a verdict names; no parts
// stand for all.
func (r *Rule) RemediesOf(parts []string) (out []Remedy) {
	for _, remedy := range r.Remedies {
		if len(r.Remedies) == 1 || len(parts) == 0 || slices.Contains(parts, remedy.Part) {
			out = append(out, remedy)
		}
	}
	return out
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

// RemedyFor returns what to write for one cache against a violation of one part of the rule.
func (r *Rule) RemedyFor(part string, c *posture.Cache) string { return r.remedy(c, []string{part}) }

// remedy returns what to write for one cache against a violation of some parts of
// the rule; no parts stand for all.
func (r *Rule) remedy(c *posture.Cache, parts []string) string {
	if len(r.Remedies) == 1 {
		return fill(r.Remedies[0].in(c.Dialect), c)
	}
	var words []string
	for _, remedy := range r.RemediesOf(parts) {
		if w := remedy.in(c.Dialect); w != "" {
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
	if c.Dialect == posture.DialectAz && strings.HasPrefix(visible(c.Name), "-") { // see option
		text = strings.ReplaceAll(text, " {name}", "={name}")
	}
	before, rest, found := strings.Cut(text, "{")
	if !found {
		return text
	}
	var filled strings.Builder
	filled.Grow(len(text) + len(c.Address)) // room for one placeholder
	for ; found; before, rest, found = strings.Cut(rest, "{") {
		filled.WriteString(before)
		word, after, closed := strings.Cut(rest, "}")
		if value, ok := placeholder(word, c); closed && ok {
			filled.WriteString(value)
			rest = after
		} else {
			filled.WriteString("{")
		}
	}
	filled.WriteString(before)
	return filled.String()
}

// placeholder returns what stands for a word in braces, and whether it is a placeholder.
func placeholder(word string, c *posture.Cache) (value string, ok bool) {
	switch {
	case word == "zone":
		return firstOf(servicesOf(c)[0].DNSZones[c.Cloud()], "of the service"), true
	case word == "move":
		return moveFirst(c), true
	case word == "port":
		const name = "non_ssl_port_enabled"
		if c.NonTLSPort.Source.Path == name {
			return name, true
		}
		return "enable_non_ssl_port", true
	case c.Dialect == posture.DialectAz:
		return inCommand(word, c)
	case word == "id":
		return resourceOf(c) + ".id", true
	case word != "database":
		return "", false
	}
	switch c.Dialect {
	case posture.DialectAzapi:
		return `"${` + resourceOf(c) + `.id}` + service.ManagedRedis.Database + `"`, true
	case posture.DialectEnterprise:
		return "azurerm_redis_enterprise_database.example.id", true
	default:
		return resourceOf(c) + ".default_database[0].id", true
	}
}

// moveFirst is a remark at the end of a remedy that the Enterprise tiers do not take;
// empty where a cluster is known not to belong to them.
func moveFirst(c *posture.Cache) string {
	const remark = "on the Enterprise tiers, move to Azure Managed Redis first"
	switch {
	case service.IsEnterprise(c) == posture.False:
		return ""
	case c.Dialect == posture.DialectAz:
		return " # " + remark
	default:
		return "; " + remark
	}
}

// resourceOf is how a configuration refers to the resource of a cache.
func resourceOf(c *posture.Cache) string {
	if resource := inModule(c.Address); resource != "" {
		return resource
	}
	if c.Dialect == posture.DialectAzapi {
		return "azapi_resource.example"
	}
	return servicesOf(c)[0].Azurerm[0] + ".example"
}

// inCommand returns what stands for a placeholder in a command.
func inCommand(word string, c *posture.Cache) (value string, ok bool) {
	id := argument(visible(c.ResourceID), "ID")
	switch word {
	case "id":
		return id, true
	case "database":
		return id + service.ManagedRedis.Database, true
	case "name":
		return argument(visible(c.Name), "NAME"), true
	case "type":
		return service.OfCache(c).Type, true
	case "tier":
		if c.Tier.Source.Sensitive {
			return string(tierStandard), true
		}
		return firstOf(string(tierOf(c)), string(tierStandard)), true
	case "group":
		if id := strings.Split(visible(c.ResourceID), "/"); len(id) > 4 {
			return option("--resource-group", id[4], "GROUP") + option(" --subscription", id[2], "SUBSCRIPTION"), true
		}
		return option("--resource-group", visible(c.ResourceGroup), "GROUP"), true
	case "cache":
		group, _ := inCommand("group", c)
		return option("--name", visible(c.Name), "NAME") + " " + group, true
	case "resource":
		cache, _ := inCommand("cache", c)
		return cache + " --resource-type " + service.OfCache(c).Type, true
	case "subnet":
		if id := strings.Split(visible(c.SubnetID), "/"); len(id) == 11 {
			return option("--name", id[10], "SUBNET") + option(" --vnet-name", id[8], "NETWORK") +
				option(" --resource-group", id[4], "GROUP") + option(" --subscription", id[2], "SUBSCRIPTION"), true
		}
		return `--ids "$SUBNET_ID"`, true
	case "nsgRule":
		return nsgRule(c.Subnet.SecurityGroup, c), true
	}
	return "", false
}

// nsgRule returns the arguments that name the rule of a network security group that lets
// the internet in to a cache; a variable for the name of one of several rules.
func nsgRule(nsg posture.Value[posture.SecurityGroup], c *posture.Cache) string {
	id, rule := make([]string, 9), ""
	if group, ok := nsg.Get(); ok && !nsg.Source.Sensitive {
		if parts := strings.Split(group.Address, "/"); len(parts) == len(id) {
			id = parts
		}
		if exposed := internetExposure(c, group); len(exposed.rules) == 1 {
			rule, _ = strconv.Unquote(exposed.rules[0]) // it has quotes where it has a name
		}
	}
	return option("--resource-group", id[4], "NETWORK_GROUP") + " " + option("--subscription", id[2], "SUBSCRIPTION") + " " +
		option("--nsg-name", id[8], "NETWORK_SECURITY_GROUP") + " " + option("--name", rule, "RULE")
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

// inModule is how an address is written within the module that it is in.
func inModule(address string) string {
	for {
		rest, within := strings.CutPrefix(address, "module.")
		end := strings.IndexAny(rest, ".[")
		if !within || end < 1 {
			return address
		}
		if rest = rest[end:]; rest[0] == '[' {
			key, _ := strconv.QuotedPrefix(rest[1:])
			_, rest, _ = strings.Cut(rest[1+len(key):], "]")
		}
		if rest, within = strings.CutPrefix(rest, "."); !within {
			return address
		}
		address = rest
	}
}
