package tfwrite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// complete leaves of the set what the configuration in a directory lacks: of a file that is
// there, its text and the blocks that are added.
func (s *Set) complete(dir string) error {
	known, err := blocksIn(dir)
	if err != nil {
		return err
	}
	var files []File
	for _, f := range s.Files {
		path := filepath.Join(dir, f.Name)
		there, err := os.ReadFile(path)
		isNew := os.IsNotExist(err)
		if err != nil && !isNew {
			return fmt.Errorf("cannot read %s: %w", path, cause(err))
		}
		parsed, diagnostics := hclwrite.ParseConfig(f.Content, f.Name, hcl.InitialPos)
		if diagnostics.HasErrors() {
			return fmt.Errorf("cannot write %s: %w", path, diagnostics)
		}
		added := 0
		for _, b := range parsed.Body().Blocks() {
			switch {
			case known[blockID(b)] != "", s.wasLeftOut(blockID(b), known):
				parsed.Body().RemoveBlock(b)
			case isNew:
				added++
			default:
				added++
				there = append(append(there, '\n'), b.BuildTokens(nil).Bytes()...)
			}
		}
		switch {
		case added == 0: // the directory has all of it
		case isNew:
			files = append(files, File{f.Name, hclwrite.Format(parsed.Bytes())})
		default:
			files = append(files, File{f.Name, there})
		}
	}
	s.Files = files
	return nil
}

// wasLeftOut reports whether somebody took a block away that may be one too many: what it
// serves is known, and was written together with it.
func (s *Set) wasLeftOut(id string, known map[string]string) bool {
	return slices.ContainsFunc(s.decided[id], func(served string) bool { return known[served] != "" })
}

// keepsAll refuses to replace files that declare what the set does not.
func (s *Set) keepsAll(dir string) error {
	made := map[string]bool{}
	for _, f := range s.Files {
		blocks, err := blocksOf(f.Content, f.Name)
		if err != nil {
			return err
		}
		for _, id := range blocks {
			made[id] = true
		}
	}
	for _, f := range s.Files {
		path := filepath.Join(dir, f.Name)
		there, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", path, cause(err))
		}
		blocks, err := blocksOf(there, path)
		if err != nil {
			return err
		}
		for _, id := range blocks {
			if strings.HasPrefix(id, "resource ") && !made[id] {
				return fmt.Errorf("%s declares %s, which would be lost, so that the next plan destroys it: give --add instead, "+
					"or move it into a file of its own", path, strings.ReplaceAll(strings.TrimPrefix(id, "resource "), " ", "."))
			}
		}
	}
	return nil
}

// blocksIn are the blocks of the configuration in a directory, with the file of each.
func blocksIn(dir string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", path, cause(err))
		}
		blocks, err := blocksOf(text, path)
		if err != nil {
			return nil, err
		}
		for _, id := range blocks {
			known[id] = path
		}
	}
	return known, nil
}

// blocksOf are the blocks with labels of a file.
func blocksOf(text []byte, path string) (ids []string, err error) {
	f, diagnostics := hclwrite.ParseConfig(text, path, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil, fmt.Errorf("cannot read %s: %w", path, diagnostics)
	}
	for _, b := range f.Body().Blocks() {
		if len(b.Labels()) > 0 {
			ids = append(ids, blockID(b))
		}
	}
	return ids, nil
}

// blockID is what no other block of a configuration may have: the type and the labels.
func blockID(b *hclwrite.Block) string {
	return strings.Join(slices.Concat([]string{b.Type()}, b.Labels()), " ")
}
