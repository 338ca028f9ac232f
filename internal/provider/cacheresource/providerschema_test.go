package cacheresource

import (
	"context"
	"encoding/json"
	stdflag "flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

var updateSchema = stdflag.Bool("update-schema", false, "write the table of redisbaseline_cache in providerschema")

// defaults are the arguments whose value does not depend on others where they are omitted.
var defaults = map[string]string{
	"access_keys_authentication_enabled": "false", "minimum_tls_version": `"1.2"`, "non_ssl_port_enabled": "false",
	"public_network_access_enabled": "false",
}

// The table of providerschema is what the resource declares.
func TestProviderSchema(t *testing.T) {
	var resp resource.SchemaResponse
	(&cacheResource{}).Schema(context.Background(), resource.SchemaRequest{}, &resp)
	lines := []string{
		"# redisbaseline_cache, in the format of azurerm.txt, written by",
		"# go test ./internal/provider/cacheresource -run TestProviderSchema -update-schema", "",
		"resource redisbaseline_cache /subscriptions/{subscription}/resourceGroups/{resource_group_name}/providers/Microsoft.Cache/redis/{name}"}
	var names []string
	for name := range resp.Schema.Attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		lines = append(lines, attributeLine(t, name, resp.Schema.Attributes[name]))
	}
	got := strings.Join(lines, "\n") + "\n"
	const file = "../../providerschema/redisbaseline.txt"
	if *updateSchema {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s is not what the resource declares (-update-schema writes it): %v", file, err)
	}
}

func attributeLine(t *testing.T, name string, a schema.Attribute) string {
	t.Helper()
	typ, err := json.Marshal(a.GetType().TerraformType(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	flags := ""
	for _, f := range []struct {
		flag string
		is   bool
	}{{"R", a.IsRequired()}, {"O", a.IsOptional()}, {"C", a.IsComputed()}, {"S", a.IsSensitive()}, {"W", a.IsWriteOnly()}} {
		if f.is {
			flags += f.flag
		}
	}
	line := fmt.Sprintf("  %s %s %s", name, typ, flags)
	if d := defaults[name]; d != "" {
		line += " =" + d
	}
	return line
}
