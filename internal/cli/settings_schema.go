package cli

import (
	"encoding/json"
	"strings"

	"github.com/spf13/pflag"
)

// settingsSchema is the JSON Schema of a file of settings, made of the flags.
func (a *app) settingsSchema() string {
	flags := a.settingsFlags()
	properties := a.settingsProperties(flags[""])
	for _, section := range settingsSections {
		properties[section] = map[string]any{
			"description": "Flags of redisbaseline " + section + ".", "type": "object", "additionalProperties": false,
			"properties": a.settingsProperties(flags[section]),
		}
	}
	raw, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://raw.githubusercontent.com/redisbaseline/terraform-provider-redisbaseline/main/schemas/settings.schema.json",
		"title":   "Settings of redisbaseline (" + settingsName + ")",
		"description": "Values for flags that are given neither on the command line nor in the environment. " +
			"Flags that check and scan share may stand outside of their sections; what stands in a section counts before that. " +
			"Paths are relative to the file.",
		"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties,
	}, "", "  ")
	if err != nil {
		panic(err) // texts and maps always marshal
	}
	return string(raw) + "\n"
}

func (a *app) settingsProperties(flags *pflag.FlagSet) map[string]any {
	properties := map[string]any{}
	flags.VisitAll(func(flag *pflag.Flag) {
		kind := kindOf(flag)
		one := map[string]any{"type": kind.schema}
		switch {
		case choices[flag.Name] != nil:
			one["enum"] = choices[flag.Name]
		case flag.Name == "format":
			one["pattern"] = "^(" + strings.Join(flag.Annotations[formatsAnnotation], "|") + ")(=.+)?$"
		case flag.Name == "fail-on-advisory":
			one["enum"] = a.advisoryIDs()
		case flag.Name == "max-size":
			one["pattern"] = "^[0-9][0-9.,]* *([kKmMgGtTpPeE][iI]?)?[bB]?$"
		case flag.Name == "concurrency":
			one["minimum"], one["maximum"] = 1, mostRequests
		case kind.schema == "integer":
			one["minimum"] = 1
		case flag.Value.Type() == "duration": // of at least one digit that is not 0
			one["pattern"] = `^[+]?([0-9]*[.]?[0-9]*(ns|us|µs|ms|s|m|h))+$`
			one["not"] = map[string]any{"pattern": "^[^1-9]*$"}
		}
		if kind.list {
			one = map[string]any{"anyOf": []any{one, map[string]any{"type": "array", "items": one, "minItems": 1}}}
		}
		_, one["description"] = pflag.UnquoteUsage(flag)
		properties[flag.Name] = one
	})
	return properties
}
