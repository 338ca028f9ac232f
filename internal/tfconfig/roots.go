package tfconfig

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Directories are the directories below one that hold configuration, with forward slashes
// and relative to it, sorted.
type Directories struct {
	// Roots are root modules: no other directory calls them as a module, and they have a
	// provider configuration, a backend, a lock file or a directory .terraform.
	Roots []string
	// Called are modules that another directory calls.
	Called []string
	// Uncalled are modules that nothing here calls.
	Uncalled []string
}

// FindDirectories looks for configuration in a directory and below it. Directories whose
// name begins with a dot are left out. A file that cannot be parsed is an error with file
// and line.
func FindDirectories(dir string) (Directories, error) {
	files := &diskFiles{root: dir, read: map[string][]sourceFile{}}
	var found []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case name != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		here, _, err := files.of(rel)
		if err == nil && len(here) > 0 {
			found = append(found, rel)
		}
		return err
	})
	if err != nil {
		return Directories{}, err
	}
	called, rooted := map[string]bool{}, map[string]bool{}
	b := budget{limit: maxTokens}
	for _, at := range found {
		m, err := parseModule(files.read[at], map[string]struct{}{}, &b)
		if err != nil {
			return Directories{}, err
		}
		for _, call := range m.calls {
			if source := call.source(); isLocal(source) {
				called[path.Join(at, source)] = true
			}
		}
		rooted[at] = len(m.providers) > 0 || m.backend || isThere(filepath.Join(dir, at, lockFile)) || isThere(filepath.Join(dir, at, ".terraform"))
	}
	var out Directories
	for _, at := range found {
		switch {
		case called[at]:
			out.Called = append(out.Called, at)
		case rooted[at]:
			out.Roots = append(out.Roots, at)
		default:
			out.Uncalled = append(out.Uncalled, at)
		}
	}
	slices.Sort(out.Roots)
	return out, nil
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
