package azure

import (
	"context"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/vocabulary"
)

// Where answers have what is asked of subnets and network security groups.
var (
	prefixAt   = vocabulary.Subnet.ARM().Place(vocabulary.Prefix).Path
	prefixesAt = vocabulary.Subnet.ARM().Place(vocabulary.Prefixes).Path
	groupIDAt  = vocabulary.Subnet.ARM().Place(vocabulary.SecurityGroup).Path
	groupAt    = strings.TrimSuffix(groupIDAt, ".id")
	rulesAt    = vocabulary.NetworkSecurityGroup.ARM().Place(vocabulary.Rules).Path
	// securityRules are the facts of a rule.
	securityRules = vocabulary.SecurityRule.ARM("networkSecurityGroup." + rulesAt + ".properties.")
)

var prefixPath, groupPath = "subnet." + prefixAt, "subnet." + groupAt

// subnet reads the subnet of an injected cache and its security group, each
// once, however many caches stand there.
func (r *Reader) subnet(ctx context.Context, id string) (posture.Subnet, error) {
	v, err := r.subnets.get(ctx, armid.Key(id), func(ctx context.Context) (value, error) {
		var v value
		err := r.client.Get(ctx, subnets, id, &v)
		return v, err
	})
	if err != nil {
		reason, detail := unseen(subnets, err)
		return posture.Subnet{
			Address:       id,
			Prefixes:      posture.Unknown[[]string](reason, prefixPath).WithDetail(detail),
			SecurityGroup: posture.Unknown[posture.SecurityGroup](reason, groupPath).WithDetail(detail),
		}, ignoreMissing(err)
	}
	out := posture.Subnet{Address: id, Prefixes: posture.Unknown[[]string](posture.ReasonNotObserved, prefixPath)}
	if v.Get("properties").kind != '{' {
		out.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved,
			groupPath).WithDetail("the subnet was returned without properties")
		return out, nil
	}
	prefixes := vocabulary.List(v.at(prefixesAt), prefixPath).V
	if one := v.str(prefixAt); one != "" {
		prefixes = append([]string{one}, prefixes...)
	}
	if len(prefixes) > 0 {
		out.Prefixes = posture.Known(prefixes, prefixPath)
	}
	id = v.str(groupIDAt)
	switch group := v.at(groupAt).Scalar(); {
	case id != "":
		nsg, err := r.securityGroup(ctx, id)
		out.SecurityGroup = posture.Known(nsg, groupPath)
		return out, ignoreMissing(err)
	case group.State == posture.StateUnset:
		out.SecurityGroup = posture.Unset[posture.SecurityGroup](groupPath)
	default:
		out.SecurityGroup = posture.Unknown[posture.SecurityGroup](posture.ReasonNotObserved, groupPath).WithDetail("its id was not returned")
	}
	return out, nil
}

// ignoreMissing drops the error about a subnet, a group or a set that does not
// exist: the facts say so, and the cache was read completely.
func ignoreMissing(err error) error {
	if arm.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *Reader) securityGroup(ctx context.Context, id string) (posture.SecurityGroup, error) {
	out, err := r.groups.get(ctx, armid.Key(id), func(ctx context.Context) (posture.SecurityGroup, error) {
		var v value
		if err := r.client.Get(ctx, securityGroups, id, &v); err != nil {
			return posture.SecurityGroup{}, err
		}
		return groupOf(id, v), nil
	})
	if err != nil {
		return posture.SecurityGroup{Address: id, Name: armid.Last(id), Rules: unread[posture.SecurityRule](securityGroups, err)}, err
	}
	return out, nil
}

// groupOf reads the rules of a group but for its default rules, which are the
// same everywhere and let no internet in.
func groupOf(id string, v value) posture.SecurityGroup {
	out := posture.SecurityGroup{Address: id, Name: armid.Last(id), Memo: &posture.Memo{}}
	rules := v.at(rulesAt)
	if rules.kind != '[' {
		out.Rules.Detail = "the rules of the network security group were not returned"
		return out
	}
	out.Rules.Observed = true
	for _, r := range rules.elems {
		rule := posture.SecurityRule{Address: r.str("id"), Name: r.str("name")}
		vocabulary.Read(securityRules, &rule, r.Get("properties"), vocabulary.Reading[value]{})
		out.Rules.Items = append(out.Rules.Items, rule)
	}
	return out
}
