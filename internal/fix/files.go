package fix

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// File is a file of a configuration that changes.
type File struct {
	Name          string // relative to the root module, with forward slashes
	Before, After []byte
	// Shown are the changes that a diff shows, which may be fewer, of lines of the file as it is.
	Shown []report.Lines
}

// Files are the files that change.
type Files []File

// Check refuses files that cannot be replaced safely: one that is not as it was read, that is
// no regular file or lies behind a symbolic link.
func (files Files) Check(dir string) error {
	for _, f := range files {
		if err := f.check(dir); err != nil {
			return err
		}
	}
	return nil
}

// Write writes all files of the configuration in a directory, or none. Each one is replaced
// by a complete one. A file is refused that [Files.Check] refuses, and, unless forced, one
// that git shows as changed. The note tells where git was not asked.
func (files Files) Write(dir string, force bool) (note string, err error) {
	if err := files.Check(dir); err != nil {
		return "", err
	}
	if !force && len(files) > 0 {
		if note, err = files.unchanged(dir); err != nil {
			return "", err
		}
	}
	var made []string // temporary files, in the order of the files
	defer func() {
		for _, name := range made {
			_ = os.Remove(name) // those that were renamed are gone
		}
	}()
	for _, f := range files {
		name, err := f.prepare(dir)
		if name != "" {
			made = append(made, name)
		}
		if err != nil {
			return "", err
		}
	}
	for i, f := range files {
		if err := os.Rename(made[i], f.in(dir)); err != nil {
			for _, done := range files[:i] { // back to what was there
				if undo, undoErr := (File{Name: done.Name, Before: done.After, After: done.Before}).prepare(dir); undoErr == nil {
					err = errors.Join(err, os.Rename(undo, done.in(dir)))
				}
			}
			return "", err
		}
	}
	return note, nil
}

func (f File) in(dir string) string { return filepath.Join(dir, filepath.FromSlash(f.Name)) }

// check refuses a file that cannot be replaced safely.
func (f File) check(dir string) error {
	if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
		return fmt.Errorf("%s is outside the directory of the root module", f.Name)
	}
	at := dir
	steps := strings.Split(path.Clean(f.Name), "/")
	for i, step := range steps {
		at = filepath.Join(at, step)
		info, err := os.Lstat(at)
		switch {
		case err != nil:
			return err
		case info.Mode()&os.ModeSymlink != 0:
			return fmt.Errorf("%s is a symbolic link", at)
		case i == len(steps)-1 && !info.Mode().IsRegular():
			return fmt.Errorf("%s is no regular file", at)
		}
	}
	data, err := os.ReadFile(at)
	if err == nil && !bytes.Equal(data, f.Before) {
		err = fmt.Errorf("%s changed while it was judged", at)
	}
	return err
}

// prepare writes the new content into a temporary file beside the old one, with its mode.
func (f File) prepare(dir string) (name string, err error) {
	target := f.in(dir)
	info, err := os.Stat(target)
	if err != nil {
		return "", err
	}
	temporary, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*.tmp")
	if err != nil {
		return "", err
	}
	_, err = temporary.Write(f.After)
	err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Sync(), temporary.Close())
	return temporary.Name(), err
}

// unchanged refuses files that git shows as changed, or does not track. Without git, or outside a repository,
// it returns a note.
func (files Files) unchanged(dir string) (note string, err error) {
	git := func(arguments ...string) ([]byte, error) {
		arguments = append([]string{"-C", dir, "-c", "core.fsmonitor=false", "--no-optional-locks"}, append(arguments, "-z", "--")...)
		for _, f := range files {
			arguments = append(arguments, ":(literal)"+f.Name)
		}
		return exec.Command("git", arguments...).Output()
	}
	out, err := git("status", "--porcelain", "--untracked-files=all")
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed) && !bytes.Contains(failed.Stderr, []byte("not a git repository")):
		return "", fmt.Errorf("git status: %s", bytes.TrimSpace(failed.Stderr))
	case err != nil:
		note = "whether the files had other changes is not known: the directory is no git repository, or git is not there"
		return note, nil //nolint:nilerr // the note says so
	case len(out) > 0:
		var changed []string
		for _, entry := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
			changed = append(changed, entry[min(3, len(entry)):])
		}
		return "", fmt.Errorf("git shows changes in %s that are not committed (--force writes all the same)", strings.Join(changed, ", "))
	}
	if out, err = git("ls-files"); err != nil {
		return "", fmt.Errorf("git ls-files: %w", err)
	}
	tracked := strings.Split(string(out), "\x00")
	for _, f := range files { // git status does not show those that are ignored
		if !slices.Contains(tracked, path.Clean(f.Name)) {
			return "", fmt.Errorf("git does not track %s, which it ignores (--force writes all the same)", f.Name)
		}
	}
	return "", nil
}
