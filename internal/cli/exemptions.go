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
func (a *app) loadExemptions(file string) ([]baseline.Exemption, error) {
	if file == "" {
		return nil, nil
	}
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file, err)
	}
	defer f.Close()
	exemptions, err := judge.ReadExemptions(f, a.Documents)
	var located *yamlfile.Error
	if errors.As(err, &located) {
		return nil, inputError(fmt.Sprintf("%s:%d", file, located.Line), located.Err)
	}
	if err != nil {
		return nil, inputError(file, bareError(err))
	}
	return exemptions, nil
}
