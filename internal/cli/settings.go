package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/yamlfile"
)

// The names of the file with settings that is looked for, and of one that is told about
// where there is no such file.
const (
	settingsName     = ".redisbaseline.yaml"
	misnamedSettings = ".redisbaseline.yml"
)

// Annotations of flags, of which settings need to know more than their type.
const (
	environmentAnnotation = "redisbaseline_environment" // variables that set the same, and count before a file
	namedOnlyAnnotation   = "redisbaseline_named_only"  // set by a file of --settings only, not by one that was found
	formatsAnnotation     = "redisbaseline_formats"     // formats of --format
)

// settings are values of flags from a file. Each stands for a flag that is given
// neither on the command line nor in the environment.
type settings struct {
	file     string // of --settings, or the one that was found; empty for none
	off      bool
	misnamed string            // a file that was found instead, whose name only looks like that of settings; empty for none
	used     []string          // names of the flags that the file set, sorted
	from     map[string]string // FILE:LINE or variable, by the name of a flag
}

// addSettings adds the flags that choose the file to a command, which reads it before
// it runs. The section is the key of the file for this command.
func (a *app) addSettings(cmd *cobra.Command, section string) *settings {
	s := &settings{}
	f := cmd.Flags()
	f.StringVar(&s.file, "settings", "", "YAML `FILE` with values for flags, instead of the "+settingsName+" that is found")
	f.BoolVar(&s.off, "no-settings", false, "read no "+settingsName)
	cmd.PreRunE = func(*cobra.Command, []string) error { return a.applySettings(s, f, section) }
	return s
}

// note says what of a report's flags was set by a file; empty for nothing. Reviewers
// have to see it, because the file may come with the change that is judged.
func (s *settings) note() []string {
	switch {
	case s.misnamed != "":
		return []string{s.misnamed + " is not read: settings stand in " + settingsName}
	case len(s.used) > 0:
		return []string{"settings from " + s.file + ": " + strings.Join(s.used, ", ")}
	}
	return nil
}

// origin ends a message about the value of a flag that a file set; empty where none did.
func (s *settings) origin(flag string) string {
	if from := s.from[flag]; from != "" {
		return " (" + flag + " of " + from + ")"
	}
	return ""
}

// source is the file for the report; empty where it set nothing.
func (s *settings) source() string {
	if len(s.used) == 0 {
		return ""
	}
	return filepath.ToSlash(s.file)
}

// applySettings sets the flags of a command that nobody gave.
func (a *app) applySettings(s *settings, flags *pflag.FlagSet, section string) error {
	s.used, s.from, s.misnamed = nil, map[string]string{}, ""
	named := flags.Changed("settings")
	switch {
	case named && s.off:
		return errors.New("--settings and --no-settings contradict each other")
	case named && s.file == "":
		return errors.New("--settings names no file; --no-settings does without")
	case !named && !s.off:
		if s.file = findSettings(settingsName); s.file == "" {
			s.misnamed = findSettings(misnamedSettings)
		}
	}
	var set map[string]setting
	if s.file != "" {
		var err error
		if set, err = a.readSettings(s.file, section, named); err != nil {
			return err
		}
	}
	var failed error
	flags.VisitAll(func(flag *pflag.Flag) {
		value, ok := set[flag.Name]
		variable := a.environmentOf(flag)
		switch {
		case flag.Changed:
		case variable != "":
			s.from[flag.Name] = variable
		case ok:
			failed = errors.Join(failed, value.apply(flags))
			s.used, s.from[flag.Name] = append(s.used, flag.Name), fmt.Sprintf("%s:%d", s.file, value.line)
		}
	})
	return failed
}

// environmentOf is the variable that sets a flag; empty for none.
func (a *app) environmentOf(flag *pflag.Flag) string {
	for _, name := range flag.Annotations[environmentAnnotation] {
		if a.Getenv(name) != "" {
			return name
		}
	}
	return ""
}

// findSettings looks for a file of a name in the working directory and upward to the root of its
// repository; outside of a repository in the working directory only. Empty is none.
func findSettings(name string) string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	exists := func(dir, name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err == nil
	}
	up, found := ".", ""
	for dir := here; ; dir, up = filepath.Dir(dir), filepath.Join(up, "..") {
		if found == "" && exists(dir, name) {
			found = filepath.Join(up, name)
		}
		switch {
		case exists(dir, ".git"):
			return found
		case dir == filepath.Dir(dir): // no repository
			if found == name {
				return found
			}
			return ""
		}
	}
}

