package vocabulary

import (
	"strconv"
	"strings"
)

// Role is what an argument of an object around a cache is for, whatever a dialect
// calls the argument.
type Role int

// The roles. ARM has resource groups, and names of what an object lies within, in
// the id of the parent.
const (
	ID Role = iota
	Name
	ResourceGroup
	Parent     // name, in ARM the id, of what it lies within
	Target     // id of the resource that it is for
	TargetName // name of the same

	Subresources      // of the target, to which an endpoint connects
	Connections       // of a private endpoint that need no approval
	ManualConnections // those that wait for it
	Manual            // whether the connection waits for it
	ZoneGroup         // the zone group of a private endpoint
	Zones             // ids of private DNS zones
	InSubnet          // id of the subnet in which a private endpoint stands

	// Of a diagnostic setting.
	Logs           // list of the logs that it asks for
	AllLogs        // the list of azurerm 3, in which a log may be switched off
	Category       // of a log
	CategoryGroup  // of logs: allLogs, audit
	Enabled        // whether a log is on
	Workspace      // destinations: id of a Log Analytics workspace,
	StorageAccount // of a storage account,
	EventHubRule   // of an authorization rule of an event hub,
	Partner        // of a partner solution,
	ServiceBusRule // of an authorization rule of Service Bus

	// Of what lies within a cache.
	Start       // first address of a firewall rule
	End         // last address of a firewall rule
	Policy      // name of an access policy
	Permissions // of an access policy: its access string
	Windows     // of a patch schedule
	Hour        // of a window
	Principal   // object id of the identity that an access policy is assigned to

	// Of a policy assignment or a policy exemption.
	Scope       // id of what it covers
	Definition  // id of the policy definition or the initiative
	Enforcement // whether the effect of the policy is enforced
	NotScopes   // ids that the assignment leaves out
	Parameters
	Overrides   // of effects
	Selectors   // of resources, or of policies in an override
	Kind        // what a selector compares
	In          // values that a selector takes
	NotIn       // values that a selector leaves out
	Assignment  // id of the assignment from which an exemption exempts
	Expires     // end of an exemption
	Definitions // those of an initiative from which an exemption exempts

	// Of a network.
	Prefix                 // address range of a subnet
	Prefixes               // address ranges of a subnet
	SecurityGroup          // id of the group that guards a subnet
	SecurityGroupWriteOnly // the same, as an argument that no plan shows
	Subnets                // of a virtual network
	Rules                  // of a network security group

	// Of a template deployment.
	Mode         // Incremental, or Complete, which deletes what the template lacks
	Template     // its JSON
	TemplateLink // where its JSON lies

	Linked     // of a geo-replication group: ids of its members; of a linked server: id of the other cache
	ServerRole // of the other cache of a linked server

	// Of a role assignment.
	RoleName
	RoleID // id of the role definition

	FactArgument // a fact of the object, which [Read] reads by a table

	roles
)

// Companion is one kind of object around a cache: what is asked of it, and where
// each dialect has that.
type Companion []Argument

// Argument is a row of a companion. An empty path says that the dialect has no
// such argument.
type Argument struct {
	Role Role
	// Azurerm is the path in azurerm; [0] stands after the name of a block of
	// which there is one. ARM is the path in Azure Resource Manager's answers;
	// azapi has what begins with properties in its body, and an id, a name and a
	// parent beside it of whatever it makes.
	Azurerm, ARM string
	// Doc describes the argument to those who pass the object to a function; empty
	// for one that functions do not take.
	Doc string
	// Refers says that the value is the id or the name of another resource, so
	// that what it refers to in a configuration is followed.
	Refers bool
	// Each is what an element of a list holds.
	Each Companion
	// Migration marks what only a migration of the cache depends on.
	Migration bool
}

// Terms are where one dialect has the arguments of a companion.
type Terms struct {
	places   []Place      // the first is empty
	index    [roles]uint8 // of the place of an argument; 0 where there is no such argument
	elements map[Role]*Terms
}

// Place is where a dialect has an argument.
type Place struct {
	Path     string // as configurations write it; empty where there is no such argument
	Evidence string // as evidence names it: without the index of a block, and behind the list that it stands in
	Steps    []Step
}

