package tfwrite

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Set is the files of one configuration.
type Set struct {
	Files []File // sorted by name
	// Variables are the names of the variables that have no value yet, in their order.
	Variables []string
	// decided are the ids of blocks that a comment tells to leave out where they are one
	// too many, with those of the blocks which they serve: where one of these is there, it
	// was decided before.
	decided map[string][]string
	// Notes are lines for people: which caches were left out, and why.
	Notes []string
}

// File is a file of a set.
type File struct {
	Name    string // without a directory
	Content []byte
}

// Manner says what is done with files that are there.
type Manner int

// The manners of writing.
const (
	Refuse  Manner = iota // nothing is written
	Add                   // blocks are added that no file of the directory has; what is there stays as it is
	Replace               // the files are replaced, unless a resource would be lost
)

// Write writes all files of the set into a directory, which is made where there is none, or
// writes nothing. An error names what stands in the way.
func (s *Set) Write(dir string, manner Manner) error {
	if len(s.Files) == 0 {
		return errors.New("there is nothing to write")
	}
	err := os.Mkdir(dir, 0o777)
	made := err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("cannot make the directory %s: %w", dir, cause(err))
	}
	if err := s.into(dir, manner); err != nil {
		if made {
			_ = os.Remove(dir) // holds nothing, else it stays
		}
		return err
	}
	return nil
}

// into writes the files into a directory that is there.
func (s *Set) into(dir string, manner Manner) error {
	if err := s.check(dir, manner); err != nil {
		return err
	}
	switch manner {
	case Add:
		if err := s.complete(dir); err != nil {
			return err
		}
	case Replace:
		if err := s.keepsAll(dir); err != nil {
			return err
		}
	}
	force := manner != Refuse
	// Terraform reads no file in a directory below, whose renames stay on one file system.
	work, err := os.MkdirTemp(dir, ".redisbaseline-*")
	if err != nil {
		return fmt.Errorf("cannot write into %s: %w", dir, cause(err))
	}
	for _, f := range s.Files {
		if err := writeFile(filepath.Join(work, f.Name), f.Content); err != nil {
			_ = os.RemoveAll(work) // the first error is the one to report
			return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, f.Name), cause(err))
		}
	}
	if err := s.place(work, dir, force); err != nil {
		return err
	}
	if manner == Replace {
		if err := s.keepReplaced(work, dir); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(work); err != nil {
		return fmt.Errorf("everything is written, but %s is left behind: %w", work, cause(err))
	}
	return nil
}

// place moves the files of the set from one directory into another, where it takes away
// those with their names; after an error everything is in its place again, and the first
// directory is gone unless something stays in it.
func (s *Set) place(work, dir string, force bool) error {
	var done []*placed
	for _, f := range s.Files {
		p := &placed{target: filepath.Join(dir, f.Name), replaced: filepath.Join(work, f.Name+ReplacedSuffix)}
		done = append(done, p)
		if err := p.place(filepath.Join(work, f.Name), force); err != nil {
			err = fmt.Errorf("cannot write %s, so that nothing is written: %w", p.target, cause(err))
			if lost := undo(done); lost != nil {
				return fmt.Errorf("%w; and what was there before stays in %s: %w", err, work, lost)
			}
			_ = os.RemoveAll(work) // holds copies of the set only
			return err
		}
	}
	return nil
}

// ReplacedSuffix ends the name of a copy of a file that was replaced.
const ReplacedSuffix = ".replaced"

// keepReplaced leaves beside each file the text that it had, where that is another one; it
// may hold changes by hand. Terraform does not read it.
func (s *Set) keepReplaced(work, dir string) error {
	for _, f := range s.Files {
		replaced := filepath.Join(work, f.Name+ReplacedSuffix)
		text, err := os.ReadFile(replaced)
		if errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(text, f.Content) {
			continue
		}
		copied := filepath.Join(dir, f.Name+ReplacedSuffix)
		if err == nil {
			err = os.Rename(replaced, copied)
		}
		if err != nil {
			return fmt.Errorf("everything is written, but what %s held before stays in %s: %w", f.Name, work, cause(err))
		}
		s.Notes = append(s.Notes, f.Name+" was another text than what is written now, which may be changes by hand: it is kept as "+copied)
	}
	return nil
}

// check refuses directories and files before anything is written.
func (s *Set) check(dir string, manner Manner) error {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("cannot use the directory %s: %w", dir, cause(err))
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	}
	var there []string
	for _, f := range s.Files {
		path := filepath.Join(dir, f.Name)
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("cannot write %s: %w", path, cause(err))
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("cannot write %s: it is a symbolic link", path)
		case !info.Mode().IsRegular():
			return fmt.Errorf("cannot write %s: it is not a regular file", path)
		case manner == Refuse:
			there = append(there, f.Name)
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("%s already has %s: choose another directory, or give --add to add what they lack, "+
			"or --force to replace them with all that was changed in them", dir, strings.Join(there, ", "))
	}
	return nil
}

// placed is a file that gets its name in the directory.
type placed struct {
	target   string
	replaced string // where the file is that had the name before
	hadOne   bool
	isThere  bool
}

// place gives a file its name. Without force, a file that came there meanwhile is an
// error.
func (p *placed) place(from string, force bool) error {
	switch err := os.Rename(p.target, p.replaced); {
	case err == nil && !force:
		p.hadOne = true
		return fs.ErrExist
	case err == nil:
		p.hadOne = true
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.Rename(from, p.target); err != nil {
		return err
	}
	p.isThere = true
	return nil
}

// undo takes files away again and puts back those that they replaced.
func undo(done []*placed) error {
	var lost []error
	for _, p := range done {
		var err error
		switch {
		case p.hadOne:
			err = os.Rename(p.replaced, p.target)
		case p.isThere:
			err = os.Remove(p.target)
		}
		lost = append(lost, err)
	}
	return errors.Join(lost...)
}

func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if syncErr := f.Sync(); err == nil {
		err = syncErr
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// cause is an error of the file system without the operation and the path.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	default:
		return err
	}
}
