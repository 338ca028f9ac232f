// Command fake-arm serves the fake Azure Resource Manager with a few caches
// that show typical mistakes, for demonstrations without Azure. It prints the
// settings for a client and runs until it is interrupted.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

func main() {
	address := flag.String("listen", "127.0.0.1:0", "loopback address and port to listen on")
	ca := flag.String("ca", "fake-arm-ca.pem", "file to write the certificate to trust to")
	env := flag.String("env", "", "file to write the client's settings to, as shell exports; it appears when the server is ready")
	estate := flag.Bool("estate", false, "serve the caches of examples/migrate instead")
	flag.Parse()
	if err := run(*address, *ca, *env, *estate); err != nil {
		fmt.Fprintln(os.Stderr, "fake-arm:", err)
		os.Exit(1)
	}
}

func run(address, ca, env string, estate bool) error {
	server := armtest.New(armtest.Options{})
	if estate {
		armtest.DemoEstate(server)
	} else {
		armtest.Demo(server)
		armtest.DemoManaged(server)
	}
	server.PutResourceGroup(armtest.DefaultSubscription, "rg-orders", "westeurope") // for a cache to be made
	endpoint, err := server.StartAt(address)
	if err != nil {
		return err
	}
	defer endpoint.Close()
	if err := os.WriteFile(ca, endpoint.CA, 0o600); err != nil {
		return err
	}
	settings := fmt.Sprintf(`export SSL_CERT_FILE=%q
export ARM_ENVIRONMENT=custom
export ARM_RESOURCE_MANAGER_ENDPOINT=%q
export ARM_RESOURCE_MANAGER_AUDIENCE=%q
export ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=%q
export ARM_DISABLE_INSTANCE_DISCOVERY=true
export ARM_TENANT_ID=%s
export ARM_SUBSCRIPTION_ID=%s
export ARM_CLIENT_ID=fake
export ARM_CLIENT_SECRET=fake
`, ca, endpoint.URL, endpoint.URL, endpoint.URL+"/", armtest.DefaultTenant, armtest.DefaultSubscription)
	fmt.Print(settings)
	if env != "" {
		// Renamed into place, so that who waits for the file reads all of it.
		if err := os.WriteFile(env+".new", []byte(settings), 0o600); err != nil {
			return err
		}
		if err := os.Rename(env+".new", env); err != nil {
			return err
		}
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	return nil
}
