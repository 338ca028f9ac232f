package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// dataDir is where Terraform keeps its data about a root module; empty for the usual place.
func dataDir() string { return os.Getenv("TF_DATA_DIR") }

// argumentsOfPlan are the values and files of variables among the arguments that the
// environment gives to terraform plan in a directory, in the order in which Terraform takes
// them: those of TF_CLI_ARGS after those of TF_CLI_ARGS_plan.
func argumentsOfPlan(dir string) (given []tfconfig.GivenVariable, err error) {
	for _, name := range []string{"TF_CLI_ARGS_plan", "TF_CLI_ARGS"} {
		words, err := shellwords.Parse(os.Getenv(name))
		if err != nil {
			return nil, fmt.Errorf("the environment variable %s cannot be split into arguments", name)
		}
		for i := 0; i < len(words); i++ {
			flag, value, has := strings.Cut(words[i], "=")
			if flag = strings.TrimPrefix(flag, "-"); !strings.HasPrefix(words[i], "-") {
				continue // the value of another flag
			}
			flag = strings.TrimPrefix(flag, "-")
			if flag != "var" && flag != "var-file" {
				continue
			}
			if !has {
				if i++; i == len(words) {
					return nil, fmt.Errorf("the environment variable %s ends with -%s, which needs a value", name, flag)
				}
				value = words[i]
			}
			switch {
			case flag == "var":
				given = append(given, tfconfig.GivenVariable{Assignment: value, From: "-var of " + name})
			case filepath.IsAbs(value):
				given = append(given, tfconfig.GivenVariable{File: value})
			case value == "":
				return nil, errors.New("-var-file of " + name + " names no file")
			default:
				given = append(given, tfconfig.GivenVariable{File: filepath.Join(dir, value)})
			}
		}
	}
	return given, nil
}
