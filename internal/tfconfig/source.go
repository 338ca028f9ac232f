package tfconfig

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of a configuration, far above real ones.
const (
	maxFileSize    = 8 << 20
	maxTotalSize   = 64 << 20
	maxFiles       = 20000
	maxModules     = 5000
	maxModuleDepth = 32
)

// Configuration is a parsed root module with all modules that could be found.
// It is immutable after loading and safe for concurrent use.
type Configuration struct {
	root *module
	// names are the attributes that any expression may use of a resource; see
	// Evaluator.instanceObject.
	names map[string]struct{}
	// dir is the directory of the root module, within which functions may read files;
	// empty for a packed configuration.
	dir string
	// workspace is the one for which a saved plan was made; empty where it is not known.
	workspace string
	open      bool // see [Configuration.Open]
	// tofu is the configuration as OpenTofu reads it, where it has files that only
	// OpenTofu reads; tofuErr is the error where OpenTofu cannot read it.
	tofu    *Configuration
	tofuErr error
	// other is the configuration as OpenTofu reads it, where it is not known which
	// program reads it.
	other *Configuration
	// locks are the versions of providers in the dependency lock file, by full name.
	locks map[string]string
}

// sourceFile is one configuration file; name is relative to the root module.
type sourceFile struct {
	name string
	data []byte
}

// findModule finds the files of one module. The directory tells modules apart; the
// reason is empty where the module was found.
type findModule func(path []string, call *block, parentDir string) (dir string, files []sourceFile, reason string, err error)

// directories finds modules by their directories.
type directories struct {
	installed    map[string]installedModule // by module path
	notInstalled string                     // the reason for another module, with a verb for its source
	read         func(dir string) (files []sourceFile, reason string, err error)
}

func (d *directories) find(modulePath []string, call *block, parentDir string) (dir string, files []sourceFile, reason string, err error) {
	dir = "."
	if len(modulePath) > 0 {
		source := call.source()
		installed, ok := d.installed[strings.Join(modulePath, ".")]
		switch {
		case isLocal(source):
			dir = path.Join(parentDir, source)
		case ok:
			if reason := installed.outdated(call); reason != "" {
				return "", nil, reason, nil
			}
			dir = installed.dir
		case source == "":
			return "", nil, "its source is not a literal", nil
		default:
			return "", nil, fmt.Sprintf(d.notInstalled, source), nil
		}
	}
	files, reason, err = d.read(dir)
	return dir, files, reason, err
}

func isLocal(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}

// LoadDir reads the configuration whose root module is the directory dir: its files,
// child modules with a relative source, and other modules where terraform init put
// them, by modules.json. References into a module that cannot be found, or that is not
// installed as it is called, are unresolved; a file that cannot be parsed is an error
// with file and line.
func LoadDir(dir string) (*Configuration, error) { return LoadWith(dir, LoadOptions{}) }

// LoadOptions are what [LoadWith] depends on besides the directory.
type LoadOptions struct {
	// DataDir is the value of TF_DATA_DIR; empty for .terraform.
	DataDir string
	// Edited are other contents of some files, by their names relative to the root module.
	Edited map[string][]byte
}

// LoadWith reads the configuration as [LoadDir] does.
func LoadWith(dir string, opts LoadOptions) (*Configuration, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("configuration: %s is not a directory", dir)
	}
	installed, err := readInstalled(dir, opts.DataDir)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	files := &diskFiles{root: dir, edited: opts.Edited, read: map[string][]sourceFile{}}
	finder := directories{installed, "its source %q is not installed; run terraform init", files.of}
	c, err := load(finder.find, maxTokens)
	if err != nil {
		return nil, err
	}
	if c.locks, err = readLocks(dir); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	c.dir = dir
	if c.tofu != nil {
		c.tofu.dir, c.tofu.locks = dir, c.locks
	}
	return c, nil
}

// diskFiles reads the configuration files of directories, each directory once.
type diskFiles struct {
	root   string
	edited map[string][]byte
	read   map[string][]sourceFile
	files  int
	bytes  int64
}

