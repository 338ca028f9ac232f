package tfconfig_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// caches is what most cases link to: one cache, three by count, two by key.
const caches = `
resource "azurerm_redis_cache" "one" {
  name = "one"
}
resource "azurerm_redis_cache" "other" {
  name = "other"
}
resource "azurerm_redis_cache" "counted" {
  count = 3
  name  = "c${count.index}"
}
resource "azurerm_redis_cache" "keyed" {
  for_each = { x = "Basic", y = "Premium" }
  name     = "k-${each.key}"
  sku_name = each.value
}
variable "on" {
  default = true
}
variable "secret" {
  default   = "hush"
  sensitive = true
}
data "azurerm_client_config" "me" {}
`

// managed is a resource with a block that has an id.
const managed = `
resource "azurerm_managed_redis" "m" {
  default_database {}
}
resource "azurerm_managed_redis" "dynamic" {
  dynamic "default_database" {
    for_each = [1]
    content {}
  }
}`

const (
	one   = "azurerm_redis_cache.one.id"
	other = "azurerm_redis_cache.other.id"
	c0    = "azurerm_redis_cache.counted[0].id"
	c1    = "azurerm_redis_cache.counted[1].id"
	c2    = "azurerm_redis_cache.counted[2].id"
	kx    = `azurerm_redis_cache.keyed["x"].id`
	ky    = `azurerm_redis_cache.keyed["y"].id`
)