// setting is the value of one flag in a file.
type setting struct {
	flag   string
	values []string // one, except of a flag that is repeatable
	line   int
}

func (s setting) apply(flags *pflag.FlagSet) error {
	for _, v := range s.values {
		if err := flags.Set(s.flag, v); err != nil {
			return err
		}
	}
	return nil
}

// settingsSections are the commands that a file has settings for, in order.
var settingsSections = []string{"check", "scan", "migrate", "controls", "run-task"}

// settingsFlags are the flags that a file may set: those of each command by its
// section, and by the empty name those that check and scan share.
func (a *app) settingsFlags() map[string]*pflag.FlagSet {
	return sectionFlags(a.checkCommand(), a.scanCommand(), a.migrateCommand(), a.controlsCommand(), a.runTaskCommand())
}

// sectionFlags are the same of commands that there are already.
func sectionFlags(commands ...*cobra.Command) map[string]*pflag.FlagSet {
	sections := map[string]*pflag.FlagSet{"": pflag.NewFlagSet("", pflag.ContinueOnError)}
	for _, cmd := range commands {
		name := cmd.Name()
		sections[name] = pflag.NewFlagSet(name, pflag.ContinueOnError)
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name != "settings" && flag.Name != "no-settings" {
				sections[name].AddFlag(flag)
			}
		})
	}
	sections["check"].VisitAll(func(flag *pflag.Flag) {
		if sections["scan"].Lookup(flag.Name) != nil {
			sections[""].AddFlag(flag)
		}
	})
	return sections
}

func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	return names
}

// readSettings reads a file and returns the settings of a section by the names of
// their flags. All mistakes of the file are told, those of other sections too. A file
// that was not named may have been written by anybody who can change the directory.
func (a *app) readSettings(file, section string, named bool) (map[string]setting, error) {
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file, err)
	}
	defer f.Close()
	reader := settingsReader{app: a, file: file, named: named, flags: a.settingsFlags(), found: map[string]map[string]setting{}}
	var wrong *exitError
	if errors.As(yamlError(file, reader.placed(reader.read(yamlfile.Read(f)))), &wrong) {
		return nil, &exitError{exitUsage, wrong.err} // as if the flags had been given
	}
	set := map[string]setting{}
	for _, name := range []string{"", section} { // what stands in a section counts before the rest
		for flag, s := range reader.found[name] {
			if name == "" && flag == "format" && (section == "migrate" || section == "controls") {
				continue // a report of verdicts, which has other formats and files
			}
			set[flag] = s
		}
	}
	return set, nil
}

// settingsReader reads a file of settings.
type settingsReader struct {
	app   *app
	file  string
	named bool                      // by --settings
	flags map[string]*pflag.FlagSet // by section
	found map[string]map[string]setting
}

func (r *settingsReader) read(root *yaml.Node, err error) error {
	if root == nil {
		return err
	}
	keys := slices.Concat(settingsSections, flagNames(r.flags[""]))
	return yamlfile.Mapping(root, "the file", keys, func(key string, value *yaml.Node) error {
		if !slices.Contains(settingsSections, key) {
			return r.setting("", key, value)
		}
		return yamlfile.Mapping(value, key, flagNames(r.flags[key]), func(name string, value *yaml.Node) error {
			return r.setting(key, name, value)
		})
	})
}

// placed says of unknown keys that stand under a section, or under another one, where they belong.
func (r *settingsReader) placed(err error) error {
	var faults yamlfile.Errors
	errors.As(err, &faults)
	for _, fault := range faults {
		var unknown *yamlfile.UnknownKey
		if !errors.As(fault.Err, &unknown) {
			continue
		}
		var places []string
		for _, section := range settingsSections {
			if r.flags[section].Lookup(unknown.Key) != nil {
				places = append(places, section+":")
			}
		}
		if places != nil {
			fault.Err = fmt.Errorf("%s does not stand here: it stands under %s", unknown.Key, alternatives(places))
		}
	}
	return err
}

