package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

// edit replaces a text in a file of a module under test.
type edit struct{ file, from, to string }

const (
	testFile   = "tests/baseline.tftest.hcl"
	otherCache = `"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders/providers/Microsoft.Cache/redis/redis-other"`
)

var (
	secondCache = edit{"outputs.tf", `output "id" {`, `resource "azurerm_redis_cache" "other" {
  name                = "redis-other"
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "Standard"
  family              = "C"
  capacity            = 1
}

output "id" {`}
	idOfSecond = edit{testFile, "variables {", `override_resource {
  target = azurerm_redis_cache.other
  values = {
    id = ` + otherCache + `
  }
}

variables {`}
	toSecond = edit{"main.tf", "private_connection_resource_id = azurerm_redis_cache.this.id",
		"private_connection_resource_id = azurerm_redis_cache.other.id"}
	toOther = edit{"main.tf", "private_connection_resource_id = azurerm_redis_cache.this.id",
		"private_connection_resource_id = " + otherCache}
	asPlan      = edit{testFile, "command = apply", "command = plan"}
	ofASnapshot = edit{testFile, "evaluate(\n      azurerm_redis_cache.this,",
		"evaluate(\n      provider::redisbaseline::snapshot(azurerm_redis_cache.this),"}
	overridden      = edit{testFile, `mock_provider "azurerm" {`, "mock_provider \"azurerm\" {\n  override_during = plan\n"}
	eachOverridden  = edit{testFile, "target = azurerm_redis_cache", "override_during = plan\n    target = azurerm_redis_cache"}
	outsideTheMock  = edit{testFile, "mock_provider \"azurerm\" {\n", "mock_provider \"azurerm\" {\n  override_during = plan\n}\n\n"}
	endOfMock       = edit{testFile, "}\n\nvariables {", "\nvariables {"}
	withoutEndpoint = edit{"main.tf", "\"azurerm_private_endpoint\" \"this\" {\n  for_each = var.names",
		"\"azurerm_private_endpoint\" \"this\" {\n  for_each = setsubtract(var.names, [\"b\"])"}
	sameID = edit{testFile, `redis/b"`, `redis/a"`}
)

const redisConfiguration = `  redis_configuration {
    active_directory_authentication_enabled = true
  }
`