// TestExpressions asks what "target" of terraform_data.this is, given the
// expression, with optional further declarations.
func TestExpressions(t *testing.T) {
	t.Parallel()
	tests := []struct{ expr, more, want string }{
		// straight
		{`azurerm_redis_cache.one.id`, ``, one},
		{`"${azurerm_redis_cache.one.id}"`, ``, one},
		{`(azurerm_redis_cache.one.id)`, ``, one},
		{`azurerm_redis_cache.one["id"]`, ``, one},
		{`azurerm_redis_cache.counted[1].id`, ``, c1},
		{`azurerm_redis_cache.counted.1.id`, ``, c1},
		{`azurerm_redis_cache.keyed["y"].id`, ``, ky},
		{`azurerm_redis_cache.one.name`, ``, `"one"`},
		{`azurerm_redis_cache.counted[2].name`, ``, `"c2"`},
		{`azurerm_redis_cache.one.hostname`, ``, "unresolved"},
		{`azurerm_redis_cache.absent.id`, ``, "unresolved"},
		{`azurerm_redis_cache.counted[3].id`, ``, "unresolved"},
		{`null`, ``, "omitted"},
		{`"/subscriptions/x"`, ``, `"/subscriptions/x"`},
		// computed strings are not ids
		{`"${azurerm_redis_cache.one.id}/databases/default"`, ``, one + "/databases/default"},
		{`local.a`, `locals { a = "${azurerm_redis_cache.keyed["x"].id}/databases/default" }`, kx + "/databases/default"},
		{`{ a = "${azurerm_redis_cache.one.id}/databases/default" }["a"]`, ``, one + "/databases/default"},
		{`[for c in azurerm_redis_cache.counted : "${c.id}/databases/default"][1]`, ``, c1 + "/databases/default"},
		{`var.on ? "${azurerm_redis_cache.one.id}/databases/default" : ""`, ``, one + "/databases/default"},
		{`"${azurerm_redis_cache.one.id}databases/default"`, ``, "unresolved"},
		{`"${azurerm_redis_cache.one.id}/databases/${uuid()}"`, ``, "unresolved"},
		{`"${"${azurerm_redis_cache.one.id}/databases"}/default"`, ``, "unresolved"},
		{`"${azurerm_redis_cache.one.name}/databases/default"`, ``, `"one/databases/default"`},
		{`format("%s/databases/default", azurerm_redis_cache.one.id)`, ``, "unresolved"},
		{`replace("${azurerm_redis_cache.one.id}/databases/default", "/databases/default", "")`, ``, "unresolved"},
		{`lower("${azurerm_redis_cache.one.id}/databases/default")`, ``, "unresolved"},
		// blocks with an id
		{`azurerm_managed_redis.m.default_database[0].id`, managed, "azurerm_managed_redis.m.default_database[0].id"},
		{`one(azurerm_managed_redis.m.default_database[*].id)`, managed, "azurerm_managed_redis.m.default_database[0].id"},
		{`azurerm_managed_redis.m.default_database.0.id`, managed, "azurerm_managed_redis.m.default_database[0].id"},
		{`local.d.id`, managed + `
			locals { d = azurerm_managed_redis.m.default_database[0] }`, "azurerm_managed_redis.m.default_database[0].id"},
		{`azurerm_managed_redis.m.default_database[0].port`, managed, "unresolved"},
		{`azurerm_managed_redis.dynamic.default_database[0].id`, managed, "unresolved"},
		{`"${azurerm_redis_cache.one.id}${azurerm_redis_cache.other.id}"`, ``, "unresolved"},
		{`lower(azurerm_redis_cache.one.id)`, ``, one}, // ids compare without case
		{`trimspace(azurerm_redis_cache.one.id)`, ``, one},
		{`trimspace(" ${azurerm_redis_cache.one.id}\n")`, ``, one},
		{"trimspace(<<-EOT\n  ${azurerm_redis_cache.one.id}\n  EOT\n)", ``, one},
		{`" ${azurerm_redis_cache.one.id}"`, ``, "unresolved"},
		{`trimspace("${azurerm_redis_cache.one.id} x")`, ``, "unresolved"},
		{`trimspace("${azurerm_redis_cache.one.id} ${azurerm_redis_cache.one.id}")`, ``, "unresolved"},
		{`trimspace(" ${azurerm_redis_cache.one.name} ")`, ``, `"one"`},
		{`trimspace("  ")`, ``, `""`},
		{`lower(azurerm_redis_cache.one.hostname)`, ``, "unresolved"},
		{`trimprefix(azurerm_redis_cache.one.id, "/")`, ``, "unresolved"},
		{`format("%s", azurerm_redis_cache.one.id)`, ``, one},
		{`format("%s-", azurerm_redis_cache.one.id)`, ``, "unresolved"},
		{`format("%v", azurerm_redis_cache.one.id)`, ``, "unresolved"},
		{`split("/", azurerm_redis_cache.one.id)[8]`, ``, "unresolved"},
		{`replace(azurerm_redis_cache.one.id, "x", "y")`, ``, "unresolved"},
		{`jsonencode(azurerm_redis_cache.one.id)`, ``, "unresolved"},
		{`jsondecode(jsonencode({ id = azurerm_redis_cache.one.id })).id`, ``, "unresolved"},
		{`join("", [azurerm_redis_cache.one.id])`, ``, "unresolved"},
		{`tostring(azurerm_redis_cache.one.id)`, ``, one},
		// locals, maps, lists
		{`local.a`, `locals { a = azurerm_redis_cache.one.id }`, one},
		{`local.a.b["c"][1]`, `locals { a = { b = { c = [azurerm_redis_cache.one.id, azurerm_redis_cache.other.id] } } }`, other},
		{`local.b`, `locals {
			a = local.c
			b = local.a
			c = azurerm_redis_cache.keyed["x"].id
		}`, kx},
		{`merge({ a = azurerm_redis_cache.one.id }, { a = azurerm_redis_cache.other.id }).a`, ``, other},
		{`merge({ a = azurerm_redis_cache.one.id }, { b = azurerm_redis_cache.other.id }).a`, ``, one},
		{`merge([{ a = azurerm_redis_cache.one.id }, { b = azurerm_redis_cache.other.id }]...)["b"]`, ``, other},
		{`lookup({ a = azurerm_redis_cache.one.id }, "a", azurerm_redis_cache.other.id)`, ``, one},
		{`lookup({ a = azurerm_redis_cache.one.id }, "b", azurerm_redis_cache.other.id)`, ``, other},
		{`lookup(tomap({ a = azurerm_redis_cache.one.id, b = azurerm_redis_cache.other.id }), "b", "none")`, ``, other},
		{`element([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id], 3)`, ``, other},
		{`element(azurerm_redis_cache.counted, 4).id`, ``, c1},
		{`concat([azurerm_redis_cache.one.id], [azurerm_redis_cache.other.id])[1]`, ``, other},
		{`flatten([[azurerm_redis_cache.one.id], [[azurerm_redis_cache.other.id]]])[1]`, ``, other},
		{`values(azurerm_redis_cache.keyed)[0].id`, ``, kx},
		{`values(azurerm_redis_cache.keyed)[1].id`, ``, ky},
		{`azurerm_redis_cache.keyed[keys(azurerm_redis_cache.keyed)[1]].id`, ``, ky},
		{`zipmap(["p", "q"], [azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])["q"]`, ``, other},
		{`slice(azurerm_redis_cache.counted, 1, 3)[0].id`, ``, c1},
		{`reverse([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])[0]`, ``, other},
		{`chunklist([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id], 1)[1][0]`, ``, other},
		{`tolist([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])[1]`, ``, other},
		{`tomap({ a = azurerm_redis_cache.one.id })["a"]`, ``, one},
		{`one([azurerm_redis_cache.one.id])`, ``, one},
		{`one([])`, ``, "omitted"},
		{`one(azurerm_redis_cache.one[*].id)`, ``, one},
		{`compact(["", null, azurerm_redis_cache.one.id])[0]`, ``, one},
		{`distinct([azurerm_redis_cache.one.id, azurerm_redis_cache.one.id])[0]`, ``, one},
		{`sensitive(azurerm_redis_cache.one.id)`, ``, one},
		{`nonsensitive(sensitive(azurerm_redis_cache.one.id))`, ``, one},
		// try, can, coalesce
		{`try(azurerm_redis_cache.one.id, "")`, ``, one},
		{`try(local.m.none, azurerm_redis_cache.one.id)`, `locals { m = {} }`, one},
		{`try(azurerm_redis_cache.counted[9].id, azurerm_redis_cache.one.id)`, ``, one},
		{`try(azurerm_redis_cache.one.hostname, azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(tonumber(azurerm_redis_cache.one.id), azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(provider::azurerm::normalise_resource_id("x"), azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(file("x"), azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(data.azurerm_client_config.me.subscription_id, azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(module.away.id, azurerm_redis_cache.other.id)`, `module "away" { source = "registry/away" }`, "unresolved"},
		{`try(azurerm_redis_cache.one[var.attr], azurerm_redis_cache.other.id)`, `variable "attr" { default = "hostname" }`, "unresolved"},
		{`try(lookup(azurerm_redis_cache.one, "hostname"), azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try(keys(azurerm_redis_cache.one)[0], azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`try([for v in azurerm_redis_cache.one : v][0], azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`can(azurerm_redis_cache.counted[9]) ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, other},
		{`can(azurerm_redis_cache.one.id) ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, one},
		{`can(azurerm_redis_cache.one.id) ? "/x" : "/y"`, ``, `"/x"`},
		{`can(azurerm_redis_cache.one.hostname) ? "/x" : "/y"`, ``, "unresolved"},
		{`can(regex("^/x", azurerm_redis_cache.one.id)) ? "/x" : "/y"`, ``, "unresolved"},
		{`can(tonumber(azurerm_redis_cache.one.id)) ? "/x" : "/y"`, ``, "unresolved"},
		{`can(data.azurerm_client_config.me.tenant_id) ? "/x" : "/y"`, ``, "unresolved"},
		{`can(regex("x", azurerm_redis_cache.one.id)) ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, "unresolved"},
		{`coalesce(null, "", azurerm_redis_cache.one.id, azurerm_redis_cache.other.id)`, ``, one},
		{`coalesce(azurerm_redis_cache.one.hostname, azurerm_redis_cache.other.id)`, ``, "unresolved"},
		{`coalescelist([], [azurerm_redis_cache.one.id])[0]`, ``, one},
		// conditions
		{`var.on ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, one},
		{`!var.on ? azurerm_redis_cache.one.id : null`, ``, "omitted"},
		{`var.secret == "hush" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, one},
		{`data.azurerm_client_config.me.tenant_id == "t" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, "unresolved"},
		{`azurerm_redis_cache.one.id == azurerm_redis_cache.other.id ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``,
			"unresolved"},
		{`azurerm_redis_cache.one.id == "/subscriptions/x" ? null : azurerm_redis_cache.one.id`, ``, "unresolved"},
		{`azurerm_redis_cache.one.id != "" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, "unresolved"},
		{`azurerm_redis_cache.one.id != null ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, one},
		{`azurerm_redis_cache.one.name == "one" ? azurerm_redis_cache.one.id : null`, ``, one},
		{`startswith(azurerm_redis_cache.one.id, "x") ? null : azurerm_redis_cache.one.id`, ``, "unresolved"},
		{`contains([azurerm_redis_cache.one.id], azurerm_redis_cache.other.id) ? azurerm_redis_cache.one.id : null`, ``, "unresolved"},
		{`length(azurerm_redis_cache.counted) > 2 ? azurerm_redis_cache.one.id : null`, ``, one},
		{`length(azurerm_redis_cache.one.id) > 2 ? azurerm_redis_cache.one.id : null`, ``, "unresolved"},
		{`timestamp() == "x" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, "unresolved"},
		{`terraform.workspace == "default" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, ``, "unresolved"},
		{`azurerm_redis_cache.keyed[var.on ? "x" : "y"].id`, ``, kx},
		{`(var.on ? azurerm_redis_cache.one : azurerm_redis_cache.other).id`, ``, one},
		{`(var.on ? [azurerm_redis_cache.one.id] : [])[0]`, ``, one},
		{`(var.on ? { a = azurerm_redis_cache.one.id } : {})["a"]`, ``, one},
		{`(var.on ? azurerm_redis_cache.keyed : {})["y"].id`, ``, ky},
		{`var.soon ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id`, `variable "soon" {
			default   = true
			ephemeral = true
		}`, "unresolved"},
		// for expressions
		{`{ for k, v in azurerm_redis_cache.keyed : k => v.id }["y"]`, ``, ky},
		{`[for k, v in azurerm_redis_cache.keyed : v.id if k != "x"][0]`, ``, ky},
		{`[for c in azurerm_redis_cache.keyed : c.id if c.sku_name == "Premium"][0]`, ``, ky},
		{`[for c in azurerm_redis_cache.keyed : c.id if c.hostname == "x"][0]`, ``, "unresolved"},
		{`[for i, c in azurerm_redis_cache.counted : c.id if i == 2][0]`, ``, c2},
		{`{ for c in azurerm_redis_cache.counted : c.name => c.id }["c1"]`, ``, c1},
		{`{ for c in azurerm_redis_cache.counted : c.id => c.name }["x"]`, ``, "unresolved"},
		{`{ for k, v in azurerm_redis_cache.keyed : v.sku_name => v.id... }["Basic"][0]`, ``, kx},
		{`[for i in range(3) : azurerm_redis_cache.counted[2 - i].id][0]`, ``, c2},
		// splats
		{`(azurerm_redis_cache.counted[*].id)[1]`, ``, c1},
		{`azurerm_redis_cache.counted.*.id[2]`, ``, c2},
		{`(values(azurerm_redis_cache.keyed)[*].id)[1]`, ``, ky},
		{`(azurerm_redis_cache.one[*].id)[0]`, ``, one},
		// [*] takes the index into the loop: an index on an id
		{`azurerm_redis_cache.counted[*].id[1]`, ``, "unresolved"},
		{`element(azurerm_redis_cache.counted[*].id, 0)`, ``, c0},
		// sets: the order of ids is not known before they are
		{`tolist(toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id]))[0]`, ``, "unresolved"},
		{`tolist(toset([azurerm_redis_cache.one.id]))[0]`, ``, one},
		{`[for id in toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id]) : id][0]`, ``, "unresolved"},
		{`toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])[*][0]`, ``, "unresolved"},
		{`one(toset([azurerm_redis_cache.one.id]))`, ``, one},
		{`flatten([toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])])[0]`, ``, "unresolved"},
		{`concat(toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])...)`, ``, "unresolved"},
		{`sort([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])[0]`, ``, "unresolved"},
		{`setunion([azurerm_redis_cache.one.id], [azurerm_redis_cache.other.id])[*][0]`, ``, "unresolved"},
		{`distinct([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])[1]`, ``, "unresolved"},
		{`{ for c in toset([{ n = "a", id = azurerm_redis_cache.one.id }, { n = "b", id = azurerm_redis_cache.other.id }]) : c.n => c.id }["b"]`,
			``, other},
		{`length(toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])) == 2 ? azurerm_redis_cache.one.id : null`, ``, "unresolved"},
		// index by what is not known
		{`[azurerm_redis_cache.one.id, azurerm_redis_cache.other.id][data.azurerm_client_config.me.n]`, ``, "unresolved"},
		{`{ (azurerm_redis_cache.one.id) = azurerm_redis_cache.other.id }["x"]`, ``, "unresolved"},
		// pass-through and detours
		{`terraform_data.box.output`, `resource "terraform_data" "box" { input = azurerm_redis_cache.one.id }`, one},
		{`terraform_data.box.output.a`, `resource "terraform_data" "box" { input = { a = azurerm_redis_cache.one.id } }`, one},
		{`azurerm_monitor_diagnostic_setting.d.target_resource_id`,
			`resource "azurerm_monitor_diagnostic_setting" "d" { target_resource_id = azurerm_redis_cache.one.id }`, one},
		{`azurerm_private_endpoint.p.subnet_id`, `resource "azurerm_private_endpoint" "p" {
			subnet_id = "/s"
			lifecycle { ignore_changes = [subnet_id] }
		}`, "unresolved"},
		{`data.azurerm_redis_cache.d.id`, `data "azurerm_redis_cache" "d" { name = "x" }`, "data.azurerm_redis_cache.d.id"},
		{`data.azurerm_redis_cache.d["k"].id`, `data "azurerm_redis_cache" "d" {
			for_each = toset(["k"])
			name     = each.key
		}`, `data.azurerm_redis_cache.d["k"].id`},
		{`azurerm_redis_cache.one.primary_access_key`, ``, "azurerm_redis_cache.one.primary_access_key"},
		// text that looks like one of our marks is text
		{`"\u0000tf:0:"`, ``, "\"\x00tf:0:\""},
		{`"\u0000tf:0:${uuid()}"`, ``, "unresolved"},
		{`[azurerm_redis_cache.one.id, "\u0000tf:0:${uuid()}"][1]`, ``, "unresolved"},
		{`[azurerm_redis_cache.one.id, "\u0000tf:` + strings.Repeat("-", 160) + `0:${uuid()}"][1]`, ``, "unresolved"},
		{`[azurerm_redis_cache.one.id, format("\u0000tf:` + strings.Repeat("-", 160) + `0:%s", uuid())][1]`, ``, "unresolved"},
		{`[azurerm_redis_cache.one.id, formatlist("\u0000tf:` + strings.Repeat("-", 160) + `0:%s", [uuid()])[0]][1]`, ``, "unresolved"},
		// cycles and depth
		{`local.a`, `locals {
			a = local.b
			b = local.a
		}`, "unresolved"},
		{`local.a`, `locals { a = { x = local.a } }`, "unresolved"},
		{`try(local.a, azurerm_redis_cache.one.id)`, `locals { a = local.a }`, "unresolved"},
		{`terraform_data.this.id`, ``, "terraform_data.this.id"},
		{`terraform_data.loop.input`, `resource "terraform_data" "loop" { input = terraform_data.loop.output }`, "unresolved"},
	}
	for _, tt := range tests {
		t.Run(tt.expr, func(t *testing.T) {
			t.Parallel()
			cfg := load(t, caches+tt.more+"\nresource \"terraform_data\" \"this\" {\n  target = "+tt.expr+"\n}\n")
			got := cfg.NewEvaluator(nil, azure).Reference("terraform_data.this", "target")
			if show(got) != tt.want {
				t.Errorf("got %s (%s), want %s", show(got), got.Why, tt.want)
			}
			if got.Kind == tfconfig.Unresolved && (got.Why == "" || got.Expression == "" || got.Position.Line == 0) {
				t.Errorf("unresolved without reason, text or place: %+v", got)
			}
		})
	}
}

// TestLinks asks for links between instances: the true link stands beside each.
func TestLinks(t *testing.T) {
	t.Parallel()
	type link struct {
		from string
		path []any
		want string
	}
	target := []any{"target"}
	tests := []struct {
		name  string
		hcl   string
		known *plan
		links []link
	}{
		{"count.index", caches + `
