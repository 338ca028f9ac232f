package tfconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// LockFile is the dependency lock file of a root module.
const LockFile = ".terraform.lock.hcl"

// readLocks returns the versions of providers that the lock file in a directory selects, by
// full name; none where there is no such file.
func readLocks(dir string) (map[string]string, error) {
	data, err := readRegular(filepath.Join(dir, LockFile), LockFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := checkNative(data, LockFile); err != nil {
		return nil, err
	}
	file, diags := hclsyntax.ParseConfig(data, LockFile, hcl.InitialPos)
	if err := diagError(diags); err != nil {
		return nil, err
	}
	schema := &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "provider", LabelNames: []string{"source"}}}}
	content, _, diags := file.Body.PartialContent(schema)
	if err := diagError(diags); err != nil {
		return nil, err
	}
	locks := map[string]string{}
	for _, b := range content.Blocks {
		a := attribute(b.Body, "version")
		version, ok := "", false
		if a != nil {
			version, ok = literal(a.Expr)
		}
		if !ok {
			return nil, fmt.Errorf("%s:%d: the provider has no version", LockFile, b.DefRange.Start.Line)
		}
		locks[b.Labels[0]] = version
	}
	return locks, nil
}

// ProviderVersion is what a configuration says of the version of a provider.
type ProviderVersion struct {
	// Locked is the version in the lock file; empty where that does not have the provider.
	Locked string
	// Constraints are the version constraints of all modules.
	Constraints []string
}

// ProviderVersion returns what the configuration says of the version of a provider, given
// its full name.
func (c *Configuration) ProviderVersion(source string) ProviderVersion {
	out := ProviderVersion{Locked: c.locks[source]}
	var walk func(m *module)
	walk = func(m *module) {
		for name, list := range m.required {
			if m.providerSource(name) != source {
				continue
			}
			for _, r := range list {
				if r.version != "" && !slices.Contains(out.Constraints, r.version) {
					out.Constraints = append(out.Constraints, r.version)
				}
			}
		}
		for _, child := range m.children {
			if child.missing == "" {
				walk(child)
			}
		}
	}
	walk(c.root)
	slices.Sort(out.Constraints)
	return out
}
