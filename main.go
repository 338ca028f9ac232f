// Command terraform-provider-redisbaseline is a Terraform provider when
// Terraform starts it, and the command line redisbaseline when a person does.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/cli"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// version is set by the linker.
var version = "dev"

const address = "registry.terraform.io/redisbaseline/redisbaseline"

func main() {
	var opts []tf6server.ServeOpt
	debug := len(os.Args) == 2 && (os.Args[1] == "-debug" || os.Args[1] == "--debug")
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	// Terraform starts a provider without arguments and with this cookie.
	if !debug && (len(os.Args) > 1 || os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "") {
		os.Exit(cli.Main(version, baseline.Published()))
	}
	if err := tf6server.Serve(address, provider.Server(version, baseline.Published()), opts...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
