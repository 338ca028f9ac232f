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
func Read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: name, Err: errNotRegular}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// Another file may have taken the name since.
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "read", Path: name, Err: errNotRegular}
	}
	if err != nil {
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
