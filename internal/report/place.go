package report

import (
	"path"
	"path/filepath"
	"strings"
)

// stdin is how an input that is no file is called.
const stdin = "-"

// inputFile is the file a cache was read from, with forward slashes, or "" when
// it did not come from a file.
func inputFile(header Report, c Cache) string {
	in := c.Input
	if in == "" && len(header.Source.Inputs) == 1 {
		in = header.Source.Inputs[0]
	}
	if in == "" || in == stdin || header.Source.Kind == SourceExisting {
		return ""
	}
	return strings.TrimPrefix(path.Clean(filepath.ToSlash(in)), "./")
}

// String writes a position as editors and terminals follow it.
func (p Position) String() string { return p.File + ":" + itoa(p.Line) }

// place is where services show a finding: the line of the configuration, else
// the first of the plan; without a file where there is neither.
func place(header Report, c Cache, f Finding) Position {
	if f.Position != nil {
		return *f.Position
	}
	return Position{File: inputFile(header, c), Line: 1}
}
