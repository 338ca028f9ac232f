package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// Resource groups, networks and security groups of two subscriptions may have the
// same name, so that a name links two resources only within one subscription.

// subscription is the Azure subscription of a resource: its id in lower case, or,
// where the plan does not show it (an environment variable may set it), the key
// of the provider configuration that has it.
type subscription struct{ id, provider string }

// same says whether two subscriptions are one.
func (s subscription) same(other subscription) posture.Tri {
	switch {
	case s.id != "" && other.id != "":
		return posture.FromBool(s.id == other.id)
	case s.provider != "" && s.provider == other.provider:
		return posture.True
	default:
		return posture.Maybe
	}
}

// subscriptionIn returns the subscription of a known ARM id.
func subscriptionIn(id string) subscription {
	arm, _ := parseID(id)
	return subscription{id: arm.subscription}
}

// subscriptionOf returns the subscription of a resource: that of its id or of
// its parent's, else that of its provider.
func (p *references) subscriptionOf(in *instance) subscription {
	out := subscription{}
	if !in.typ.arm { // azapi makes resources in any subscription
		out.provider = p.providerOf(in)
	}
	before, after := in.both()
	for _, v := range []view{after, before} {
		for _, attribute := range []string{"id", "parent_id"} {
			if out.id = subscriptionIn(v.get(attribute).val.str()).id; out.id != "" {
				return out
			}
		}
	}
	if !in.typ.arm {
		out.id = p.subscription(in)
	}
	return out
}

// sameSubscription says whether two resources lie in one subscription.
func (p *references) sameSubscription(a, b *instance) posture.Tri {
	return p.subscriptionOf(a).same(p.subscriptionOf(b))
}

// inSubscription returns the resource of a list that surely lies in a
// subscription; where none does, perhaps is one that may.
func (p *references) inSubscription(list []*instance, s subscription) (found, perhaps *instance) {
	for _, in := range list {
		switch p.subscriptionOf(in).same(s) {
		case posture.True:
			return in, nil
		case posture.Maybe:
			perhaps = in
		}
	}
	return nil, perhaps
}

// perhapsMeant says why a known id, or names, may or may not mean a resource.
func perhapsMeant(in *instance) string {
	return "it may be " + in.address + ", whose subscription is not in the plan"
}

// subscription returns the id of the subscription of the provider that plans a
// resource; empty where the plan does not show it.
func (p *references) subscription(in *instance) string {
	rc := p.config.resources[in.cfg]
	if rc == nil {
		return ""
	}
	pr := p.config.providers[rc.provider]
	id := pr.subscription
	if pr.variable != "" {
		id = p.variables[pr.variable]
	}
	if p.evaluator != nil {
		if ref := p.evaluator.ProviderArgument(in.address, "subscription_id"); ref.Kind == tfconfig.KnownString {
			id = ref.Value
		}
	}
	if !isGUID(id) {
		return p.seenSubscription[rc.provider]
	}
	return strings.ToLower(id)
}

// providerOf returns the key of the provider configuration that plans a
// resource; empty for one with for_each, whose instances share their key.
func (p *references) providerOf(in *instance) string {
	rc := p.config.resources[in.cfg]
	if rc == nil || p.config.providers[rc.provider].repeated {
		return ""
	}
	return rc.provider
}

// seeSubscriptions takes the subscription of a provider configuration that does not
// name it from the ids of its resources.
func (p *references) seeSubscriptions() {
	for _, k := range []kind{kindCache, kindResourceGroup, kindVirtualNetwork, kindSubnet, kindSecurityGroup, kindEndpoint} {
		for _, in := range p.ofKind(k) {
			key := p.providerOf(in)
			id, ok := parseID(in.view().get("id").val.str())
			if !ok || in.typ.arm || key == "" {
				continue
			}
			if have, seen := p.seenSubscription[key]; seen && have != id.subscription {
				id.subscription = "" // one provider, two subscriptions: nothing is known
			}
			p.seenSubscription[key] = id.subscription
		}
	}
}
