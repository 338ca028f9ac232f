package fix

import (
	"errors"
	"fmt"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// schema is that of a resource type; an error tells a version of azurerm that lacks the
// argument. A type of azapi has none.
func (r *run) schema(typ string, path []string) (schema *providerschema.Block, err error) {
	if own := providerschema.Own()[typ]; own != nil {
		return &own.Block, nil
	}
	if !strings.HasPrefix(typ, "azurerm_") {
		return nil, nil
	}
	if r.UnknownVersion != "" {
		return nil, errors.New(r.UnknownVersion)
	}
	for _, version := range r.Versions {
		resource := providerschema.Azurerm(version)[typ]
		if resource == nil {
			return nil, fmt.Errorf("azurerm %s has no %s", version, typ)
		}
		schema = &resource.Block
		block := schema
		for _, name := range path {
			if block == nil || !block.Has(name) {
				return nil, fmt.Errorf("azurerm %s, which the configuration may take, has no argument %s", version, strings.Join(path, "."))
			}
			block = block.Nested(name)
		}
	}
	return schema, nil
}
