package tfplan

import "strings"

// armID is an ARM id in lower case, as far as linking needs it.
type armID struct {
	subscription, group string
	kind                string // provider and types, for example microsoft.cache/redis
	names               []string
	provider            string // where the subscription is not known: the provider configuration that has it
}

// parseID takes an ARM id apart; ok is false for what is none.
func parseID(id string) (out armID, ok bool) {
	parts := strings.Split(strings.Trim(strings.ToLower(id), "/"), "/")
	i := 0
	take := func(word string) string {
		if i+1 < len(parts) && parts[i] == word {
			i += 2
			return parts[i-1]
		}
		return ""
	}
	out.subscription = take("subscriptions")
	out.group = take("resourcegroups")
	if out.subscription == "" {
		return out, false
	}
	if i == len(parts) {
		return out, true
	}
	out.kind = take("providers")
	if out.kind == "" || (len(parts)-i)%2 != 0 {
		return out, false
	}
	for ; i < len(parts); i += 2 {
		out.kind += "/" + parts[i]
		out.names = append(out.names, parts[i+1])
	}
	return out, true
}

const (
	redisKind    = "microsoft.cache/redis"
	endpointKind = "microsoft.network/privateendpoints"
	zoneKind     = "microsoft.network/privatednszones"
	networkKind  = "microsoft.network/virtualnetworks"
	subnetKind   = networkKind + "/subnets"
	groupKind    = "microsoft.network/networksecuritygroups"
	ruleKind     = groupKind + "/securityrules"
)

func (id armID) name() string {
	if len(id.names) == 0 {
		return ""
	}
	return id.names[len(id.names)-1]
}
