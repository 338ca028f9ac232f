package fix

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// paste is the companion of a cache as configuration; empty where this is not written.
func (r *run) paste(c *posture.Cache, companion baseline.Companion) string {
	declaration, ok := r.Config.Declaration(c.Address)
	if !ok || declaration.Type() == "" || service.OfAzurerm(declaration.Type()) == nil {
		return ""
	}
	return companionBlock(declaration, companion, service.OfCache(c))
}

// companionBlock is a companion of azurerm for all instances of a resource.
func companionBlock(d *tfconfig.Declaration, companion baseline.Companion, of *service.Service) string {
	resource := d.Type() + "." + d.Name()
	cache, meta := resource, ""
	switch d.Repeated() {
	case "count":
		cache, meta = resource+"[count.index]", "count = length("+resource+")\n"
	case "for_each":
		cache, meta = "each.value", "for_each = "+resource+"\n"
	}
	managed := of == service.ManagedRedis
	var text string
	switch companion {
	case baseline.PrivateEndpoint:
		group := "redisCache"
		if managed {
			group = "redisEnterprise"
		}
		text = `resource "azurerm_private_endpoint" "` + d.Name() + `" {
` + meta + `name = "${` + cache + `.name}-endpoint"
location = ` + cache + `.location
resource_group_name = ` + cache + `.resource_group_name
subnet_id = ` + idOf(d, "azurerm_subnet", "subnet_id") + `

private_service_connection {
name = "redis"
private_connection_resource_id = ` + cache + `.id
subresource_names = ["` + group + `"]
is_manual_connection = false
}
}
`
	case baseline.DiagnosticSetting:
		target := cache + ".id"
		if managed {
			target = `"${` + cache + `.id}` + service.ManagedRedis.Database + `"`
		}
		text = `resource "azurerm_monitor_diagnostic_setting" "` + d.Name() + `" {
` + meta + `name = "redis-logs"
target_resource_id = ` + target + `
log_analytics_workspace_id = ` + idOf(d, "azurerm_log_analytics_workspace", "log_analytics_workspace_id") + `

enabled_log {
category_group = "allLogs"
}
}
`
	}
	return strings.TrimSuffix(string(hclwrite.Format([]byte(text))), "\n")
}

// idOf is the id of the only resource of a type in the module, or else a variable.
func idOf(d *tfconfig.Declaration, typ, variable string) string {
	names := d.Beside(typ)
	if len(names) != 1 || d.RepeatedAt(typ, names[0]) {
		return "var." + variable
	}
	return typ + "." + names[0] + ".id"
}
