package fix

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
)

// since are the versions of azurerm that brought an argument, where that was not the first of
// a generation. Source: CHANGELOG of azurerm.
var since = map[string]string{
	"azurerm_redis_cache.redis_configuration.active_directory_authentication_enabled": "3.83.0",
	"azurerm_managed_redis.public_network_access":                                     "4.53.0",
}

// tooOld is an error where the lock file names a version of azurerm without an argument.
func (r *run) tooOld(typ string, path []string) error {
	argument := strings.Join(path, ".")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		locked, err := version.NewVersion(r.Config.ProviderVersion(host + "/hashicorp/azurerm").Locked)
		if first := since[typ+"."+argument]; first != "" && err == nil && locked.LessThan(version.Must(version.NewVersion(first))) {
			return fmt.Errorf("azurerm %s, which .terraform.lock.hcl names, has no argument %s: it came with %s", locked, argument, first)
		}
	}
	return nil
}

// schema is that of a resource type; an error tells a version of azurerm that lacks the
// argument. A type of azapi has none.
func (r *run) schema(typ string, path []string) (schema *providerschema.Block, err error) {
	if own := providerschema.Own()[typ]; own != nil {
		return &own.Block, nil
	}
	if !strings.HasPrefix(typ, "azurerm_") {
		return nil, nil
	}
	for _, generation := range r.Generations {
		resource := providerschema.Azurerm(generation)[typ]
		if resource == nil {
			return nil, fmt.Errorf("azurerm %d has no %s", generation, typ)
		}
		schema = &resource.Block
		block := schema
		for _, name := range path {
			if block == nil || !block.Has(name) {
				return nil, fmt.Errorf("azurerm %d, which the configuration may take, has no argument %s", generation, strings.Join(path, "."))
			}
			block = block.Nested(name)
		}
	}
	return schema, r.tooOld(typ, path)
}