func (f *diskFiles) of(dir string) (files []sourceFile, reason string, err error) {
	if files, ok := f.read[dir]; ok {
		return files, "", nil
	}
	full := filepath.FromSlash(dir)
	if !filepath.IsAbs(full) {
		full = filepath.Join(f.root, full)
	}
	entries, err := os.ReadDir(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Sprintf("directory %s does not exist", dir), nil
	case err != nil:
		return nil, "", err
	}
	for _, e := range entries {
		if e.IsDir() || !isConfigFile(e.Name()) {
			continue
		}
		name := path.Join(dir, e.Name())
		data, err := readRegular(filepath.Join(full, e.Name()), name)
		if err != nil {
			return nil, "", err
		}
		if edited, ok := f.edited[name]; ok {
			data = edited
		}
		f.files++
		f.bytes += int64(len(data))
		if f.files > maxFiles || f.bytes > maxTotalSize {
			return nil, "", fmt.Errorf("%s: configuration has more than %d files or %d bytes", name, maxFiles, maxTotalSize)
		}
		files = append(files, sourceFile{name: name, data: data})
	}
	f.read[dir] = files
	return files, "", nil
}

// readRegular reads a regular file, which is called name in errors. Opening a pipe might
// wait for ever.
func readRegular(file, name string) ([]byte, error) {
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a regular file")
	}
	var r *os.File
	if err == nil {
		r, err = os.Open(file)
	}
	if err != nil {
		var bare *fs.PathError
		if errors.As(err, &bare) {
			err = bare.Err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	return readLimited(r, name)
}

func readLimited(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("%s: more than %d MiB", name, maxFileSize>>20)
	}
	return data, nil
}

// isConfigFile follows Terraform's rules for the files of a module, with those
// of OpenTofu beside them.
func isConfigFile(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") {
		return false
	}
	return extension(name) != ""
}

func extension(name string) string {
	for _, ext := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(name, ext) {
			return ext
		}
	}
	return ""
}

func isJSON(name string) bool { return strings.HasSuffix(name, ".json") }

func isOverride(name string) bool {
	base := strings.TrimSuffix(path.Base(name), extension(name))
	return base == "override" || strings.HasSuffix(base, "_override")
}

type loader struct {
	find    findModule
	program Program
	tofu    bool // files that only OpenTofu reads were found
	cfg     *Configuration
	parsed  map[string]*moduleSource
	modules int
	budget  budget
	broken  error // what cannot be parsed, of all modules
}

func (l *loader) module(parent *module, modulePath []string, dir string, files []sourceFile) (*module, error) {
	// Module calls may share a directory: parse it once.
	src, ok := l.parsed[dir]
	if !ok {
		var err error
		if src, err = parseModule(files, l.cfg.names, &l.budget); err != nil {
			return nil, err
		}
		l.parsed[dir] = src
		l.broken = errors.Join(l.broken, src.broken)
	}
	m := &module{moduleSource: src, parent: parent, path: modulePath, dir: dir, children: map[string]*module{}}
	for _, name := range slices.Sorted(maps.Keys(src.calls)) {
		child, err := l.child(m, dir, name)
		if err != nil {
			return nil, err
		}
		m.children[name] = child
	}
	return m, nil
}

func (l *loader) child(parent *module, parentDir, name string) (*module, error) {
	p := append(append([]string{}, parent.path...), name)
	l.modules++
	if len(p) > maxModuleDepth || l.modules > maxModules {
		return &module{path: p, missing: "modules nest too deeply or are too many"}, nil
	}
	call := parent.calls[name]
	dir, files, reason, err := l.find(p, call, parentDir)
	if err != nil {
		return nil, err
	}
	local := isLocal(call.source())
	for m := parent; m != nil && reason == ""; m = m.parent {
		if local && m.dir == dir {
			reason = "the module calls itself, or one that calls it"
		}
	}
	if reason != "" {
		return &module{path: p, missing: reason, refused: local}, nil
	}
	return l.module(parent, p, dir, l.files(files))
}
