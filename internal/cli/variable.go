package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/spf13/pflag"
)

// variables are the spellings of variables that whoever runs the program replaces, and
// leaves as they are where there is no such variable or where they stand in another place.
var variables = []struct {
	spelling *regexp.Regexp
	what     string
}{
	{regexp.MustCompile(`\$\(([A-Za-z_][\w.-]*)\)`), "the variable %s of Azure Pipelines"},
	{regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`), "the expression %s of GitHub Actions or Azure Pipelines"},
	{regexp.MustCompile(`\$\[\s*(.*?)\s*\]`), "the expression %s of Azure Pipelines"},
	{regexp.MustCompile(`(?i)\$env:(\w+)`), "the variable %s of PowerShell"},
	{regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`), "the variable %s of a shell or of GitLab"},
	{regexp.MustCompile(`%([A-Za-z_]\w{2,})%`), "the variable %s of the Windows command line"},
}

// unreplaced says which variable a name holds that was not replaced; empty for none.
func unreplaced(name string) string {
	for _, v := range variables {
		if found := v.spelling.FindStringSubmatch(name); found != nil {
			return fmt.Sprintf(v.what, found[1]) + " was not replaced"
		}
	}
	return ""
}

// missing adds to an error the reason why a file may be missing, where its name tells one.
func missing(name string, err error) error {
	if why := unreplaced(name); why != "" && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", err, why)
	}
	return err
}

// refuseEmpty refuses a flag that is given without a value, as by a variable that is not set.
func refuseEmpty(flags *pflag.FlagSet, name string, s *settings) error {
	if flag := flags.Lookup(name); flag.Changed && flag.Value.String() == "" {
		return fmt.Errorf("--%s is empty%s: the variable that names it may not be set", name, s.origin(name))
	}
	return nil
}
