package tfconfig

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
)

// Limits of a packed configuration. They are lower than those of a directory, because
// everybody who can start a run chooses what is in it.
const (
	maxSlugSource   = 16 << 20  // bytes of configuration files
	maxSlugUnpacked = 512 << 20 // bytes of everything
	maxSlugEntries  = 100000
)

// LoadSlug reads a packed configuration (a gzipped tar, as HCP Terraform keeps
// them) whose root module is the directory dir in it. Nothing is written to disk. A
// module outside the archive is missing, like one that was not installed. An archive
// is refused where a name leaves it or is given twice, where a configuration file is
// a link, or where it exceeds the limits.
func LoadSlug(r io.Reader, dir string) (*Configuration, error) {
	dir = path.Clean(strings.TrimPrefix(filepath.ToSlash(dir), "/"))
	if !filepath.IsLocal(filepath.FromSlash(dir)) {
		return nil, errors.New("configuration: the working directory lies outside the archive")
	}
	f := &packedFiles{root: dir, files: map[string][]sourceFile{}}
	if err := f.unpack(r); err != nil {
		return nil, fmt.Errorf("configuration: archive: %w", err)
	}
	finder := directories{f.installed, "source %q is not in the archive", f.of}
	return load(finder.find, maxSlugTokens)
}

// packedFiles are the configuration files of an archive by directory.
type packedFiles struct {
	root      string
	files     map[string][]sourceFile
	installed map[string]installedModule // by module path
}

func (f *packedFiles) of(dir string) (files []sourceFile, reason string, err error) {
	packed, ok := f.files[path.Join(f.root, dir)]
	if !ok || path.IsAbs(dir) {
		return nil, "its directory is not in the archive", nil
	}
	for _, file := range packed {
		files = append(files, sourceFile{name: path.Join(dir, path.Base(file.name)), data: file.data})
	}
	return files, "", nil
}

func (f *packedFiles) unpack(r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	// One byte more than the limit shows whether the archive is longer.
	limited := &io.LimitedReader{R: z, N: maxSlugUnpacked + 1}
	archive := tar.NewReader(limited)
	manifest := path.Join(f.root, ".terraform/modules/modules.json")
	seen := map[string]bool{}
	total := int64(0)
	for {
		header, err := archive.Next()
		switch {
		case limited.N <= 0:
			return fmt.Errorf("more than %d bytes unpacked", int64(maxSlugUnpacked))
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		name := path.Clean(header.Name)
		isFile := isConfigFile(path.Base(name)) || name == manifest
		switch {
		case path.IsAbs(header.Name), !filepath.IsLocal(filepath.FromSlash(name)), strings.ContainsAny(header.Name, "\\\x00"):
			return errors.New("a name leaves the archive")
		case header.Typeflag == tar.TypeDir || !isFile:
			continue
		case seen[name]:
			return fmt.Errorf("%q is there twice", name)
		case header.Typeflag != tar.TypeReg:
			return fmt.Errorf("%q is not a regular file", name)
		case len(seen) >= maxSlugEntries:
			return fmt.Errorf("more than %d files", maxSlugEntries)
		}
		seen[name] = true
		data, err := readLimited(archive, name)
		if err != nil {
			return err
		}
		if total += int64(len(data)); total > maxSlugSource {
			return fmt.Errorf("more than %d bytes of configuration", maxSlugSource)
		}
		if name == manifest {
			if f.installed, err = parseManifest(data); err != nil {
				return fmt.Errorf("modules.json: %w", err)
			}
			continue
		}
		dir := path.Dir(name)
		f.files[dir] = append(f.files[dir], sourceFile{name: name, data: data})
	}
}