resource "x" "e" {
  count  = 2
  target = azurerm_redis_cache.counted[count.index].id
}`, nil, []link{{"x.e[0]", target, c0}, {"x.e[1]", target, c1}, {"x.e[2]", target, "unresolved"}}},
		{"count.index + 1", caches + `
resource "x" "e" {
  count  = 2
  target = azurerm_redis_cache.counted[count.index + 1].id
}`, nil, []link{{"x.e[0]", target, c1}, {"x.e[1]", target, c2}}},
		{"each.key", caches + `
resource "x" "e" {
  for_each = azurerm_redis_cache.keyed
  target   = azurerm_redis_cache.keyed[each.key].id
}`, nil, []link{{`x.e["x"]`, target, kx}, {`x.e["y"]`, target, ky}, {`x.e["z"]`, target, "unresolved"}}},
		{"each.key crossed", caches + `
resource "x" "e" {
  for_each = toset(["x", "y"])
  target   = azurerm_redis_cache.keyed[each.key == "x" ? "y" : "x"].id
}`, nil, []link{{`x.e["x"]`, target, ky}, {`x.e["y"]`, target, kx}}},
		{"chained for_each", caches + `
resource "x" "e" {
  for_each = azurerm_redis_cache.keyed
  target   = each.value.id
}
resource "x" "f" {
  for_each = x.e
  target   = each.value.target
}`, nil, []link{{`x.e["x"]`, target, kx}, {`x.f["y"]`, target, ky}}},
		{"for_each over a map of ids", caches + `
