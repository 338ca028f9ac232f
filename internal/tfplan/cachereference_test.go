package tfplan_test

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfplan"
)

// TestReferences holds what a migration is told to the truth: each archive of
// testdata/references has a configuration and the plan that the real Terraform made of
// it. source.txt has, checked by hand, what the plan shows with the configuration, and
// alone.txt what plan JSON shows alone: links, roles, references and doubts of each cache.
func TestReferences(t *testing.T) {
	files, err := filepath.Glob("testdata/references/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatalf("found %d archives, %v", len(files), err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := txtar.Write(archive, dir); err != nil {
			t.Fatal(err)
		}
		config, err := tfconfig.LoadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, config := range map[string]*tfconfig.Configuration{"source.txt": config, "alone.txt": nil} {
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				got := shownMigration(t, filepath.Join(dir, "plan.json"), tfplan.Options{Configuration: config, Migration: true})
				if *update {
					put(archive, name, got)
					return
				}
				want, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(string(want), got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func put(archive *txtar.Archive, name, text string) {
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		archive.Files = slices.Insert(archive.Files, 0, txtar.File{Name: name})
		i = 0
	}
	archive.Files[i].Data = []byte(text)
}

// shownMigration writes what a plan says of the migration of each cache.
func shownMigration(t *testing.T, file string, opts tfplan.Options) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := tfplan.Read(t.Context(), f, opts)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for c := range p.Caches() {
		c := c.After
		fmt.Fprintf(&out, "%s\n", c.Address)
		for _, r := range c.References.Items {
			place := ""
			if r.Position.File != "" {
				place = fmt.Sprintf(" (%s:%d)", filepath.ToSlash(r.Position.File), r.Position.Line)
			}
			fmt.Fprintf(&out, "  %s: %s = %s%s\n", r.Consumer, r.Argument, r.Attribute, place)
		}
		shownDoubts(&out, c.References.Doubts, "references", c.References.Observed)
		for _, l := range c.Links.Items {
			fmt.Fprintf(&out, "  link %s: %s %s primary %s\n", l.Address, cmp.Or(l.OtherAddress, "?"), shownText(l.Other), shownText(l.Primary))
		}
		shownDoubts(&out, c.Links.Doubts, "links", c.Links.Observed)
		for _, r := range c.RoleAssignments.Items {
			fmt.Fprintf(&out, "  role %s: %s to %s\n", r.Address, shownText(r.Role), shownText(r.Principal))
		}
		shownDoubts(&out, c.RoleAssignments.Doubts, "roles", c.RoleAssignments.Observed)
	}
	return out.String()
}

// shownText is a fact in a word; of an id the last part.
func shownText[T any](v posture.Value[T]) string {
	if !v.IsKnown() {
		return "(" + map[posture.State]string{posture.StateUnset: "unset", posture.StateUnknown: "unknown"}[v.State] + ")"
	}
	text := fmt.Sprint(v.V)
	return text[strings.LastIndexByte(text, '/')+1:]
}

func shownDoubts(out *bytes.Buffer, doubts []posture.Doubt, what string, observed bool) {
	for _, d := range doubts {
		fmt.Fprintf(out, "  ? %s: %s\n", d.Address, strings.TrimSpace(d.Detail))
	}
	if !observed {
		fmt.Fprintf(out, "  … more %s may be\n", what)
	}
}
