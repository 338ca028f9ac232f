package cli

import (
	"errors"
	"fmt"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/judge"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/yamlfile"
)

// loadExemptions reads the YAML list of --exemptions; without a file there are
// none. Errors name file and line.
func (a *app) loadExemptions(flags reportFlags) ([]baseline.Exemption, error) {
	file := flags.exemptions
	if file == "" {
		return nil, nil
	}
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file+flags.settings.origin("exemptions"), err)
	}
	defer f.Close()
	exemptions, err := judge.ReadExemptions(f, file, a.Documents)
	return exemptions, yamlError(file, err)
}

// yamlError is the error about a file of YAML, a line for each mistake with its place;
// nil where err is.
func yamlError(file string, err error) error {
	var located yamlfile.Errors
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &located):
		return inputError(file, bareError(err))
	}
	lines := make([]error, len(located))
	for i, e := range located {
		lines[i] = fmt.Errorf("%s:%d: %w", file, e.Line, e.Err)
	}
	return &exitError{exitInput, errors.Join(lines...)}
}
