// Command terraform-provider-redisbaseline is a Terraform provider when
// Terraform starts it, and the command line redisbaseline when a person does.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/cli"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider"
)

// version is set by the linker where a Makefile or a release builds the program.
var version string

const address = "registry.terraform.io/redisbaseline/redisbaseline"

// programVersion is the version that the linker set, else that of the module, which
// `go install MODULE@VERSION` records, else "dev". Releases have no leading "v".
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "dev"
}

func main() {
	version := programVersion()
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