locals {
  all = merge({ a = azurerm_redis_cache.one.id }, { for k, v in azurerm_redis_cache.keyed : "k-${k}" => v.id })
}
resource "x" "e" {
  for_each = local.all
  target   = each.value
}`, nil, []link{{`x.e["a"]`, target, one}, {`x.e["k-y"]`, target, ky}}},
		{"for_each over a filtered variable", caches + `
variable "wanted" {
  type = map(object({ private = bool, to = optional(string, "x") }))
}
resource "x" "e" {
  for_each = { for k, v in var.wanted : k => v if v.private }
  target   = azurerm_redis_cache.keyed[each.value.to].id
}`, &plan{variables: map[string]cty.Value{"wanted": cty.ObjectVal(map[string]cty.Value{
			"p": cty.ObjectVal(map[string]cty.Value{"private": cty.True, "to": cty.StringVal("y")}),
			"q": cty.ObjectVal(map[string]cty.Value{"private": cty.True}),
			"r": cty.ObjectVal(map[string]cty.Value{"private": cty.False}),
		})}}, []link{{`x.e["p"]`, target, ky}, {`x.e["q"]`, target, kx}, {`x.e["r"]`, target, "unresolved"}}},
		{"keys from the plan only", caches + `
data "azurerm_caches" "known_at_plan" {}
resource "azurerm_redis_cache" "found" {
  for_each = toset(data.azurerm_caches.known_at_plan.names)
}
resource "x" "e" {
  for_each = toset(data.azurerm_caches.known_at_plan.names)
  target   = azurerm_redis_cache.found[each.value].id
}`, &plan{instances: map[string][]tfconfig.Key{
			"azurerm_redis_cache.found": {tfconfig.StringKey("a"), tfconfig.StringKey("b")},
			"x.e":                       {tfconfig.StringKey("b")},
		}}, []link{{`x.e["b"]`, target, `azurerm_redis_cache.found["b"].id`}}},
		{"plan and configuration disagree", caches + `
