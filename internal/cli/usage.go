package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

// helpWidth is the number of columns of help.
const helpWidth = 80

// moreHelp is the annotation of a command with help that stands behind its flags.
const moreHelp = "redisbaseline_more_help"

// helpTemplate shows how a command is called first, and what is looked up last.
const helpTemplate = `Usage:
  {{.UseLine}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}

{{with or .Long .Short}}{{. | trimTrailingWhitespaces}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if or .IsAvailableCommand (eq .Name "help")}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{flags .LocalFlags | trimTrailingWhitespaces}}{{end}}{{with index .Annotations "` + moreHelp + `"}}

{{.}}{{end}}{{if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" tells more about a command.{{end}}
`

// addHelp makes every command below root show its help by helpTemplate, and say what
// was meant by a flag that there is not.
func addHelp(root *cobra.Command) {
	cobra.AddTemplateFunc("flags", func(f *pflag.FlagSet) string { return f.FlagUsagesWrapped(helpWidth) })
	root.SetHelpTemplate(helpTemplate)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		see := fmt.Sprintf(" (%s --help lists them)", cmd.CommandPath())
		var invalid *pflag.InvalidValueError
		if errors.As(err, &invalid) {
			return fmt.Errorf("the value %q of --%s is not %s%s", invalid.GetValue(), invalid.GetFlag().Name, kindOf(invalid.GetFlag()).words, see)
		}
		var unknown *pflag.NotExistError
		if !errors.As(err, &unknown) {
			return fmt.Errorf("%w%s", err, see)
		}
		if unknown.GetSpecifiedShortnames() != "" {
			return fmt.Errorf("unknown flag -%s of %s%s", unknown.GetSpecifiedName(), cmd.CommandPath(), see)
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		return fmt.Errorf("unknown flag %s of %s%s%s", name, cmd.CommandPath(), suggest.DidYouMean(name, names), see)
	})
}

// noArguments refuses arguments of a command, and says which of its commands was
// meant, or what else to type.
func noArguments(instead func(argument string) string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		meant := suggest.DidYouMean(args[0], commandNames(cmd))
		if cmd.HasAvailableSubCommands() && (instead == nil || meant != "") {
			return unknownCommand(cmd, args[0])
		}
		text := fmt.Sprintf("%s takes no argument, and was given %q", cmd.Name(), args[0])
		if instead != nil {
			text += ": " + instead(args[0])
		}
		return fmt.Errorf("%s (%s --help tells more)", text, cmd.CommandPath())
	}
}

// commandNames are the names of the commands of a command.
func commandNames(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

func unknownCommand(of *cobra.Command, name string) error {
	return fmt.Errorf("unknown command %q of %s%s (%s --help lists them)", name, of.CommandPath(),
		suggest.DidYouMean(name, commandNames(of)), of.CommandPath())
}

// knownTopic refuses arguments of help that name no command.
func knownTopic(help *cobra.Command, args []string) error {
	topic, rest, err := help.Root().Find(args)
	if err != nil || len(rest) == 0 {
		return err
	}
	return unknownCommand(topic, rest[0])
}

// oneArgument refuses another number of arguments than one; needs says what is needed.
func oneArgument(needs string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return fmt.Errorf("%s needs %s", cmd.Name(), needs)
		case len(args) > 1:
			return fmt.Errorf("%s takes one argument, and was given %d: %s", cmd.Name(), len(args), strings.Join(args, " "))
		}
		return nil
	}
}

// noSwitchValue refuses an argument that is no input, where a flag of true or false was
// given: the argument may have been meant as its value.
func noSwitchValue(isInput func(argument string) bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		i := slices.IndexFunc(args, func(arg string) bool { return !isInput(arg) })
		if i < 0 {
			return nil
		}
		var switches []string
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if f.Value.Type() == "bool" {
				switches = append(switches, "--"+f.Name+"=true")
			}
		})
		if switches == nil {
			return nil
		}
		return fmt.Errorf("%q is no input, and as the value of a flag it takes an equals sign: %s or =false", args[i], alternatives(switches))
	}
}

// chosen refuses a value of a flag that is none of the known ones.
func chosen(flag, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return fmt.Errorf("unknown value %q of --%s: use %s%s", value, flag, alternatives(known), suggest.DidYouMean(value, known))
}

// alternatives are words with commas between them, and "or" before the last.
func alternatives(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// The values of flags of run-task simulate.
var (
	stages = []string{string(runtask.PrePlan), string(runtask.PostPlan), string(runtask.PreApply), string(runtask.PostApply)}
	levels = []string{"advisory", "mandatory"}
)

// addCompletion makes shells complete ids of rules and values of flags, in every
// command below root.
func (a *app) addCompletion(root *cobra.Command) {
	values := map[string][]string{
		"format": report.Formats(), "fail-on-advisory": a.advisoryIDs(), "service": a.documentIDs(),
		"stage": stages, "enforcement-level": levels, "environment": {"public", "usgovernment", "china", "custom"},
	}
	for name, known := range choices {
		values[name] = known
	}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			known := values[f.Name]
			switch {
			case cmd.Name() == "rules" && f.Name == "format":
				known = rulesFormats
			case f.Annotations[formatsAnnotation] != nil:
				known = f.Annotations[formatsAnnotation]
			}
			if known != nil {
				// The only errors are of flags that there are not, or that have a completion.
				_ = cmd.RegisterFlagCompletionFunc(f.Name, valuesOrFile(known))
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// valuesOrFile completes known values, and behind VALUE= a file.
func valuesOrFile(known []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		if strings.Contains(typed, "=") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return known, cobra.ShellCompDirectiveNoFileComp
	}
}
