package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// maxReviewDiff is the size of the largest diff that is read.
const maxReviewDiff = 64 << 20

// ReviewDiff is the diff of a pull request, by the names of files after it.
type ReviewDiff map[string]reviewedFile

// reviewedFile is a file in a diff.
type reviewedFile struct {
	old   string // its name before
	hunks []reviewedHunk
}

// reviewedHunk is the lines of a file that stand in one hunk, which follow each other.
type reviewedHunk struct {
	first int   // number of the first line
	old   []int // the number of each line before the change; 0 for a line that is added
}

// Lines that begin the diff of a file, and those of them in which names have a prefix, which
// is a letter. Without one, the first directory of a name would be taken for it.
var (
	fileOfDiff     = regexp.MustCompile(`(?m)^diff --git .`)
	prefixedInDiff = regexp.MustCompile(`(?m)^diff --git "?[a-z]/`)
)

// ParseReviewDiff reads a unified diff, as git diff prints it.
func ParseReviewDiff(r io.Reader) (ReviewDiff, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxReviewDiff+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxReviewDiff {
		return nil, fmt.Errorf("is larger than %d MiB", maxReviewDiff>>20)
	}
	files, _, err := gitdiff.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("is no unified diff: %w", err)
	}
	if len(files) == 0 && len(bytes.TrimSpace(raw)) > 0 {
		return nil, errors.New("is no unified diff: it names no file")
	}
	if len(fileOfDiff.FindAllIndex(raw, -1)) != len(prefixedInDiff.FindAllIndex(raw, -1)) {
		return nil, errors.New("names files without a/ and b/ before them: make it with git diff --default-prefix")
	}
	diff := ReviewDiff{}
	for _, f := range files {
		if f.NewName == "" { // deleted
			continue
		}
		file := reviewedFile{old: f.OldName}
		if f.IsNew { // services want a name before it all the same
			file.old = f.NewName
		}
		for _, fragment := range f.TextFragments {
			hunk, old := reviewedHunk{first: int(fragment.NewPosition)}, int(fragment.OldPosition)
			for _, line := range fragment.Lines {
				switch line.Op {
				case gitdiff.OpContext:
					hunk.old = append(hunk.old, old)
					old++
				case gitdiff.OpDelete:
					old++
				case gitdiff.OpAdd:
					hunk.old = append(hunk.old, 0)
				}
			}
			file.hunks = append(file.hunks, hunk)
		}
		diff[f.NewName] = file
	}
	return diff, nil
}

// has reports whether lines of a file, from the first to the last, stand in one hunk.
func (d ReviewDiff) has(file string, first, last int) bool {
	for _, h := range d[file].hunks {
		if h.first <= first && first <= last && last < h.first+len(h.old) {
			return true
		}
	}
	return false
}

// before is the name of a file before the change, and the number of a line of it that the
// diff has; 0 for a line that is added.
func (d ReviewDiff) before(file string, line int) (name string, old int) {
	for _, h := range d[file].hunks {
		if i := line - h.first; i >= 0 && i < len(h.old) {
			old = h.old[i]
		}
	}
	return d[file].old, old
}
