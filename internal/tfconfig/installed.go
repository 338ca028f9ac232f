package tfconfig

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"
)

// installedModule is a module that terraform init fetched, as modules.json tells it.
type installedModule struct {
	dir     string // relative to the root module
	source  string
	version string // of a module from a registry
}

// parseManifest reads modules.json, both the bare list of saved plans and the object of a
// working directory, by the paths of module calls.
func parseManifest(data []byte) (map[string]installedModule, error) {
	type record struct{ Key, Dir, Source, Version string }
	var list []record
	if err := json.Unmarshal(data, &list); err != nil {
		var wrapped struct{ Modules []record }
		if err := json.Unmarshal(data, &wrapped); err != nil {
			return nil, fmt.Errorf("not a module manifest")
		}
		list = wrapped.Modules
	}
	modules := make(map[string]installedModule, len(list))
	for _, r := range list {
		modules[r.Key] = installedModule{filepath.ToSlash(r.Dir), r.Source, r.Version}
	}
	return modules, nil
}

// readInstalled reads the manifest of the modules that are installed for a root module; none
// where there is no such file.
func readInstalled(dir, dataDir string) (map[string]installedModule, error) {
	name := path.Join(filepath.ToSlash(cmp.Or(dataDir, ".terraform")), "modules", "modules.json")
	data, err := readRegular(filepath.Join(inDataDir(dir, dataDir), "modules", "modules.json"), name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	modules, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return modules, nil
}

// outdated is the reason why Terraform would not take an installed module for a call, whose
// source or version was changed since; empty where it would.
func (i installedModule) outdated(call *block) string {
	const again = "; run terraform init"
	source := call.source()
	if i.source != "" && source != "" && canonicalSource(i.source) != canonicalSource(source) {
		return fmt.Sprintf("its source %q is not the one that is installed%s", source, again)
	}
	a := call.bodies.attribute("version")
	if a == nil {
		return ""
	}
	text, ok := literal(a.Expr)
	if !ok {
		return "its version is not a literal"
	}
	wanted, err := version.NewConstraint(text)
	if err != nil {
		return fmt.Sprintf("its version %q is no version constraint", text)
	}
	if v, err := version.NewVersion(i.version); err != nil || !wanted.Check(v) {
		return fmt.Sprintf("its source %q is installed in version %s, which %q does not allow%s",
			source, cmp.Or(i.version, "unknown"), text, again)
	}
	return ""
}

var (
	getter = regexp.MustCompile(`^[A-Za-z0-9]+::`)
	scp    = regexp.MustCompile(`^(?:[^/@]+@)?([^/:]+):([^/].*)$`)
	user   = regexp.MustCompile(`^[^/@]+@`)
	suffix = regexp.MustCompile(`\.git(/|\?|$)`)
)

// canonicalSource is one spelling of the source of a module for all under which Terraform
// and its manifest write it: the public registry is named or not, and a repository has a
// scheme and a suffix or not.
func canonicalSource(source string) string {
	source = getter.ReplaceAllString(source, "")
	if _, rest, ok := strings.Cut(source, "://"); ok {
		source = user.ReplaceAllString(rest, "")
	} else if m := scp.FindStringSubmatch(source); m != nil {
		source = m[1] + "/" + m[2]
	}
	source = suffix.ReplaceAllString(source, "$1")
	address, query, _ := strings.Cut(source, "?")
	address = path.Clean(address)
	for _, registry := range []string{"registry.terraform.io/", "registry.opentofu.org/"} {
		address = strings.TrimPrefix(address, registry)
	}
	return address + "?" + query
}

// inDataDir is the directory in which Terraform keeps data about a root module: that of
// TF_DATA_DIR, which is relative to it, or .terraform.
func inDataDir(dir, dataDir string) string {
	dataDir = filepath.FromSlash(cmp.Or(dataDir, ".terraform"))
	if filepath.IsAbs(dataDir) {
		return dataDir
	}
	return filepath.Join(dir, dataDir)
}
