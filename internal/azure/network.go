package azure

import (
	"context"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// subnetModel is Microsoft.Network/virtualNetworks/subnets.
type subnetModel struct {
	Properties field[struct {
		Prefix   string   `json:"addressPrefix"`
		Prefixes []string `json:"addressPrefixes"`
		Group    field[struct {
			ID string `json:"id"`
		}] `json:"networkSecurityGroup"`
	}] `json:"properties"`
}

// groupModel is Microsoft.Network/networkSecurityGroups. Its default rules are
// left out: they are the same everywhere and let no internet in.
type groupModel struct {
	Properties field[struct {
		Rules field[[]ruleModel] `json:"securityRules"`
	}] `json:"properties"`
}

type ruleModel struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Properties struct {
		Priority          field[word] `json:"priority"`
		Direction         field[word] `json:"direction"`
		Access            field[word] `json:"access"`
		Protocol          field[word] `json:"protocol"`
		Source            string      `json:"sourceAddressPrefix"`
		Sources           []string    `json:"sourceAddressPrefixes"`
		Destination       string      `json:"destinationAddressPrefix"`
		Destinations      []string    `json:"destinationAddressPrefixes"`
		SourceGroups      []struct{}  `json:"sourceApplicationSecurityGroups"`
		DestinationGroups []struct{}  `json:"destinationApplicationSecurityGroups"`
		Port              string      `json:"destinationPortRange"`
		Ports             []string    `json:"destinationPortRanges"`
		SourcePort        string      `json:"sourcePortRange"`
		SourcePorts       []string    `json:"sourcePortRanges"`
	} `json:"properties"`
}

const groupPath = "subnet.properties.networkSecurityGroup"

// subnet reads the subnet of an injected cache and its security group, each
// once, however many caches stand there.
func (r *Reader) subnet(ctx context.Context, id string) (posture.Subnet, error) {
	m, err := r.subnets.get(ctx, armid.Key(id), func(ctx context.Context) (*subnetModel, error) {
		var m subnetModel
		return &m, r.client.Get(ctx, subnets, id, &m)
	})
	if err != nil {
		reason, detail := unseen(subnets, err)
		return posture.Subnet{
			Address:       id,
			Prefixes:      posture.Unknown[[]string](reason, "subnet.properties.addressPrefix").WithDetail(detail),
			SecurityGroup: posture.Unknown[posture.SecurityGroup](reason, groupPath).WithDetail(detail),
		}, ignoreMissing(err)
	}
	out := posture.Subnet{Address: id, Prefixes: posture.Unknown[[]string](posture.ReasonNotObserved, "subnet.properties.addressPrefix")}
	p := m.Properties
	if !p.present || p.odd {
		out.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved,
			groupPath).WithDetail("the subnet was returned without properties")
		return out, nil
	}
	if prefixes := both(p.v.Prefix, p.v.Prefixes); len(prefixes) > 0 {
		out.Prefixes = posture.Known(prefixes, "subnet.properties.addressPrefix")
	}
	switch group := p.v.Group; {
	case group.odd || group.present && group.v.ID == "":
		out.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, groupPath).WithDetail("its id was not returned")
	case !group.present:
		out.SecurityGroup = posture.Unset[posture.SecurityGroup](groupPath)
	default:
		nsg, err := r.securityGroup(ctx, group.v.ID)
		out.SecurityGroup = posture.Known(nsg, groupPath)
		return out, ignoreMissing(err)
	}
	return out, nil
}

// ignoreMissing: that a subnet or group does not exist says nothing about the cache.
func ignoreMissing(err error) error {
	if arm.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *Reader) securityGroup(ctx context.Context, id string) (posture.SecurityGroup, error) {
	out, err := r.groups.get(ctx, armid.Key(id), func(ctx context.Context) (posture.SecurityGroup, error) {
		var m groupModel
		if err := r.client.Get(ctx, securityGroups, id, &m); err != nil {
			return posture.SecurityGroup{}, err
		}
		return groupOf(id, &m), nil
	})
	if err != nil {
		return posture.SecurityGroup{Address: id, Name: armid.Last(id), Rules: unread[posture.SecurityRule](securityGroups, err)}, err
	}
	return out, nil
}

func groupOf(id string, m *groupModel) posture.SecurityGroup {
	out := posture.SecurityGroup{Address: id, Name: armid.Last(id), Memo: &posture.Memo{}}
	rules := m.Properties.v.Rules
	if !rules.present || rules.odd {
		out.Rules.Detail = "the rules of the network security group were not returned"
		return out
	}
	out.Rules.Observed = true
	for _, rule := range rules.v {
		out.Rules.Items = append(out.Rules.Items, ruleOf(rule))
	}
	return out
}

func ruleOf(m ruleModel) posture.SecurityRule {
	const at = "networkSecurityGroup.properties.securityRules.properties."
	p := m.Properties
	rule := posture.SecurityRule{
		Address:      m.ID,
		Name:         m.Name,
		Priority:     fact(p.Priority, at+"priority", absentUnknown, asNumber),
		Direction:    fact(p.Direction, at+"direction", absentUnknown, asText),
		Access:       fact(p.Access, at+"access", absentUnknown, asText),
		Protocol:     fact(p.Protocol, at+"protocol", absentUnknown, asText),
		Sources:      known(both(p.Source, p.Sources), at+"sourceAddressPrefix"),
		Destinations: known(both(p.Destination, p.Destinations), at+"destinationAddressPrefix"),
		Ports:        known(both(p.Port, p.Ports), at+"destinationPortRange"),
		SourcePorts:  known(both(p.SourcePort, p.SourcePorts), at+"sourcePortRange"),
	}
	for range p.SourceGroups {
		rule.Sources = append(rule.Sources, posture.Known(posture.ApplicationSecurityGroup, at+"sourceApplicationSecurityGroups"))
	}
	for range p.DestinationGroups {
		rule.Destinations = append(rule.Destinations, posture.Known(posture.ApplicationSecurityGroup, at+"destinationApplicationSecurityGroups"))
	}
	return rule
}

// both joins the singular and the plural form of a property.
func both(one string, many []string) []string {
	var out []string
	if one != "" {
		out = append(out, one)
	}
	return append(out, many...)
}

func known(values []string, path string) []posture.Value[string] {
	var out []posture.Value[string]
	for _, v := range values {
		out = append(out, posture.Known(v, path))
	}
	return out
}