resource "x" "e" {
  target = values(azurerm_redis_cache.keyed)[0].id
}`, &plan{instances: map[string][]tfconfig.Key{"azurerm_redis_cache.keyed": {tfconfig.StringKey("y")}}},
			[]link{{"x.e", target, "unresolved"}}},
		{"partial plan shows fewer", caches + `
resource "x" "e" {
  target = values(azurerm_redis_cache.keyed)[0].id
}`, &plan{partial: true, instances: map[string][]tfconfig.Key{"azurerm_redis_cache.keyed": {tfconfig.StringKey("y")}}},
			[]link{{"x.e", target, kx}}},
		{"data source read at plan", caches + `
data "azurerm_client_config" "now" {}
resource "x" "e" {
  target = data.azurerm_client_config.now.tenant_id == "t" ? azurerm_redis_cache.one.id : azurerm_redis_cache.other.id
}
resource "x" "f" {
  target = data.azurerm_client_config.now.tenant_id
}`, &plan{attributes: map[string]cty.Value{"data.azurerm_client_config.now.tenant_id": cty.StringVal("t")}},
			[]link{{"x.e", target, one}, {"x.f", target, `"t"`}}},
		{"module output to input, two levels", caches + `
module "stack" {
  source = "./stack"
  target = module.cache.deep.ids[0]
}
module "cache" {
  source = "./cache"
}
-- cache/main.tf --
module "inner" {
  source = "./inner"
}
output "deep" {
  value = { ids = [module.inner.id] }
}
-- cache/inner/main.tf --
resource "azurerm_redis_cache" "this" {}
output "id" {
  value = azurerm_redis_cache.this.id
}
-- stack/main.tf --
variable "target" {
  type = string
}
module "endpoint" {
  source = "./endpoint"
  to     = { cache = var.target }
}
-- stack/endpoint/main.tf --
variable "to" {
  type = map(string)
}
locals {
  id = lookup(var.to, "cache", null)
}
resource "x" "e" {
  target = local.id
}`, nil, []link{{"module.stack.module.endpoint.x.e", target, "module.cache.module.inner.azurerm_redis_cache.this.id"}}},
		{"module for_each", `
