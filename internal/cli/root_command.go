package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "redisbaseline",
		Short: "Judge the Redis caches of Azure by what Microsoft publishes about their security",
		Long: `redisbaseline judges the Redis caches of Azure, those of a Terraform
plan or configuration and those that exist: Azure Cache for Redis against
Microsoft's Azure security baseline for it, Azure Managed Redis and the
Enterprise tiers against Microsoft's article on securing them.

  terraform plan -out=tfplan
  terraform show -json tfplan | redisbaseline check -

  redisbaseline check --config .

  redisbaseline scan --subscription 00000000-0000-0000-0000-000000000000

Exit codes: 0 nothing to object to, 1 objections, 2 wrong usage, 3 an input
that cannot be judged.

Shells complete commands, flags, ids of rules and values of flags; for bash:

  source <(redisbaseline completion bash)`,
		Version:       a.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArguments(nil),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("redisbaseline {{.Version}}\n")
	check, scan, migrate, runTask := a.checkCommand(), a.scanCommand(), a.migrateCommand(), a.runTaskCommand()
	controls := a.controlsCommand()
	root.AddCommand(check, scan, migrate, controls, runTask, a.rulesCommand(), a.explainCommand(),
		a.configCommand(sectionFlags(check, scan, migrate, controls, runTask)),
		a.schemaCommand(), a.versionCommand())
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args, cmd.RunE = noArguments(nil), root.RunE
		case "help":
			cmd.Args = knownTopic
		}
	}
	addHelp(root)
	a.addCompletion(root)
	return root
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments(nil),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.Stdout, "redisbaseline "+a.Version)
			return err
		},
	}
}
