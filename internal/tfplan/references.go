package tfplan

import (
	"context"
	"fmt"
	"slices"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// references tells what the arguments of resources refer to: by the references
// that plan JSON lists, and by the configuration's source where it is at hand.
type references struct {
	*document
	ctx       context.Context     // of Read, whose steps end early once it has ended
	evaluator *tfconfig.Evaluator // nil without the source
	order     map[[2]string]bool  // whether a resource is applied after another; see follows
	// seenSubscription is, by key of a provider configuration, where its resources lie.
	seenSubscription map[string]string
}

func newReferences(ctx context.Context, doc *document, source *tfconfig.Configuration) *references {
	p := &references{document: doc, ctx: ctx, order: map[[2]string]bool{}, seenSubscription: map[string]string{}}
	if source != nil {
		schema := providerSchema
		if doc.migration {
			schema.Followed, schema.FollowedTypes = takenAttributes, takenTypes
		}
		p.evaluator = source.NewEvaluator(&knowledge{document: doc}, schema)
	}
	return p
}

// sourceOf returns the configuration as the program that made the plan reads it,
// nil where that is not possible, and a note for people.
func (p *document) sourceOf(c *tfconfig.Configuration) (source *tfconfig.Configuration, note string) {
	if c == nil {
		return nil, ""
	}
	c, err := c.As(p.program())
	switch {
	case err != nil:
		return nil, "the configuration is not used: " + oneLine(err.Error())
	case c.Ambiguous():
		return c, "the configuration has .tofu files, which OpenTofu reads and Terraform does not, and the plan does not say which of the two " +
			"made it: what differs between the two stays unknown"
	}
	if missing := p.undeclared(c); len(missing) > 0 {
		more := ""
		if len(missing) > 1 {
			more = fmt.Sprintf(" and %d more", len(missing)-1)
		}
		return nil, "the configuration is not used: it does not declare " + missing[0] + more + ", so that the plan was made of another one"
	}
	return c, ""
}

// undeclared are the caches that the configuration in plan JSON declares and a
// configuration does not, sorted: one of another revision, or of another root module.
func (p *document) undeclared(c *tfconfig.Configuration) []string {
	var out []string
	for address, r := range p.config.resources {
		if _, ok := c.Declaration(address); !ok && r.makesCache() {
			out = append(out, address)
		}
	}
	slices.Sort(out)
	return out
}

// providerSchema is what the evaluator must know of azurerm and azapi.
var providerSchema = tfconfig.Schema{
	Computed:  keyAttributes,
	WriteOnly: []string{"sensitive_body", "sensitive_body_version"},
	Rewritten: []string{"location"}, // azurerm stores "West Europe" as westeurope
	Borrowing: []string{"azapi_update_resource"},
	// The database of azurerm_managed_redis.
	Identified: []string{"default_database"},
	IDPrefix:   "/subscriptions/",
	IDs: map[string]string{
		"azurerm_resource_group":           "/subscriptions/{subscription_id}/resourceGroups/{name}",
		"azurerm_redis_cache":              idInGroup + "Microsoft.Cache/redis/{name}",
		"azurerm_managed_redis":            idInGroup + "Microsoft.Cache/redisEnterprise/{name}",
		"azurerm_virtual_network":          idInGroup + "Microsoft.Network/virtualNetworks/{name}",
		"azurerm_subnet":                   idInGroup + "Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}",
		"azurerm_network_security_group":   idInGroup + "Microsoft.Network/networkSecurityGroups/{name}",
		"azurerm_storage_account":          idInGroup + "Microsoft.Storage/storageAccounts/{name}",
		"azurerm_log_analytics_workspace":  idInGroup + "Microsoft.OperationalInsights/workspaces/{name}",
		"azurerm_redis_enterprise_cluster": idInGroup + "Microsoft.Cache/redisEnterprise/{name}",
	},
}

const idInGroup = "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