module "cache" {
  source   = "./cache"
  for_each = toset(["eu", "us"])
  name     = each.key
}
module "endpoint" {
  source   = "./endpoint"
  for_each = module.cache
  target   = each.value.id
  backup   = module.cache[each.key == "eu" ? "us" : "eu"].id
}
resource "x" "e" {
  for_each = { for k, m in module.cache : m.name => m.id }
  target   = each.value
}
resource "x" "l" {
  target = module.cache["us"].id
}
-- cache/main.tf --
variable "name" {}
resource "azurerm_redis_cache" "this" {
  name = "redis-${var.name}"
}
output "id" { value = azurerm_redis_cache.this.id }
output "name" { value = azurerm_redis_cache.this.name }
-- endpoint/main.tf --
variable "target" {}
variable "backup" {}
resource "x" "e" { target = var.target }
resource "x" "b" { target = var.backup }
`, nil, []link{
			{`module.endpoint["eu"].x.e`, target, `module.cache["eu"].azurerm_redis_cache.this.id`},
			{`module.endpoint["eu"].x.b`, target, `module.cache["us"].azurerm_redis_cache.this.id`},
			{`x.e["redis-us"]`, target, `module.cache["us"].azurerm_redis_cache.this.id`},
			{`x.l`, target, `module.cache["us"].azurerm_redis_cache.this.id`},
		}},
		{"module count, output map by key", `
