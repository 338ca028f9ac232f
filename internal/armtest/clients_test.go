package armtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The package of npm, where NODE_MODULES names a folder that holds it, as it does in
// a job of .github/workflows/test.yml:
//
//	npm install @azure/arm-rediscache@8.2.0 && NODE_MODULES=$PWD go test ./internal/armtest -run Node
func TestNodeClient(t *testing.T) {
	node, err := exec.LookPath("node")
	folder := os.Getenv("NODE_MODULES")
	if err != nil || folder == "" {
		t.Skip("needs node, and NODE_MODULES to name a folder with @azure/arm-rediscache 8.2.0")
	}
	c := start(t, Options{})
	c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
	token, _ := c.s.Token()
	command := exec.CommandContext(t.Context(), node, "testdata/rediscache.mjs")
	command.Env = append(os.Environ(), "NODE_MODULES="+folder, "NODE_EXTRA_CA_CERTS="+c.caFile(), "ARM_TOKEN="+token,
		"SUBSCRIPTION="+DefaultSubscription, "ENDPOINT="+c.e.URL)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	want := strings.Join([]string{
		"created from-node.redis.cache.windows.net Succeeded", "updated Disabled", "rule from-node/office 203.0.113.1",
		"listed from-node", "gone 404 ResourceNotFound", ""}, "\n")
	if string(output) != want {
		t.Errorf("got\n%s\nwant\n%s", output, want)
	}
}

func (c call) caFile() string {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, c.e.CA, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return file
}

// Debian's azure-cli (2.45 speaks api-version 2022-06-01), in a job of its own. The folder /adfs
// keeps its login from asking Microsoft about the host.
func TestAzureCLI(t *testing.T) {
	az, err := exec.LookPath("az")
	if err != nil {
		t.Skip("needs the Azure CLI (az) on PATH")
	}
	c := start(t, Options{})
	c.s.PutResourceGroup(DefaultSubscription, "rg", "westeurope")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	home := t.TempDir()
	ca := c.caFile()
	run := func(arguments ...string) string {
		t.Helper()
		command := exec.CommandContext(ctx, az, arguments...)
		command.Env = append(os.Environ(), "AZURE_CONFIG_DIR="+home, "REQUESTS_CA_BUNDLE="+ca, "AZURE_CORE_COLLECT_TELEMETRY=no",
			"AZURE_CORE_OUTPUT=tsv", "AZURE_CORE_ONLY_SHOW_ERRORS=yes")
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("az %s: %v\n%s", strings.Join(arguments, " "), err, output)
		}
		return strings.TrimSpace(string(output))
	}
	run("cloud", "register", "-n", "fake", "--endpoint-active-directory", c.e.URL+"/adfs", "--endpoint-resource-manager", c.e.URL,
		"--endpoint-management", c.e.URL, "--endpoint-active-directory-resource-id", c.e.URL, "--endpoint-active-directory-graph-resource-id",
		c.e.URL)
	run("cloud", "set", "-n", "fake")
	run("login", "--service-principal", "-u", "app", "-p", "secret", "--tenant", DefaultTenant)
	run("redis", "create", "-n", "from-az", "-g", "rg", "-l", "westeurope", "--sku", "Premium", "--vm-size", "p1", "--minimum-tls-version",
		"1.2")
	if got := run("redis", "show", "-n", "from-az", "-g", "rg", "--query", "hostName"); got != "from-az.redis.cache.windows.net" {
		t.Error(got)
	}
	// This command does not wait for the end of its update.
	run("redis", "update", "-n", "from-az", "-g", "rg", "--set", "enableNonSslPort=true")
	c.s.Finish()
	if got := run("redis", "list", "--query", "[].enableNonSslPort"); !strings.EqualFold(got, "true") {
		t.Error(got)
	}
	run("redis", "delete", "-n", "from-az", "-g", "rg", "-y")
	if got := run("redis", "list"); got != "" {
		t.Error(got)
	}
}
