// Command terraform-provider-azurerm is the stub as a provider binary, for
// dev_overrides of the CLI configuration. AZURERMTEST_GENERATION is the major version
// of azurerm: 3, 4 or 5 (the default).
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

func main() {
	generation := azurermtest.V5
	switch os.Getenv("AZURERMTEST_GENERATION") {
	case "3":
		generation = azurermtest.V3
	case "4":
		generation = azurermtest.V4
	}
	stub, err := azurermtest.Server(generation)()
	if err == nil {
		err = tf6server.Serve("registry.terraform.io/hashicorp/azurerm", func() tfprotov6.ProviderServer { return stub })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