variable "names" { default = ["a", "b"] }
module "caches" {
  source = "./caches"
  count  = 1
  names  = var.names
}
resource "x" "e" {
  for_each = toset(var.names)
  target   = module.caches[0].ids[each.key]
}
-- caches/main.tf --
variable "names" { type = list(string) }
resource "azurerm_redis_cache" "this" {
  count = length(var.names)
  name  = var.names[count.index]
}
output "ids" { value = { for c in azurerm_redis_cache.this : c.name => c.id } }
`, nil, []link{{`x.e["b"]`, target, `module.caches[0].azurerm_redis_cache.this[1].id`}}},
		{"module default, nullable", caches + `
module "m" {
  source = "./m"
  id     = null
}
-- m/main.tf --
variable "id" {
  default  = "none"
  nullable = false
}
resource "x" "e" { target = var.id }
`, nil, []link{{"module.m.x.e", target, `"none"`}}},
		{"the whole resource through a module", caches + `
module "m" {
  source = "./m"
  cache  = azurerm_redis_cache.one
  all    = azurerm_redis_cache.keyed
}
-- m/main.tf --
variable "cache" { type = object({ id = string, name = string }) }
variable "all" { type = map(object({ id = string })) }
resource "x" "e" { target = var.cache.id }
resource "x" "n" { target = var.cache.name }
resource "x" "a" { target = var.all["y"].id }
`, nil, []link{{"module.m.x.e", target, one}, {"module.m.x.n", target, `"one"`}, {"module.m.x.a", target, ky}}},
		{"two modules over each other", `
module "a" {
  source = "./m"
  in     = module.b.out
}
module "b" {
  source = "./m"
  in     = module.a.out
}
-- m/main.tf --
variable "in" {}
output "out" { value = var.in }
resource "x" "e" { target = var.in }
`, nil, []link{{"module.a.x.e", target, "unresolved"}}},
		{"depends_on is no link", caches + `
resource "x" "e" {
  depends_on = [azurerm_redis_cache.one]
}`, nil, []link{{"x.e", target, "omitted"}}},
		{"override file", caches + `
resource "x" "e" {
  target = azurerm_redis_cache.one.id
  part { target = azurerm_redis_cache.one.id }
  part { target = azurerm_redis_cache.one.id }
}
locals { id = azurerm_redis_cache.one.id }
-- x_override.tf --
resource "x" "e" {
  target = azurerm_redis_cache.other.id
  part { target = local.id }
}
locals { id = azurerm_redis_cache.other.id }
`, nil, []link{{"x.e", target, other}, {"x.e", []any{"part", 0, "target"}, other}, {"x.e", []any{"part", 1, "target"}, "omitted"}}},
		{"JSON syntax", caches + `
-- more.tf.json --
{
  "locals": {"id": "${azurerm_redis_cache.one.id}"},
  "resource": {"x": {
    "plain": {"target": "${local.id}"},
    "eq": {"target": "${azurerm_redis_cache.one.id == \"/x\" ? null : azurerm_redis_cache.one.id}"},
    "keyed": {"for_each": "${azurerm_redis_cache.keyed}", "target": "${each.value.id}"},
    "block": {"part": {"target": "${local.id}", "list": ["${azurerm_redis_cache.other.id}"]}},
    "blocks": {"part": [{"target": "a"}, {"target": "${local.id}"}]},
    "dyn": {"dynamic": {"part": {"for_each": ["${azurerm_redis_cache.other.id}"], "content": {"target": "${part.value}"}}}}
  }}
}
`, nil, []link{
			{"x.plain", target, one},
			{"x.eq", target, "unresolved"},
			{`x.keyed["y"]`, target, ky},
			{"x.block", []any{"part", 0, "target"}, one},
			{"x.block", []any{"part", 0, "list", 0}, other},
			{"x.blocks", []any{"part", 1, "target"}, one},
			{"x.dyn", []any{"part", 0, "target"}, other},
		}},
		{"dynamic blocks", caches + `