// Step is a name in a path; Block says that it is that of a list, and that the path goes on
// in the element at Index.
type Step struct {
	Name  string
	Block bool
	Index int
}

var nowhere Place

// Place returns where an argument is. No terms have no argument.
func (t *Terms) Place(r Role) *Place {
	if t == nil {
		return &nowhere
	}
	return &t.places[t.index[r]]
}

// Element are the terms of the elements of a list.
func (t *Terms) Element(list Role) *Terms { return t.elements[list] }

// Azurerm are the terms of azurerm.
func (c Companion) Azurerm() *Terms { return c.terms("", InAzurerm) }

// Azapi are the terms of azapi, which has an id, a name and a parent beside the
// body of whatever it makes.
func (c Companion) Azapi() *Terms {
	t := c.terms("", func(a Argument) string {
		if strings.HasPrefix(a.ARM, "properties.") {
			return "body." + a.ARM
		}
		return a.ARM
	})
	for role, path := range map[Role]string{ID: "id", Name: "name", Parent: "parent_id"} {
		t.put(role, placeOf(path, ""))
	}
	return t
}

// ARM are the terms of Azure Resource Manager: of its answers, and of an object that stands
// within the body of another.
func (c Companion) ARM() *Terms { return c.terms("", InARM) }

// InAzurerm is the path of an argument in azurerm.
func InAzurerm(a Argument) string { return a.Azurerm }

// InARM is the path of an argument in ARM.
func InARM(a Argument) string { return a.ARM }

// terms makes the terms of a dialect. What stands in an element of a list begins
// at the element.
func (c Companion) terms(list string, path func(Argument) string) *Terms {
	t := &Terms{places: make([]Place, 1, len(c)+1), elements: map[Role]*Terms{}}
	for _, a := range c {
		p := path(a)
		if p == "" {
			continue
		}
		place := placeOf(p, list)
		t.put(a.Role, place)
		if a.Each != nil {
			inside := InARM
			if p == a.Azurerm {
				inside = InAzurerm
			}
			t.elements[a.Role] = a.Each.terms(place.Evidence+".", inside)
		}
	}
	return t
}

// put says where an argument is; of two rows for one argument the last one counts.
func (t *Terms) put(r Role, p Place) {
	t.index[r] = uint8(len(t.places))
	t.places = append(t.places, p)
}

func placeOf(path, list string) Place {
	p := Place{Path: path}
	var names []string
	for _, name := range strings.Split(path, ".") {
		name, key, block := strings.Cut(name, "[")
		index, _ := strconv.Atoi(strings.TrimSuffix(key, "]"))
		p.Steps, names = append(p.Steps, Step{name, block, index}), append(names, name)
	}
	p.Evidence = list + strings.Join(names, ".")
	return p
}

// Judged are the arguments that rules depend on, ForMigration the others.
func (c Companion) Judged() Companion { return c.asked(false) }

// ForMigration are the arguments that only a migration of the cache depends on.
func (c Companion) ForMigration() Companion { return c.asked(true) }

func (c Companion) asked(migration bool) (out Companion) {
	for _, a := range c {
		a.Each = a.Each.asked(migration)
		if a.Migration == migration || a.Each != nil {
			out = append(out, a)
		}
	}
	return out
}

// Arguments are the names of the arguments of azurerm that refer to others.
func (c Companion) Arguments() []string {
	out := []string{}
	for _, a := range c {
		if a.Refers && a.Azurerm != "" {
			name, _, _ := strings.Cut(a.Azurerm, "[")
			out = append(out, name)
		}
	}
	return out
}

// resource is an object that azurerm knows by id and name.
func resource(arguments ...Argument) Companion {
	return append(Companion{{Role: ID, Azurerm: "id", Doc: "ARM id."}, {Role: Name, Azurerm: "name", Doc: "Name."}}, arguments...)
}

// inGroup is one that azurerm knows by its resource group too.
func inGroup(arguments ...Argument) Companion {
	return resource(append(Companion{{Role: ResourceGroup, Azurerm: "resource_group_name", Doc: "Resource group."}}, arguments...)...)
}
