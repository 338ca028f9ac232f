package tfwrite

import (
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/migrate"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// target is a cache of Azure Managed Redis that is to be written, in the words of no
// dialect.
type target struct {
	move *migrate.Move
	old  *posture.Cache

	stem    string // of its variables and labels
	comment string // on its name; empty for none

	// The labels of its resource, of its database where that is a resource of its own, and
	// of the grants to principals.
	label, database, more string

	name     expression
	group    expression // name of the resource group; in azapi its id
	location expression
	sku      expression
	tags     expression // nil for none

	highAvailability expression
	clusteringPolicy expression
	evictionPolicy   expression
	rdb, aof         expression // how often; nil for none
	modules          []string

	// key is the customer-managed key, nil for none; reader the identity that reads it.
	key, reader expression
	identities  []expression

	endpoints []endpoint
	logs      []logs
	grants    []grant
	// principals are the object ids that are to be added; nil where all are in grants.
	principals expression
	geo        *geoGroup // nil for none
}

// endpoint is a private endpoint.
type endpoint struct {
	label  string
	zones  string // label of its zone group, where that is a resource of its own
	name   expression
	subnet expression
	zone   expression // id of the private DNS zone
	old    string     // address of the one that it follows; empty for none
}

// logs is a diagnostic setting.
type logs struct {
	label        string
	name         expression
	destinations []destination
	old          string // address of the one that it follows; empty for none
}

// destination is where logs go: an argument of azurerm and a property of ARM.
type destination struct {
	azurerm, arm string
	id           expression
}

// grant lets an identity in.
type grant struct {
	label    string
	objectID expression
	old      string // name of the policy that it had; empty where it is not known
}

// geoGroup is a geo-replication group.
type geoGroup struct {
	name    string
	members []*target // the primary first
	outside []string  // members that are not written here, by address or id
}

// unlike are the SKUs of the members of a group, where they differ.
func (g *geoGroup) unlike() (skus []string) {
	for _, m := range g.members {
		if sku := sourceOf(m.sku); !slices.Contains(skus, sku) {
			skus = append(skus, sku)
		}
	}
	if len(skus) < 2 {
		return nil
	}
	return skus
}

// named is the name of an object around the target.
func named(of expression, ending string) expression {
	if isLiteral(of) {
		return code(strings.TrimSuffix(sourceOf(of), `"`) + ending + `"`)
	}
	return code(`"${` + sourceOf(of) + `}` + ending + `"`)
}

// setting is the expression of a setting, or a variable where it is not known.
func (c *configuration) setting(t *target, name migrate.SettingName, typ string, values string) expression {
	if v := t.move.Target.Value(name); v != "" {
		if typ == "bool" {
			return code(v)
		}
		return text(v)
	}
	return c.variable(t, string(name), typ, "Of "+t.move.DisplayName+", whose present setting is not known: "+values+".", nil)
}

// variable is the expression of a variable for one target.
func (c *configuration) variable(t *target, name, typ, description string, empty expression) expression {
	return c.variables.declare(variable{target: t, name: variablePrefix + t.stem + "_" + name, typ: typ, description: description,
		empty: empty})
}

// known is the expression of a text that is known and for people, or a variable.
func (c *configuration) known(t *target, v posture.Value[string], name, description string) expression {
	if s, ok := v.Get(); ok && s != "" && !v.Source.Sensitive {
		return text(s)
	}
	return c.variable(t, name, "string", description, nil)
}

// stemOf is what the labels and variables of the target of a cache begin with, before they
// are told from those of others.
func stemOf(in Cache) string {
	if _, ok := parseAddress(in.Old.Address); ok {
		return label(migrate.Stem(in.Old.Address))
	}
	return label(in.Move.DisplayName)
}

// named is a target with the names that it takes, and nothing else.
func (c *configuration) named(in Cache) *target {
	t := &target{move: in.Move, old: in.Old}
	t.stem, _ = c.stems.take("", func(number string) string { return stemOf(in) + number })
	t.label = c.label(cluster, t.stem+"_"+suffix)
	t.database, t.more = c.label(database, t.label), c.label(principals, t.label)
	name, ok := in.Old.Name.Get()
	if !ok || name == "" || in.Old.Name.Source.Sensitive {
		return t
	}
	owner := "what follows " + orElse(in.Old.Address, in.Move.DisplayName)
	chosen, by := c.names.take(owner, func(number string) string { return newName(name, number) })
	t.name = text(chosen)
	if by != "" {
		t.comment = newName(name, "") + " is taken by " + by + "."
	}
	if !strings.Contains(strings.ToLower(chosen), strings.ToLower(name)) {
		t.comment += " The old name is cut or changed: a name has at most 60 letters, digits and single hyphens."
	}
	return t
}

// fill writes everything but its names into a target.
func (c *configuration) fill(t *target) {
	display := t.move.DisplayName
	if t.name == nil {
		t.name = c.variable(t, "name", "string",
			"Name of the cache that follows "+display+": letters, digits and single hyphens, at most 60.", nil)
	}
	t.group = c.group(t)
	t.location = c.known(t, t.old.Location, "location", "Region of the cache that follows "+display+".")
	if t.move.Target.Known {
		t.sku = text(t.move.Target.Size.SKU)
	} else {
		t.sku = c.variable(t, "sku_name", "string", "SKU of the cache that follows "+display+", such as Balanced_B10.", nil)
	}
	t.tags = c.tags(t.old)
	c.settings(t)
	c.encryption(t)
	c.endpoints(t)
	c.logs(t)
	c.grants(t)
}

// group is the resource group of the old cache: by name, and in azapi by id.
func (c *configuration) group(t *target) expression {
	of := " of the cache that follows " + t.move.DisplayName + "."
	id, _ := t.old.ResourceID.Get()
	group, known := before(id, "/providers/")
	known = known && !t.old.ResourceID.Source.Sensitive
	if c.options.Dialect == posture.DialectAzurerm {
		name := t.old.ResourceGroup
		if !name.IsKnown() && known {
			name = posture.Known(group[strings.LastIndexByte(group, '/')+1:], "id")
		}
		return c.known(t, name, "resource_group_name", "Resource group"+of)
	}
	if known {
		return text(group)
	}
	if name, ok := t.old.ResourceGroup.Get(); ok && name != "" && !t.old.ResourceGroup.Source.Sensitive {
		return c.variables.declare(variable{name: variablePrefix + "resource_group_id_" + label(name), typ: "string",
			description: "Id of the resource group " + name + "."})
	}
	return c.variable(t, "resource_group_id", "string", "Id of the resource group"+of, nil)
}

// tags are the tags that were asked for.
func (c *configuration) tags(old *posture.Cache) expression {
	all, _ := old.Tags.Get()
	var out []tag
	for _, name := range c.options.Tags {
		if value, ok := all[name]; ok && !old.Tags.Source.Sensitive {
			out = append(out, tag{name, value})
		}
	}
	return tagsOf(out)
}

func (c *configuration) settings(t *target) {
	const evictions = "AllKeysLFU, AllKeysLRU, AllKeysRandom, VolatileLFU, VolatileLRU, VolatileTTL, VolatileRandom or NoEviction"
	t.highAvailability = c.setting(t, migrate.HighAvailability, "bool", "true or false")
	t.clusteringPolicy = c.setting(t, migrate.ClusteringPolicy, "string", "OSSCluster, EnterpriseCluster or NoCluster")
	t.evictionPolicy = c.setting(t, migrate.EvictionPolicy, "string", evictions)
	frequency := t.move.Target.Value(migrate.PersistenceFrequency)
	switch kind := t.move.Target.Value(migrate.Persistence); {
	case kind == none || len(t.move.Partners) > 0: // geo-replication excludes it
	case kind == "AOF":
		t.aof = text("1s")
	case kind == "RDB" && frequency != "":
		t.rdb = text(frequency)
	case kind == "RDB":
		t.rdb = c.variable(t, "snapshot_frequency", "string", "How often "+t.move.DisplayName+" is to persist its data: 1h, 6h or 12h.", nil)
	default:
		t.rdb = c.variable(t, "snapshot_frequency", "string", "How often the data is persisted, which is not known of "+t.move.DisplayName+
			": 1h, 6h, 12h, or null for never.", nil)
	}
	if names := t.move.Target.Value(migrate.Modules); names != none {
		t.modules = strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' })
	}
}

// encryption takes the customer-managed key along, whose id no source shows.
func (c *configuration) encryption(t *target) {
	if t.move.Target.Value(migrate.CustomerManagedKey) != "true" {
		return
	}
	of := t.move.DisplayName
	t.key = c.variable(t, "key_id", "string", "Versioned id of the customer-managed key of "+of+" in Key Vault.", nil)
	var ok bool
	if t.reader, ok = identifier(t.old.KeyIdentity); !ok {
		t.reader = c.variable(t, "key_identity_id", "string", "Id of the user-assigned identity that reads the key of "+of+".", nil)
	}
	t.identities = []expression{t.reader}
}

// endpoints makes a private endpoint in every subnet that has one for the old cache.
func (c *configuration) endpoints(t *target) {
	old := t.old.PrivateEndpoints.Items
	if len(old) == 0 {
		old = []posture.PrivateEndpoint{{}}
	}
	seen := []string{}
	for _, e := range old {
		number := numbered(len(seen))
		subnet, ok := identifier(e.SubnetID)
		if !ok {
			subnet = c.subnet(t, e.Address, number)
		}
		if slices.Contains(seen, sourceOf(subnet)) {
			continue
		}
		seen = append(seen, sourceOf(subnet))
		name := c.label(privateEndpoint, t.label+number)
		t.endpoints = append(t.endpoints, endpoint{
			label: name, zones: c.label(zoneGroup, t.label+number),
			name: named(t.name, "-pe"+number), subnet: subnet, zone: c.zone(t, name, subnet), old: e.Address,
		})
	}
}

// subnet is the variable of the subnet of an endpoint, of which there is one for a region
// where no old endpoint says which subnet it is.
func (c *configuration) subnet(t *target, old, number string) expression {
	location, ok := t.old.Location.Get()
	switch {
	case old != "":
		return c.variable(t, "subnet_id"+number, "string", "Id of the subnet of "+old+", or of another one for the new private endpoint.", nil)
	case !ok || location == "" || t.old.Location.Source.Sensitive:
		return c.variable(t, "subnet_id", "string",
			"Id of the subnet for the private endpoint of the cache that follows "+t.move.DisplayName+". "+notInjected, nil)
	}
	// Some answers of Azure Resource Manager have "West Europe", others "westeurope".
	region := label(strings.ToLower(strings.ReplaceAll(location, " ", "")))
	return c.variables.declare(variable{name: variablePrefix + "subnet_id_" + region, typ: "string",
		description: "Id of a subnet in " + location + " for private endpoints. " + notInjected})
}

const notInjected = "A subnet into which caches are injected takes nothing else."

// logs makes a diagnostic setting for every one of the old cache that sends logs, or one
// to a workspace.
func (c *configuration) logs(t *target) {
	add := func(old string, destinations []destination) {
		number := numbered(len(t.logs))
		t.logs = append(t.logs, logs{label: c.label(diagnosticSetting, t.label+number), name: named(t.name, "-logs"+number),
			destinations: destinations, old: old})
	}
	for _, old := range t.old.DiagnosticSettings.Items {
		if entries, ok := old.Logs.Get(); old.OnCluster || old.Logs.IsUnset() || ok && len(entries) == 0 {
			continue
		}
		if destinations := c.destinations(t, old); len(destinations) > 0 {
			add(old.Address, destinations)
		}
	}
	if len(t.logs) == 0 {
		add("", []destination{{"log_analytics_workspace_id", "workspaceId", c.workspace()}})
	}
}

// workspace is the variable of the workspace to which logs go that went nowhere before.
func (c *configuration) workspace() expression {
	return c.variables.declare(variable{name: variablePrefix + "log_analytics_workspace_id", typ: "string",
		description: "Id of the Log Analytics workspace for connection logs."})
}

// destinationKinds are the kinds of destinations, with what the path of a fact about one
// holds in lower case. Event hub rules of azurerm go to the default event hub.
var destinationKinds = []struct{ sign, azurerm, arm string }{
	{"workspace", "log_analytics_workspace_id", "workspaceId"},
	{"storage", "storage_account_id", "storageAccountId"},
	{"eventhub", "eventhub_authorization_rule_id", "eventHubAuthorizationRuleId"},
	{"partner", "partner_solution_id", "marketplacePartnerId"},
}

func (c *configuration) destinations(t *target, old posture.DiagnosticSetting) (out []destination) {
	for _, d := range old.Destinations {
		if d.IsUnset() || d.IsKnown() && d.V == "" {
			continue
		}
		for _, kind := range destinationKinds {
			if !strings.Contains(strings.ToLower(d.Source.Path), kind.sign) {
				continue
			}
			id, ok := identifier(d)
			if !ok {
				id = c.variable(t, kind.azurerm+numbered(len(t.logs)), "string",
					"Where "+orElse(old.Address, "the diagnostic setting")+" of "+t.move.DisplayName+" sends logs.", nil)
			}
			out = append(out, destination{kind.azurerm, kind.arm, id})
		}
	}
	return out
}

// grants lets every identity in that the old cache lets in.
func (c *configuration) grants(t *target) {
	set := t.old.AccessPolicyAssignments
	complete := set.Observed && len(set.Doubts) == 0
	seen := []string{}
	for _, old := range set.Items {
		id, ok := identifier(old.ObjectID)
		if !ok {
			complete = false
			continue
		}
		if slices.Contains(seen, sourceOf(id)) {
			continue
		}
		seen = append(seen, sourceOf(id))
		g := grant{objectID: id}
		if policy, ok := old.PolicyName.Get(); ok && !old.PolicyName.Source.Sensitive {
			g.old = policy
		}
		who := strconv.Itoa(len(seen))
		if at, ok := parseAddress(old.Address); ok {
			who = label(strings.Join(at.instance[len(at.block)-1:], "_"))
		}
		g.label = c.label(accessPolicyAssignment, t.label+"_"+who)
		t.grants = append(t.grants, g)
	}
	switch {
	case len(t.grants) == 0:
		t.principals = c.variable(t, "principals", "set(string)", "Object ids of the identities that use the cache that follows "+
			t.move.DisplayName+". Without one nobody can sign in.", nil)
	case !complete:
		t.principals = c.variable(t, "principals", "set(string)", "Object ids of further identities that use the cache that follows "+
			t.move.DisplayName+".", list())
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
