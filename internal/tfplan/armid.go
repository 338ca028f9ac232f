package tfplan

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
)

// armID is an ARM id in lower case, as far as linking needs it.
type armID struct {
	subscription, group string
	kind                string // provider and types, for example microsoft.cache/redis
	names               []string
	provider            string // where the subscription is not known: the provider configuration that has it
}

// parseID takes an ARM id apart; ok is false for what is none.
func parseID(text string) (armID, bool) {
	id, ok := armid.Parse(strings.ToLower(text))
	return armID{subscription: id.Subscription, group: id.Group, kind: id.Type, names: id.Names}, ok
}

func (id armID) name() string {
	if len(id.names) == 0 {
		return ""
	}
	return id.names[len(id.names)-1]
}
