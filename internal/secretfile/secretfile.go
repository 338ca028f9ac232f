package secretfile

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Most is the largest size in bytes of a file that is read. A chain of
// certificates with its key is far smaller.
const Most = 1 << 20

var errNotRegular = errors.New("is not a regular file")

// Read returns the content of a regular file, also behind a symbolic link. It does
// not open devices and pipes, which may have no end or never answer.
func Read(name string) ([]byte, error) { return read(name, os.Open) }

func read(name string, open func(string) (*os.File, error)) ([]byte, error) {
	info, err := os.Stat(name)
	if err := regular(name, info, err); err != nil {
		return nil, err
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err = f.Stat() // another file may have taken the name since
	if err := regular(name, info, err); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, Most+1))
	if err == nil && len(content) > Most {
		err = &os.PathError{Op: "read", Path: name, Err: fmt.Errorf("is longer than %d bytes", Most)}
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}

// regular returns an error for what is no regular file.
func regular(name string, info os.FileInfo, err error) error {
	if err == nil && !info.Mode().IsRegular() {
		return &os.PathError{Op: "read", Path: name, Err: errNotRegular}
	}
	return err
}
