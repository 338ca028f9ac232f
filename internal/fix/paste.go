package fix

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

const azapiResource = "azapi_resource"

// paste is a companion of a cache as configuration, for all instances of its resource: in the
// words of azurerm, or of azapi for a cache of azapi in a configuration that has nothing of
// azurerm. It is empty where this is not written.
func (r *run) paste(c *posture.Cache, companion baseline.Companion) string {
	d, ok := r.Config.Declaration(c.Address)
	azapi := ok && d.Type() == azapiResource
	if !ok || !azapi && service.OfAzurerm(d.Type()) == nil {
		return ""
	}
	p := pasted{Declaration: d, managed: service.OfCache(c) != service.Redis}
	address := d.Type() + "." + d.Name()
	switch p.cache = address; d.Repeated() {
	case "count":
		p.cache, p.meta = address+"[count.index]", "\ncount = length("+address+")"
	case "for_each":
		p.cache, p.meta = "each.value", "\nfor_each = "+address
	}
	p.group = p.cache + ".resource_group_name"
	if azapi {
		p.group = `split("/", ` + p.cache + `.parent_id)[4]`
	}
	var text string
	switch inAzurerm := !azapi || r.Config.HasTypesOf("azurerm"); companion {
	case baseline.PrivateEndpoint:
		if text = p.azapiEndpoint(); inAzurerm {
			text = p.azurermEndpoint()
		}
	case baseline.DiagnosticSetting:
		if text = p.azapiLogs(); inAzurerm {
			text = p.azurermLogs()
		}
	}
	return strings.TrimSuffix(string(hclwrite.Format([]byte(text))), "\n")
}

// pasted is what blocks to paste have in common.
type pasted struct {
	*tfconfig.Declaration
	cache   string // an instance of the cache
	group   string // the name of its resource group
	meta    string // the argument that makes as many instances
	managed bool
}

func (p *pasted) azurermEndpoint() string {
	return p.open("azurerm_private_endpoint", p.Name()) + `
name = "${` + p.cache + `.name}-endpoint"
location = ` + p.cache + `.location
resource_group_name = ` + p.group + `
subnet_id = ` + p.subnet() + `

private_service_connection {
name = "redis"
private_connection_resource_id = ` + p.cache + `.id
subresource_names = ["` + p.subresource() + `"]
is_manual_connection = false
}
}
`
}

func (p *pasted) azapiEndpoint() string {
	return p.open(azapiResource, p.Name()+"_endpoint") + `
type = "Microsoft.Network/privateEndpoints@2024-05-01"
name = "${` + p.cache + `.name}-endpoint"
parent_id = ` + p.cache + `.parent_id
location = ` + p.cache + `.location

` + p.body(`subnet = { id = `+p.subnet()+` }
privateLinkServiceConnections = [{
name = "redis"
properties = {
privateLinkServiceId = `+p.cache+`.id
groupIds = ["`+p.subresource()+`"]
}
}]`) + `
}
`
}

func (p *pasted) azurermLogs() string {
	return p.open("azurerm_monitor_diagnostic_setting", p.Name()) + `
name = "redis-logs"
target_resource_id = ` + p.logged() + `
log_analytics_workspace_id = ` + p.workspace() + `

enabled_log {
category_group = "allLogs"
}
}
`
}

func (p *pasted) azapiLogs() string {
	return p.open(azapiResource, p.Name()+"_logs") + `
type = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview"
name = "redis-logs"
parent_id = ` + p.logged() + `

` + p.body(`workspaceId = `+p.workspace()+`
logs = [{ categoryGroup = "allLogs", enabled = true }]`) + `
}
`
}

// open begins a resource, with a label that the module does not have.
func (p *pasted) open(typ, label string) string {
	for slices.Contains(p.Beside(typ), label) {
		label += "_redis"
	}
	return `resource "` + typ + `" "` + label + `" {` + p.meta
}

// body is an object with properties as the body of the cache is written, or as its JSON.
func (p *pasted) body(properties string) string {
	begin, end := "{", "}"
	if p.Call("body") == "jsonencode" {
		begin, end = "jsonencode({", "})"
	}
	return "body = " + begin + "\nproperties = {\n" + properties + "\n}\n" + end
}

// subresource is what a private endpoint connects to.
func (p *pasted) subresource() string {
	if p.managed {
		return "redisEnterprise"
	}
	return "redisCache"
}

// logged is the id of what has the logs.
func (p *pasted) logged() string {
	if p.managed {
		return `"${` + p.cache + `.id}` + service.ManagedRedis.Database + `"`
	}
	return p.cache + ".id"
}

func (p *pasted) subnet() string {
	return p.idOf("azurerm_subnet", "Microsoft.Network/virtualNetworks/subnets", "subnet_id")
}

func (p *pasted) workspace() string {
	return p.idOf("azurerm_log_analytics_workspace", "Microsoft.OperationalInsights/workspaces", "log_analytics_workspace_id")
}

// idOf is the id of the only resource of the module that has a type of azurerm, or of Azure
// Resource Manager, or else a variable.
func (p *pasted) idOf(azurerm, arm, variable string) string {
	var found []string
	for _, name := range p.Beside(azurerm) {
		found = append(found, azurerm+"."+name)
		if p.RepeatedAt(azurerm, name) {
			return "var." + variable
		}
	}
	for _, name := range p.Beside(azapiResource) {
		typ, ok := p.TextAt(azapiResource, name, "type")
		typ, _, _ = strings.Cut(typ, "@")
		switch {
		case ok && !strings.EqualFold(typ, arm):
		case !ok || p.RepeatedAt(azapiResource, name):
			return "var." + variable
		default:
			found = append(found, azapiResource+"."+name)
		}
	}
	if len(found) != 1 {
		return "var." + variable
	}
	return found[0] + ".id"
}
