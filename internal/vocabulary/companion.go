package vocabulary

import "strings"

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

	Logs
	AllLogs // logs of azurerm 3, which may be switched off
	Category
	CategoryGroup
	Enabled
	Workspace
	StorageAccount
	EventHubRule
	Partner
	ServiceBusRule

	Start // of a range of addresses
	End
	Policy // name of an access policy
	Permissions
	Windows // of a patch schedule

	Scope
	Definition
	Enforcement
	NotScopes
	Parameters
	Overrides
	Selectors
	Kind
	In
	NotIn
	Assignment
	Expires
	Definitions // those of an initiative from which an exemption exempts

	Prefix
	Prefixes
	SecurityGroup          // id of the group that guards a subnet
	SecurityGroupWriteOnly // the same, as an argument that no plan shows
	Subnets
	Rules

	Mode
	Template
	TemplateLink

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
	// Refers says that the value is the id or the name of another resource, so
	// that what it refers to in a configuration is followed.
	Refers bool
	// Each is what an element of a list holds.
	Each Companion
}

// Paths are where one dialect has the arguments of a companion, by role.
type Paths [roles]string

// Azurerm are the paths in azurerm.
func (c Companion) Azurerm() (out Paths) {
	for _, a := range c {
		out[a.Role] = a.Azurerm
	}
	return out
}

// ARM are the paths in answers of Azure Resource Manager.
func (c Companion) ARM() (out Paths) {
	for _, a := range c {
		out[a.Role] = a.ARM
	}
	return out
}

// Body are the paths in azapi.
func (c Companion) Body() Paths {
	out := c.ARM()
	for role, path := range out {
		if strings.HasPrefix(path, "properties.") {
			out[role] = "body." + path
		}
	}
	out[ID], out[Name], out[Parent] = "id", "name", "parent_id"
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
	return append(Companion{{Role: ID, Azurerm: "id"}, {Role: Name, Azurerm: "name"}}, arguments...)
}

// inGroup is one that azurerm knows by its resource group too.
func inGroup(arguments ...Argument) Companion {
	return resource(append(Companion{{Role: ResourceGroup, Azurerm: "resource_group_name"}}, arguments...)...)
}
