package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

// TestScanScripts runs testdata/scan/*.txtar: the real program as a process of
// its own, over TLS, with nothing but the environment to find the fake by.
func TestScanScripts(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("Go reads SSL_CERT_FILE on other systems only")
	}
	type cloudKey struct{}
	type scriptCloud struct {
		fake  *armtest.Server
		asked chan string
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/scan",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Defer(func() { checkReports(t, env.WorkDir) })
			asked := make(chan string, 10_000)
			fake := armtest.New(armtest.Options{ClientSecret: clientSecret, Before: func(r *http.Request) { asked <- r.URL.Path }})
			armtest.Demo(fake)
			endpoint, err := fake.Start()
			if err != nil {
				return err
			}
			ca := filepath.Join(env.WorkDir, "ca.pem")
			if err := os.WriteFile(ca, endpoint.CA, 0o600); err != nil {
				return err
			}
			env.Defer(func() {
				endpoint.Close()
				fake.AssertReadOnly(t)
			})
			env.Values[cloudKey{}] = scriptCloud{fake, asked}
			for name, value := range map[string]string{
				"SSL_CERT_FILE": ca, "ARM_ENVIRONMENT": "custom", "ARM_RESOURCE_MANAGER_ENDPOINT": endpoint.URL,
				"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": endpoint.URL, "ARM_DISABLE_INSTANCE_DISCOVERY": "true", "ARM_USE_CLI": "false",
				"ARM_TENANT_ID": armtest.DefaultTenant, "ARM_CLIENT_ID": "client", "ARM_CLIENT_SECRET": clientSecret,
				"GROUP": "/subscriptions/" + armtest.DefaultSubscription + "/resourceGroups/rg-demo/providers/Microsoft.Cache/redis",
				"SUB":   armtest.DefaultSubscription,
			} {
				env.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"oneline": oneline,
			// hang PATTERN: requests for such a path get no answer.
			"hang": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Value(cloudKey{}).(scriptCloud).fake.Inject(armtest.Fault{Path: regexp.MustCompile(args[0]), Hang: true, Times: -1})
			},
			// asked PATTERN waits for a request for such a path.
			"asked": func(ts *testscript.TestScript, _ bool, args []string) {
				pattern := regexp.MustCompile(args[0])
				for path := range ts.Value(cloudKey{}).(scriptCloud).asked {
					if pattern.MatchString(path) {
						return
					}
				}
			},
		},
	})
}