locals { connections = { primary = azurerm_redis_cache.one.id, second = azurerm_redis_cache.other.id } }
resource "x" "e" {
  dynamic "part" {
    for_each = local.connections
    content {
      name   = part.key
      target = part.value
    }
  }
}
resource "x" "iterator" {
  for_each = azurerm_redis_cache.keyed
  dynamic "part" {
    for_each = [each.value]
    iterator = it
    content {
      dynamic "inner" {
        for_each = [it.value.id]
        content { target = inner.value }
      }
    }
  }
}
resource "x" "mixed" {
  part { target = azurerm_redis_cache.counted[0].id }
  dynamic "part" {
    for_each = var.on ? [1] : []
    content { target = azurerm_redis_cache.counted[part.value].id }
  }
}
resource "x" "none" {
  dynamic "part" {
    for_each = var.on ? [] : [1]
    content { target = azurerm_redis_cache.one.id }
  }
}
resource "x" "dark" {
  dynamic "part" {
    for_each = data.azurerm_client_config.me.list
    content { target = azurerm_redis_cache.one.id }
  }
}
resource "x" "set" {
  dynamic "part" {
    for_each = toset([azurerm_redis_cache.one.id, azurerm_redis_cache.other.id])
    content { target = part.value }
  }
}`, nil, []link{
			{"x.e", []any{"part", 0, "target"}, one},
			{"x.e", []any{"part", 1, "target"}, other},
			{"x.e", []any{"part", 1, "name"}, `"second"`},
			{"x.e", []any{"part", 2, "target"}, "omitted"},
			{`x.iterator["y"]`, []any{"part", 0, "inner", 0, "target"}, ky},
			{"x.mixed", []any{"part", 1, "target"}, c1},
			{"x.none", []any{"part", 0, "target"}, "omitted"},
			{"x.none", []any{"part", "target"}, "omitted"},
			{"x.dark", []any{"part", 0, "target"}, "unresolved"},
			{"x.set", []any{"part", 0, "target"}, "unresolved"},
		}},
		{"azapi body", caches + `
resource "azapi_resource" "e" {
  body = {
    properties = { privateLinkServiceConnections = [{ properties = { privateLinkServiceId = azurerm_redis_cache.one.id } }] }
  }
  sensitive_body = { secret = "hush" }
}
resource "azapi_resource" "s" {
  body = jsonencode({
    properties = { privateLinkServiceConnections = [{ properties = { privateLinkServiceId = azurerm_redis_cache.one.id } }] }
  })
}
resource "x" "e" {
  target = azapi_resource.e.sensitive_body.secret
}`, nil, []link{
			{"azapi_resource.e", []any{"body", "properties", "privateLinkServiceConnections", 0, "properties", "privateLinkServiceId"}, one},
			{"azapi_resource.s", []any{"body", "properties", "privateLinkServiceConnections", 0, "properties", "privateLinkServiceId"}, one},
			{"azapi_resource.e", []any{"body", "properties", "subnet", "id"}, "omitted"},
			{"azapi_resource.e", []any{"sensitive_body", "secret"}, "unresolved"},
			{"x.e", target, "unresolved"},
		}},
		{"awkward keys", `
resource "azurerm_redis_cache" "k" {
  for_each = toset(["a.b", "q\"q", "d$${x}", "ü"])
}
resource "x" "e" {
  for_each = azurerm_redis_cache.k
  target   = each.value.id
}`, nil, []link{
			{`x.e["a.b"]`, target, `azurerm_redis_cache.k["a.b"].id`},
			{`x.e["q\"q"]`, target, `azurerm_redis_cache.k["q\"q"].id`},
			{`x.e["d$${x}"]`, target, `azurerm_redis_cache.k["d$${x}"].id`},
			{`x.e["ü"]`, target, `azurerm_redis_cache.k["ü"].id`},
		}},
		{"not an address", caches, nil, []link{{"", target, "unresolved"}, {"x", target, "unresolved"}, {"x.e.f.g", target, "unresolved"},
			{"module.m.x.e", target, "unresolved"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := load(t, tt.hcl)
			var known tfconfig.Known
			if tt.known != nil {
				known = tt.known
			}
			e := cfg.NewEvaluator(known, azure)
			for _, l := range tt.links {
				got := e.Reference(l.from, l.path...)
				if show(got) != l.want {
					t.Errorf("%s %v: got %s (%s), want %s", l.from, l.path, show(got), got.Why, l.want)
				}
				// A fresh evaluator must not answer otherwise.
				if again := cfg.NewEvaluator(known, azure).Reference(l.from, l.path...); show(again) != show(got) {
					t.Errorf("%s %v: %s first, %s when asked alone", l.from, l.path, show(got), show(again))
				}
			}
		})
	}
}