// setting reads the value of one flag, and tries it.
func (r *settingsReader) setting(section, name string, value *yaml.Node) error {
	flag := r.flags[section].Lookup(name)
	if _, ok := flag.Annotations[namedOnlyAnnotation]; ok && !r.named {
		return fmt.Errorf("%s is not taken from a file that was found, because it says what is run or replaced, or where credentials go: "+
			"give the flag, or name the file with --settings", name)
	}
	s := setting{flag: name, line: value.Line}
	nodes := []*yaml.Node{value}
	kind := kindOf(flag)
	if kind.list && value.Kind == yaml.SequenceNode {
		if nodes = value.Content; len(nodes) == 0 {
			return fmt.Errorf("%s is empty: leave it out", name)
		}
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode || n.Tag != kind.tag {
			return yamlfile.At(n, fmt.Errorf("the value of %s is not %s", name, kind.words))
		}
		text, err := r.value(flag, n.Value)
		if err != nil {
			return yamlfile.At(n, err)
		}
		s.values = append(s.values, text)
	}
	if err := s.apply(r.flags[section]); err != nil {
		return fmt.Errorf("the value of %s is not %s", name, kind.words)
	}
	if r.found[section] == nil {
		r.found[section] = map[string]setting{}
	}
	r.found[section][name] = s
	return nil
}

// kind is the type of a flag in YAML.
type kind struct {
	tag, words, schema string
	list               bool
}

const durationWords = "a time such as 90s, 5m or 168h, in hours at most"

func kindOf(flag *pflag.Flag) kind {
	switch flag.Value.Type() {
	case "bool":
		return kind{tag: "!!bool", words: "true or false", schema: "boolean"}
	case "int":
		return kind{tag: "!!int", words: "a whole number", schema: "integer"}
	case "duration":
		return kind{tag: "!!str", words: durationWords, schema: "string"}
	case "stringArray", "stringSlice":
		return kind{tag: "!!str", words: "text or a list of texts", schema: "string", list: true}
	default:
		return kind{tag: "!!str", words: "text", schema: "string"}
	}
}

// choices are the values of flags that have only some.
var choices = map[string][]string{
	"enforce": {string(judge.EnforceAll), string(judge.EnforceIntroduced), string(judge.EnforceNone)},
	"dialect": {"azurerm", "azapi"},
	"fail-on": {string(judge.FailOnHigh), string(judge.FailOnMedium), string(judge.FailOnLow), string(judge.FailOnNever)},
}

// value checks a value as the command will, and makes the paths in it relative to the
// working directory; in the file, they are relative to the file.
func (r *settingsReader) value(flag *pflag.Flag, text string) (string, error) {
	if known := choices[flag.Name]; known != nil && !slices.Contains(known, text) {
		return "", fmt.Errorf("unknown value %q of %s: use %s%s", text, flag.Name, strings.Join(known, ", "), suggest.DidYouMean(text, known))
	}
	switch flag.Name {
	case "format":
		if _, err := parseOutputs([]string{text}, flag.Annotations[formatsAnnotation]); err != nil {
			return "", err
		}
		format, file, named := strings.Cut(text, "=")
		if !named {
			return text, nil
		}
		file, err := r.path(file)
		return format + "=" + file, err
	case "fail-on-advisory":
		_, err := r.app.parseAdvisory(text)
		return text, err
	case "max-size":
		_, err := parseMaxSize(text)
		return text, err
	}
	if isPath(flag) {
		return r.path(text)
	}
	return text, nil
}

// isPath reports whether the value of a flag is the name of a file or directory.
func isPath(flag *pflag.Flag) bool {
	_, file := flag.Annotations[cobra.BashCompFilenameExt]
	_, dir := flag.Annotations[cobra.BashCompSubdirsInDir]
	return file || dir
}

// path is a path of the file, as seen from the working directory.
func (r *settingsReader) path(text string) (string, error) {
	switch {
	case text == "" || text == stdin:
		return text, nil
	case !r.named && !filepath.IsLocal(text):
		return "", fmt.Errorf("%q lies outside of the directory of this file, which is allowed only in a file named by --settings", text)
	case filepath.IsAbs(text):
		return text, nil
	}
	return filepath.Join(filepath.Dir(r.file), text), nil
}

// markPaths marks the flags that name files, and those that name directories.
func markPaths(f *pflag.FlagSet, files, dirs []string) {
	for _, name := range files {
		_ = cobra.MarkFlagFilename(f, name) // an error is a flag that is not there: TestSettingsPaths
	}
	for _, name := range dirs {
		_ = cobra.MarkFlagDirname(f, name)
	}
}
