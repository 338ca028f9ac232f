package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// hasFlag reports whether a setting can be given as a flag. Secrets cannot, because
// everybody on a machine can list the arguments of its processes. The subscription
// of the Azure CLI cannot, because --subscription-id would look like the selection
// of caches.
func hasFlag(s arm.Setting) bool { return !s.Sensitive && s.Name != arm.SubscriptionID }

func flagName(s arm.Setting) string { return strings.ReplaceAll(s.Name, "_", "-") }

// addAzureFlags adds a hidden flag for each setting of the connection, which azureHelp
// describes; the returned function returns those that were given.
func addAzureFlags(f *pflag.FlagSet) func() map[string]string {
	for _, s := range arm.Settings() {
		if !hasFlag(s) {
			continue
		}
		name := flagName(s)
		switch s.Kind {
		case arm.KindBool:
			f.Bool(name, s.Default == "true", s.Description)
		case arm.KindList:
			f.StringSlice(name, nil, s.Description)
		default:
			f.String(name, s.Default, s.Description)
		}
		f.Lookup(name).Hidden = true
		f.Lookup(name).Annotations = map[string][]string{environmentAnnotation: s.Env, namedOnlyAnnotation: nil}
		if strings.HasSuffix(s.Name, "_path") {
			markPaths(f, []string{name}, nil)
		}
	}
	return func() map[string]string {
		given := map[string]string{}
		for _, s := range arm.Settings() {
			flag := f.Lookup(flagName(s))
			if !hasFlag(s) || !flag.Changed {
				continue
			}
			given[s.Name] = flag.Value.String()
			if list, ok := flag.Value.(pflag.SliceValue); ok {
				given[s.Name] = strings.Join(list.GetSlice(), ";")
			}
		}
		return given
	}
}

// azureHelp describes the settings of the connection, from the same table as the
// provider's attributes.
func azureHelp() string {
	var b strings.Builder
	b.WriteString(`Connection to Azure: each setting is a flag or an environment variable, with the
names that the azurerm provider and the Azure SDKs use; a flag counts first.
Secrets have no flag, because other users of a machine can read the arguments of
a program: give them in the environment, or in a file where a flag names one.
`)
	for _, s := range arm.Settings() {
		fmt.Fprintln(&b)
		if hasFlag(s) {
			fmt.Fprintf(&b, "  --%s", flagName(s))
			if s.Default != "" {
				fmt.Fprintf(&b, " (default %s)", s.Default)
			}
			fmt.Fprintln(&b)
		}
		for _, line := range report.Wrap(strings.Join(s.Env, ", "), helpWidth-2) {
			fmt.Fprintf(&b, "  %s\n", line)
		}
		for _, line := range report.Wrap(s.Description, helpWidth-8) {
			fmt.Fprintf(&b, "        %s\n", line)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// azureClient makes the client of Azure Resource Manager; its errors are wrong usage.
func (a *app) azureClient(flags scanFlags, given map[string]string, waiting *atomic.Int64) (*arm.Client, error) {
	config, err := arm.NewConfig(given, a.Getenv)
	if err != nil {
		return nil, errors.New(settingWords(err.Error()))
	}
	limits := arm.DefaultLimits
	limits.Concurrency = flags.concurrency
	limits.SubscriptionConcurrency = min(limits.SubscriptionConcurrency, flags.concurrency)
	options := arm.Options{Config: config, Version: a.Version, Limits: limits, RequestTimeout: flags.timeout,
		Waiting: waiting}
	if a.Azure != nil {
		a.Azure(&options)
	}
	client, err := arm.NewClient(options)
	if err != nil {
		return nil, errors.New(settingWords(err.Error()))
	}
	return client, nil
}

// settingWords puts the words of the command line into a message about settings: of
// a setting its variable instead of the argument of Terraform, and a flag instead of
// the configuration.
func settingWords(message string) string {
	message = strings.ReplaceAll(message, "from the configuration", "from a flag")
	return settingNames.ReplaceAllStringFunc(message, func(name string) string {
		for _, s := range arm.Settings() {
			if s.Name == name {
				return s.Env[0]
			}
		}
		return name
	})
}

// settingNames matches what may be the name of a setting; a name of one word may be
// any word.
var settingNames = regexp.MustCompile(`\b[a-z0-9]+(_[a-z0-9]+)+\b`)
