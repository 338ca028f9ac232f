package tfconfig

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
)

// LoadPlanFile reads the configuration that Terraform keeps in a saved plan.
func LoadPlanFile(name string) (*Configuration, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return LoadPlan(f, info.Size())
}

// LoadPlan reads the configuration in a saved plan of size bytes. It reads only
// tfconfig/, the name of the workspace from the plan itself, and not the states, which
// hold secrets. It
// refuses an archive that Terraform would not write: with names that leave the
// archive, names given twice, links, or more data than the limits.
func LoadPlan(r io.ReaderAt, size int64) (*Configuration, error) {
	z, err := openArchive(r, size)
	if err != nil {
		return nil, fmt.Errorf("configuration: not a saved plan file: %w", err)
	}
	f, err := readArchive(z)
	if err != nil {
		return nil, fmt.Errorf("configuration: saved plan: %w", err)
	}
	c, err := load(f.find, maxTokens)
	if err != nil {
		return nil, err
	}
	c.workspace = workspaceOf(z)
	if c.tofu != nil {
		c.tofu.workspace = c.workspace
	}
	return c, nil
}

// Fields of the messages in which Terraform and OpenTofu write a plan: the backend of
// the plan, and the workspace of the backend.
const (
	fieldBackend   = 13
	fieldWorkspace = 3
)

// workspaceOf returns the name of the workspace for which a plan was made; empty where
// the plan does not tell.
func workspaceOf(z *zip.Reader) string {
	f, err := z.Open("tfplan")
	if err != nil {
		return ""
	}
	defer f.Close()
	backend := protoField(io.LimitReader(f, maxPlan), fieldBackend)
	return string(protoField(bytes.NewReader(backend), fieldWorkspace))
}

// maxPlan is the largest size in bytes of a plan that is searched for its workspace.
const maxPlan = 1 << 30

// protoField returns a field with a length from a message of Protocol Buffers, the last
// of that number; empty where there is none, or the message cannot be read. It keeps
// nothing else of the message.
func protoField(message io.Reader, number uint64) (found []byte) {
	r := bufio.NewReader(message)
	for {
		tag, err := binary.ReadUvarint(r)
		if err == io.EOF {
			return found
		}
		size := uint64(0)
		switch wire := tag & 7; {
		case err != nil:
			return nil
		case wire == 0:
			_, err = binary.ReadUvarint(r)
		case wire == 1:
			size = 8
		case wire == 2:
			size, err = binary.ReadUvarint(r)
		case wire == 5:
			size = 4
		default:
			return nil
		}
		switch {
		case err != nil || size > maxPlan:
			return nil
		case tag == number<<3|2 && size <= maxFileSize:
			found = make([]byte, size)
			_, err = io.ReadFull(r, found)
		default:
			_, err = r.Discard(int(size)) //nolint:gosec // at most maxPlan
		}
		if err != nil {
			return nil
		}
	}
}

// maxDirectory is the largest size in bytes of an archive's list of entries. Opening
// an archive reads the whole list into memory.
const maxDirectory = 16 << 20

func openArchive(r io.ReaderAt, size int64) (*zip.Reader, error) {
	limited := &limitedReaderAt{ReaderAt: r, left: maxDirectory}
	z, err := zip.NewReader(limited, size)
	if limited.left < 0 {
		return nil, errDirectory
	}
	limited.left = math.MaxInt64
	return z, err
}

var errDirectory = fmt.Errorf("the list of its entries is longer than %d bytes", maxDirectory)

type limitedReaderAt struct {
	io.ReaderAt
	left int64
}

// ReadAt reads within the limit.
func (r *limitedReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if r.left -= int64(len(p)); r.left < 0 {
		return 0, errDirectory
	}
	return r.ReaderAt.ReadAt(p, off)
}

// CheckPlanFile refuses a saved plan that unpacks to more than most bytes, so
// that it can be handed to a program that unpacks it into memory. It counts the
// bytes that are unpacked, and does not trust the sizes that the archive states.
func CheckPlanFile(name string, most int64) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := openArchive(f, info.Size())
	if err != nil {
		return fmt.Errorf("not a saved plan file: %w", err)
	}
	left := most
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			return fmt.Errorf("saved plan: %s: %w", entry.Name, err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		_ = r.Close() // only read
		if left -= n; left < 0 {
			return fmt.Errorf("the saved plan unpacks to more than %d bytes", most)
		}
		if err != nil {
			return fmt.Errorf("saved plan: %s: %w", entry.Name, err)
		}
	}
	return nil
}

type planFiles struct {
	modules   map[string][]sourceFile    // module path -> files
	installed map[string]installedModule // by module path
}

func (f *planFiles) find(modulePath []string, _ *block, _ string) (string, []sourceFile, string, error) {
	key := strings.Join(modulePath, ".")
	files, ok := f.modules[key]
	if !ok {
		return "", nil, "the saved plan does not hold its source", nil
	}
	// The key tells modules apart, even where the manifest gives them one directory.
	return "m-" + key, files, "", nil
}

func readArchive(z *zip.Reader) (*planFiles, error) {
	if len(z.File) > maxFiles {
		return nil, fmt.Errorf("more than %d files", maxFiles)
	}
	f := &planFiles{modules: map[string][]sourceFile{}}
	seen := make(map[string]struct{}, len(z.File))
	var total int64
	for _, entry := range z.File {
		name := entry.Name
		if !fs.ValidPath(strings.TrimSuffix(name, "/")) || strings.Contains(name, "\\") {
			return nil, fmt.Errorf("entry %q leaves the archive", name)
		}
		if _, dup := seen[name]; dup {
			return nil, fmt.Errorf("entry %q is there twice", name)
		}
		seen[name] = struct{}{}
		if mode := entry.Mode(); !mode.IsRegular() && !mode.IsDir() {
			return nil, fmt.Errorf("entry %q is not a regular file", name)
		}
		rest, ok := strings.CutPrefix(name, "tfconfig/")
		if !ok || strings.HasSuffix(name, "/") {
			continue
		}
		dir, base := path.Split(rest)
		key, isModule := strings.CutPrefix(strings.TrimSuffix(dir, "/"), "m-")
		switch {
		case rest == "modules.json":
		case isModule && !strings.Contains(key, "/") && isConfigFile(base):
		default:
			continue
		}
		data, err := readEntry(entry)
		if err != nil {
			return nil, err
		}
		if total += int64(len(data)); total > maxTotalSize {
			return nil, fmt.Errorf("configuration has more than %d bytes", maxTotalSize)
		}
		if rest == "modules.json" {
			if f.installed, err = parseManifest(data); err != nil {
				return nil, fmt.Errorf("tfconfig/modules.json: %w", err)
			}
			continue
		}
		f.modules[key] = append(f.modules[key], sourceFile{name: base, data: data})
	}
	for key, files := range f.modules {
		for i := range files {
			files[i].name = path.Join(f.dir(key), files[i].name)
		}
	}
	return f, nil
}

// dir is the directory that a module had where the plan was made. The manifest is
// untrusted: a path that is not local must not reach a report.
func (f *planFiles) dir(key string) string {
	if key == "" {
		return "."
	}
	installed, ok := f.installed[key]
	if clean := path.Clean(installed.dir); ok && !path.IsAbs(clean) && !strings.ContainsAny(clean, "\\\x00\n") {
		return clean
	}
	return "m-" + key
}

// readEntry reads an entry, and counts its bytes instead of trusting its stated size.
func readEntry(entry *zip.File) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", entry.Name, err)
	}
	defer r.Close()
	return readLimited(r, entry.Name)
}
