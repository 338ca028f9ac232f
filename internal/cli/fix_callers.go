package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// mostFiles bounds the files and directories of a repository in which callers are looked for.
const mostFiles = 100_000

// callers finds who calls a module, in the repository of git that holds a directory; in the
// directory alone where there is none, or one that is too large.
type callers struct {
	dir     string // of --config
	program tfconfig.Program
	limit   int    // of files and directories in the repository
	top     string // empty until it was looked for
	found   tfconfig.Directories
	tooBig  bool
}

// of are the directories that call a module of a root module, or the root module; all are
// relative to its directory.
func (c *callers) of(root, module string) ([]string, error) {
	if c.top == "" {
		if err := c.find(); err != nil {
			return nil, err
		}
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	within, err := filepath.Rel(c.top, root)
	if err != nil {
		return nil, err
	}
	list := c.found.CallersBeside(filepath.ToSlash(within), filepath.ToSlash(filepath.Join(within, module)))
	for i, caller := range list {
		if list[i], err = filepath.Rel(root, filepath.Join(c.top, caller)); err != nil {
			return nil, err
		}
		list[i] = filepath.ToSlash(list[i])
	}
	return list, nil
}

func (c *callers) find() (err error) {
	here, err := filepath.Abs(c.dir)
	if err != nil {
		return err
	}
	c.top = topOf(here)
	c.found, err = tfconfig.FindDirectories(c.top, c.program, dataDir(), c.limit)
	if errors.Is(err, tfconfig.ErrTooManyFiles) {
		c.top, c.tooBig = here, true
		c.found, err = tfconfig.FindDirectories(c.top, c.program, dataDir(), 0)
	}
	return err
}

// topOf is the uppermost directory of the repository of git in which a directory is, else the
// directory.
func topOf(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}
