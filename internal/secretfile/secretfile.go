package secretfile

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Most is the size in bytes of a file that is read at most; a chain of
// certificates with its key is far smaller.
const Most = 1 << 20

var errNotRegular = errors.New("is not a regular file")

// Read returns the content of a regular file, or of one that a link leads to.
// Devices and pipes, which may have no end or never answer, are not opened.
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
	// The name may lead to another file by now.
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