// The tests of each example pass as it stands, and fail where the module or the test is
// made worse, in words that say what is wrong.
func TestModuleTests(t *testing.T) {
	const passes = "Success! 1 passed, 0 failed."
	const public = "-var=public_network_access_enabled=true"
	const isPublic = "NS-2/disable-public-network-access: public network access is enabled; set public_network_access_enabled = false"
	const elsewhere = "known ids say that it belongs elsewhere"
	const noFunctions = `There are no functions in namespace "provider::redisbaseline::"`
	for name, test := range map[string]struct {
		edits []edit
		flag  string
		want  string // in the output, white space aside
	}{
		"as it stands":               {want: passes},
		"public by a variable":       {flag: public, want: isPublic},
		"public":                     {[]edit{{"main.tf", "= var.public_network_access_enabled", "= true"}}, "", isPublic},
		"TLS 1.0":                    {[]edit{{"main.tf", `= "1.2"`, `= "1.0"`}}, "", "DP-3/data-in-transit-encryption:"},
		"planned":                    {[]edit{asPlan, ofASnapshot}, "", passes},
		"asPlan, public":             {[]edit{asPlan, ofASnapshot}, public, isPublic},
		"asPlan, without a snapshot": {[]edit{asPlan}, "", "Unknown condition value"},
		"asPlan, with ids":           {[]edit{asPlan, overridden}, "", passes},
		"public by default": {[]edit{{"main.tf", "public_network_access_enabled      = var.public_network_access_enabled", ""}}, "",
			"NS-2/disable-public-network-access: public network access is not set"},
		"no endpoint passed": {[]edit{{testFile, "azurerm_private_endpoint.this,", ""}}, "",
			"NS-2/azure-private-link: no private endpoint is visible here"},
		"no logs passed": {[]edit{{testFile, "azurerm_monitor_diagnostic_setting.this,", ""}}, "",
			"LT-4/azure-resource-logs: no diagnostic setting is visible here"},
		"endpoint of another cache": {[]edit{toOther}, "", elsewhere},
		"endpoint to another sub-resource": {[]edit{{"main.tf", `["redisCache"]`, `["redisEnterprise"]`}}, "",
			`pe-redis-orders was passed, but its subresource_names lack "redisCache"`},
		"no minimum TLS version":                      {[]edit{{"main.tf", `minimum_tls_version                = "1.2"`, ""}}, "", passes},
		"no choice of the port":                       {[]edit{{"main.tf", "non_ssl_port_enabled               = false", ""}}, "", passes},
		"no redis_configuration":                      {[]edit{{"main.tf", redisConfiguration, ""}}, "", passes},
		"endpoint of a second cache":                  {[]edit{secondCache, toSecond, idOfSecond}, "", elsewhere},
		"endpoint of a second cache, planned":         {[]edit{secondCache, toSecond, idOfSecond, asPlan, ofASnapshot}, "", passes},
		"endpoint of a second cache with the same id": {[]edit{secondCache, toSecond}, "", passes},
		"no id in the mock": {[]edit{{testFile, `mock_resource "azurerm_redis_cache"`, `mock_resource "azurerm_subnet"`}}, "",
			`Can not parse "private_connection_resource_id" as a resource id`},
		"a function among variables": {[]edit{{testFile, `= "westeurope"`, "= provider::redisbaseline::violations({})[0]"}}, "", noFunctions},
		"no provider required":       {[]edit{{"versions.tf", "redisbaseline = {", "elsewhere = {"}}, "", noFunctions},
		"a provider required in the test": {[]edit{{testFile, "variables {", "terraform {}\n\nvariables {"}}, "",
			`Blocks of type "terraform" are not expected here.`},
	} {
		t.Run(name, func(t *testing.T) { testModule(t, "redis", test.edits, test.flag, test.want) })
	}
	const ofA = "b: NS-2/azure-private-link: no private endpoint is visible here: pe-a was passed, but " + elsewhere
	for name, test := range map[string]struct {
		edits []edit
		want  string
	}{
		"as it stands":                       {nil, passes},
		"b has no endpoint":                  {[]edit{withoutEndpoint}, ofA},
		"b has no endpoint, and the id of a": {[]edit{withoutEndpoint, sameID}, passes},
		"by count": {[]edit{{"main.tf", "for_each = var.names", "count = length(var.names)"},
			{"main.tf", "each.key].id", "count.index].id"}, {"main.tf", "each.key", "tolist(var.names)[count.index]"},
			{testFile, `this["a"]`, "this[0]"}, {testFile, `this["b"]`, "this[1]"}, {testFile, "values(", "("}}, passes},
		"two expansions":                      {[]edit{{testFile, "this), values", "this)..., values"}}, "An expanded function argument"},
		"planned, the mock overrides":         {[]edit{asPlan, overridden}, passes},
		"planned, the mock overrides, no b":   {[]edit{asPlan, overridden, withoutEndpoint}, ofA},
		"planned, outside of the mock":        {[]edit{asPlan, outsideTheMock, endOfMock, withoutEndpoint}, "Unknown condition value"},
		"planned, each overrides":             {[]edit{asPlan, outsideTheMock, endOfMock, eachOverridden}, passes},
		"planned, each overrides, no b":       {[]edit{asPlan, outsideTheMock, endOfMock, eachOverridden, withoutEndpoint}, ofA},
		"planned, each overrides in the mock": {[]edit{asPlan, eachOverridden}, passes},
	} {
		t.Run("for_each/"+name, func(t *testing.T) { testModule(t, "for-each", test.edits, "", test.want) })
	}
	for name, test := range map[string]struct {
		edits []edit
		flag  string
		want  string
	}{
		"as it stands": {want: "Success! 2 passed, 0 failed."},
		"public": {nil, "-var=public_network_access=Enabled",
			`Resource postcondition failed on main.tf line 20, in resource "azurerm_managed_redis" "this"`},
		"its postcondition accepts everything": {[]edit{{"main.tf", "violations(self)) == 0", "violations(self)) >= 0"}}, "",
			"Missing expected failure"},
		"no assignment passed": {[]edit{{testFile, "azurerm_managed_redis_access_policy_assignment.client,", ""}}, "",
			"IM-3/managed-identities: no access policy assignment is visible here"},
		"access keys":         {[]edit{{"main.tf", "= false", "= true"}}, "", "IM-1/"},
		"logs of the cluster": {[]edit{{"main.tf", ".default_database[0].id", ".id"}}, "", "LT-4/azure-resource-logs:"},
		"azapi": {[]edit{{"outputs.tf", `output "id" {`, `resource "azapi_resource" "cluster" {
  type      = "Microsoft.Cache/redisEnterprise@2025-07-01"
  name      = var.name
  parent_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-orders"
}

output "id" {`}, {"versions.tf", "azurerm = {", "azapi = {\n      source = \"azure/azapi\"\n    }\n    azurerm = {"},
			{testFile, "violations(\n      azurerm_managed_redis.this,", "violations(\n      azapi_resource.cluster,"},
			{testFile, "variables {\n  name", "mock_provider \"azapi\" {}\n\nvariables {\n  name"}}, "",
			"this is no azurerm_redis_cache or azurerm_managed_redis"},
	} {
		t.Run("managed/"+name, func(t *testing.T) { testModule(t, "managed-redis", test.edits, test.flag, test.want) })
	}
}

