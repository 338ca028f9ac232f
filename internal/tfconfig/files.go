package tfconfig

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Limits of files that functions read, of one evaluator.
const (
	maxDataFile     = 1 << 20  // bytes of one
	maxDataFiles    = 16 << 20 // bytes of all
	maxGlobbedFiles = 20000    // directory entries that fileset looks at
)

var (
	errNoFiles  = errors.New("files cannot be read here")
	errOutside  = errors.New("outside the configuration's directory")
	errTooLarge = errors.New("too large")
	errLink     = errors.New("a symbolic link")
)

// dataFiles reads files within the directory of the root module, never outside it.
type dataFiles struct {
	dir       string // empty where files are not at hand, as those of a saved plan
	read      map[string][]byte
	templates map[string]hclsyntax.Expression
	bytes     int
	entries   int // of directories
}

// within opens the directory, and returns a path below it in its shortest form.
func (f *dataFiles) within(name string) (*os.Root, string, error) {
	name = filepath.Clean(name)
	switch {
	case f.dir == "":
		return nil, "", errNoFiles
	case !filepath.IsLocal(name) || strings.HasPrefix(name, "~"):
		return nil, "", errOutside
	}
	root, err := os.OpenRoot(f.dir)
	return root, name, err
}

// content is the content of a regular file.
func (f *dataFiles) content(name string) ([]byte, error) {
	root, name, err := f.within(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if data, ok := f.read[name]; ok {
		return data, nil
	}
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxDataFile+1))
	switch f.bytes += len(data); {
	case err != nil:
		return nil, err
	case len(data) > maxDataFile || f.bytes > maxDataFiles:
		return nil, errTooLarge
	}
	f.read[name] = data
	return data, nil
}

func (f *dataFiles) exists(name string) (bool, error) {
	root, name, err := f.within(name)
	if err != nil {
		return false, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, errors.New("not a regular file")
	}
	return true, nil
}

// glob lists the regular files below a directory that match a pattern, relative to it.
func (f *dataFiles) glob(dir, pattern string) ([]string, error) {
	dir = path.Clean(filepath.ToSlash(dir))
	pattern = path.Join(dir, filepath.ToSlash(pattern))
	if strings.ContainsAny(dir, `*?[{\`) || !filepath.IsLocal(filepath.FromSlash(pattern)) {
		return nil, errOutside
	}
	root, _, err := f.within(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	found, err := doublestar.Glob(globbed{root.FS(), f}, pattern, doublestar.WithFailOnIOErrors())
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range found {
		info, err := root.Stat(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			if dir != "." {
				name = strings.TrimPrefix(name, dir+"/")
			}
			out = append(out, name)
		}
	}
	return out, nil
}

// globbed is a file system that counts the entries it lists, and refuses symbolic links
// among them, which patterns may follow or not.
type globbed struct {
	fs.FS
	files *dataFiles
}

// Stat does without opening the file, which may be a pipe.
func (g globbed) Stat(name string) (fs.FileInfo, error) { return fs.Stat(g.FS, name) }

// ReadDir lists a directory within the limits.
func (g globbed) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(g.FS, name)
	if g.files.entries += len(entries); g.files.entries > maxGlobbedFiles {
		return nil, errTooLarge
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			return nil, errLink
		}
	}
	return entries, err
}

// fileNames are the functions that read files.
var fileNames = []string{"file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1",
	"filesha256", "filesha512", "templatefile"}

// fileFunctions adds the functions that read files. Where a file cannot be read, their
// result is unknown.
func (e *Evaluator) fileFunctions() {
	put := func(name string, f function.Function) {
		e.functions[name] = blinded(orUnknown(f, &e.doubts), maxLeaves, e.spend)
	}
	of := func(name string, encode func([]byte) string) {
		put(name, stringFunc(func(name string) (string, error) {
			data, err := e.files.content(name)
			if err == nil && !e.spend(len(data)/16) {
				err = errTooLarge
			}
			if err != nil {
				return "", err
			}
			return encode(data), nil
		}))
	}
	of("filebase64", base64.StdEncoding.EncodeToString)
	of("filebase64sha256", func(b []byte) string { return base64.StdEncoding.EncodeToString(sum256(b)) })
	of("filebase64sha512", func(b []byte) string { return base64.StdEncoding.EncodeToString(sum512(b)) })
	of("filemd5", func(b []byte) string { return hex.EncodeToString(sumMD5(b)) })
	of("filesha1", func(b []byte) string { return hex.EncodeToString(sum1(b)) })
	of("filesha256", func(b []byte) string { return hex.EncodeToString(sum256(b)) })
	of("filesha512", func(b []byte) string { return hex.EncodeToString(sum512(b)) })
	put("file", stringFunc(func(name string) (string, error) {
		data, err := e.files.content(name)
		switch {
		case err != nil:
			return "", err
		case !utf8.Valid(data) || !e.spend(len(data)/16):
			return "", errors.New("not a text that can be read")
		}
		return string(data), nil
	}))
	put("fileexists", function.New(&function.Spec{
		Params: []function.Parameter{stringParam("path")},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			there, err := e.files.exists(args[0].AsString())
			return cty.BoolVal(there), err
		},
	}))
	put("fileset", function.New(&function.Spec{
		Params: []function.Parameter{stringParam("path"), stringParam("pattern")},
		Type:   function.StaticReturnType(cty.Set(cty.String)),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			names, err := e.files.glob(args[0].AsString(), args[1].AsString())
			if err != nil || len(names) == 0 {
				return cty.SetValEmpty(cty.String), err
			}
			out := make([]cty.Value, len(names))
			for i, name := range names {
				out[i] = cty.StringVal(name)
			}
			return cty.SetVal(out), nil
		},
	}))
}
