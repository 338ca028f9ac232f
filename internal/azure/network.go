package azure

import (
	"context"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
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
	Properties value  `json:"properties"`
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

// securityRules is where an answer has the facts of a security rule.
var securityRules = vocabulary.SecurityRule.Answer("networkSecurityGroup.properties.securityRules.properties.")

func ruleOf(m ruleModel) posture.SecurityRule {
	rule := posture.SecurityRule{Address: m.ID, Name: m.Name}
	vocabulary.Read(securityRules, &rule, m.Properties, vocabulary.Reading[value]{})
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