// testModule runs the tests of an example that was edited. They succeed where success is wanted.
func testModule(t *testing.T, example string, edits []edit, flag, want string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "terraform-test", example))); err != nil {
		t.Fatal(err)
	}
	w := newWorkspaceIn(t, azurermtest.V5, dir)
	w.needTestsWithFunctions()
	for _, e := range edits {
		text, err := os.ReadFile(filepath.Join(dir, e.file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), e.from) {
			t.Fatalf("%s has no %q", e.file, e.from)
		}
		w.write(e.file, strings.ReplaceAll(string(text), e.from, e.to))
	}
	args := []string{"test", "-no-color"}
	if flag != "" {
		args = append(args, flag)
	}
	out, ok := w.run(args...)
	if ok != strings.HasPrefix(want, "Success!") || !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
		t.Errorf("succeeds: %v, and the output has no %q:\n%s", ok, want, out)
	}
}

// needTestsWithFunctions skips a test with OpenTofu: version 1.12.6 crashes where an
// assertion of a test calls a function of a provider.
func (w *workspace) needTestsWithFunctions() {
	w.t.Helper()
	if strings.Contains(filepath.Base(w.path), "tofu") {
		w.t.Skip("OpenTofu 1.12.6 crashes where an assertion calls a function of a provider")
	}
}

// A file of the guide, and a command, with what the guide shows of its output.
var guideStep = regexp.MustCompile("(?ms)^`([a-z./]+)`:\n\n```[a-z]+\n(.*?)^```$|" +
	"^```shell\n(terraform test[^\n]*)\n```\n[^`]*?```text\n(.*?)^```$")

// A reader who takes the files and commands of the guide in their order sees what it shows.
func TestModuleTestGuide(t *testing.T) {
	w := newWorkspaceIn(t, azurermtest.V5, t.TempDir())
	w.needTestsWithFunctions()
	w.commandsOnPath()
	commands := 0
	for _, step := range guideStep.FindAllStringSubmatch(read(t, "docs/guides/testing-modules.md"), -1) {
		file, text, command, shown := step[1], step[2], step[3], step[4]
		if file != "" {
			w.write(file, text)
			continue
		}
		commands++
		w.must("get") // what terraform init does of modules; providers come from development overrides
		out, err := w.shell("-e", command)
		if failed := strings.Contains(shown, "Failure!"); failed != (err != nil) {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		says(t, out, shown)
	}
	if commands != 4 {
		t.Errorf("the guide has %d commands", commands)
	}
}
