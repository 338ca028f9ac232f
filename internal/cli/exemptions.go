package cli

import (
	"fmt"
	"io"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/policy"
)

// maxExemptions is the size in bytes of an exemptions file that is read at most.
const maxExemptions = 8 << 20

// loadExemptions reads a YAML list of exemptions. Errors name file and line.
func (a *app) loadExemptions(file string) ([]baseline.Exemption, error) {
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file, err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxExemptions+1))
	if err != nil {
		return nil, inputError(file, bareError(err))
	}
	if len(raw) > maxExemptions {
		return nil, inputError(file, fmt.Errorf("is larger than %d MiB", maxExemptions>>20))
	}
	exemptions, line, err := policy.ParseExemptions(raw, a.Baseline)
	if err != nil {
		if line > 0 {
			file = fmt.Sprintf("%s:%d", file, line)
		}
		return nil, inputError(file, err)
	}
	return exemptions, nil
}
