package tfconfig

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
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
	// Broken are directories that cannot be read, or that hold files which cannot be
	// parsed and that no other directory calls.
	Broken []BrokenDirectory

	callers map[string][]string // of each directory that is called
}

// CallersBeside are the directories that call a module, directly or through others, and that
// a root module does not call. They are sorted.
func (d Directories) CallersBeside(root, module string) (out []string) {
	for at := range d.callersOf(root, module) {
		if at != root && !d.callersOf(root, at)[root] {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return out
}

// callersOf are the directories that call a module, directly or through others; whoever calls
// the root module is none of them, unless it is the module.
func (d Directories) callersOf(root, module string) map[string]bool {
	out := map[string]bool{}
	var visit func(at string)
	visit = func(at string) {
		for _, caller := range d.callers[at] {
			if !out[caller] {
				out[caller] = true
				if caller != root {
					visit(caller)
				}
			}
		}
	}
	visit(module)
	return out
}

// BrokenDirectory is a directory with the reason why it cannot be read.
type BrokenDirectory struct {
	Dir string
	Err error
}

// ErrTooManyFiles is the error about a directory that holds more files than are looked at.
var ErrTooManyFiles = errors.New("it holds too many files")

// FindDirectories looks for configuration in a directory and below it, given the value of
// TF_DATA_DIR. Directories whose name begins with a dot, and those in which Terraform keeps
// its data, are left out; symbolic links are not followed. Where there are more files and
// directories than a limit, it returns [ErrTooManyFiles]; 0 is no limit.
func FindDirectories(dir string, program Program, dataDir string, limit int) (Directories, error) {
	var found []string
	visited := 0
	broken := map[string]error{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		at, relErr := filepath.Rel(dir, name)
		at = filepath.ToSlash(at)
		visited++
		switch {
		case limit > 0 && visited > limit:
			return ErrTooManyFiles
		case relErr != nil, err != nil && name == dir:
			return cmp.Or(relErr, err)
		case err != nil:
			broken[at] = err
		case d.IsDir() && name != dir && (strings.HasPrefix(d.Name(), ".") || isDataDir(name, dataDir)):
			return filepath.SkipDir
		case !d.IsDir() && isConfigFile(d.Name()):
			found = append(found, path.Dir(at))
		}
		return nil
	})
	if err != nil {
		return Directories{}, err
	}
	slices.Sort(found)
	found = slices.Compact(found)
	callers, rooted := map[string][]string{}, map[string]bool{}
	for _, at := range found {
		m, err := parseDirectory(dir, at, program)
		if m == nil && err == nil { // only files for another program
			continue
		}
		if err != nil {
			broken[at] = err
			continue
		}
		for _, call := range m.calls {
			if source := call.source(); isLocal(source) {
				module := path.Join(at, source)
				callers[module] = append(callers[module], at)
			}
		}
		if m.broken != nil {
			broken[at] = m.broken
		}
		rooted[at] = len(m.providers) > 0 || m.backend != nil || isThere(filepath.Join(dir, at, LockFile)) ||
			dataDirIsThere(filepath.Join(dir, at), dataDir)
	}
	out := Directories{callers: callers}
	for _, at := range found {
		switch _, read := rooted[at]; {
		case len(callers[at]) > 0:
			out.Called = append(out.Called, at)
			delete(broken, at) // whoever calls it is
		case !read, broken[at] != nil:
		case rooted[at]:
			out.Roots = append(out.Roots, at)
		default:
			out.Uncalled = append(out.Uncalled, at)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(broken)) {
		out.Broken = append(out.Broken, BrokenDirectory{at, broken[at]})
	}
	return out, nil
}

// parseDirectory parses the configuration files of a directory; it returns nil where the
// program reads none of them.
func parseDirectory(dir, at string, program Program) (*moduleSource, error) {
	files := &diskFiles{root: dir, read: map[string][]sourceFile{}}
	here, _, err := files.of(at)
	if here = (&loader{program: program}).files(here); err != nil || len(here) == 0 {
		return nil, err
	}
	return parseModule(here, map[string]struct{}{}, &budget{limit: maxTokens})
}

// isDataDir reports whether a directory is the one that TF_DATA_DIR names, of whatever root
// module.
func isDataDir(name, dataDir string) bool {
	if filepath.IsAbs(dataDir) {
		full, err := filepath.Abs(name)
		return err == nil && full == filepath.Clean(dataDir)
	}
	return dataDir != "" && strings.HasSuffix(string(filepath.Separator)+name, string(filepath.Separator)+filepath.Clean(dataDir))
}

// dataDirIsThere reports whether Terraform was initialized in a directory; an absolute
// TF_DATA_DIR does not tell of which one it holds data.
func dataDirIsThere(dir, dataDir string) bool {
	return isThere(filepath.Join(dir, ".terraform")) || dataDir != "" && !filepath.IsAbs(dataDir) && isThere(filepath.Join(dir, dataDir))
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
