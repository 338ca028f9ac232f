package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// configCommand shows the flags of commands, by the name of the command.
func (a *app) configCommand(flags map[string]*pflag.FlagSet) *cobra.Command {
	root := &cobra.Command{
		Use:   "config [COMMAND] [flags of that command]",
		Short: "Show the value of every flag, and where it comes from",
		Long: `Show what check, scan, migrate, controls and run-task would use: the value of
every flag, and whether it is the default or comes from a file (FILE:LINE), the
environment (the variable) or a flag that is given here.

The file is the first ` + settingsName + ` upward from the working directory to
the root of its repository; outside of a repository, only one in the working
directory counts. --settings FILE names another, --no-settings reads none. A
flag counts before a variable, and a variable before the file. Its form is
described by: redisbaseline schema settings`,
		Example: `  redisbaseline config
  redisbaseline config check --fail-on high
  redisbaseline config scan --settings platform.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("there are no settings of %q: use check, scan, migrate, controls or run-task", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			for i, sub := range cmd.Commands() {
				if i > 0 {
					if _, err := fmt.Fprintln(a.Stdout); err != nil {
						return err
					}
				}
				if err := errors.Join(sub.PreRunE(sub, nil), sub.RunE(sub, nil)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	for _, section := range settingsSections {
		sub := &cobra.Command{
			Use: section + " [flags of " + section + "]", Short: "Show the value of every flag of " + section, Args: cobra.ArbitraryArgs,
		}
		sub.Flags().AddFlagSet(flags[section])
		s := a.addSettings(sub, section)
		sub.RunE = func(*cobra.Command, []string) error { return a.showSettings(section, s, flags[section]) }
		root.AddCommand(sub)
	}
	return root
}

// showSettings prints the flags of a command with their values.
func (a *app) showSettings(section string, s *settings, flags *pflag.FlagSet) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s: settings file: %s\n", section, cmp.Or(s.file, "none"))
	if s.misnamed != "" {
		fmt.Fprintln(w, s.note()[0])
	}
	fmt.Fprintln(w, "FLAG\tVALUE\tFROM")
	flags.VisitAll(func(flag *pflag.Flag) {
		value, from := flag.Value.String(), s.from[flag.Name]
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ", ")
		}
		switch {
		case from == "" && flag.Changed:
			from = "flag"
		case from == "":
			from = "default"
		case !flag.Changed:
			value = a.Getenv(from)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", flag.Name, report.OneLine(cmp.Or(value, "-")), from)
	})
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(a.Stdout, b.String())
	return err
}
