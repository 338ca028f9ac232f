package report

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
)

const sampleDiff = `diff --git a/infra/main.tf b/infra/main.tf
index 1111111..2222222 100644
--- a/infra/main.tf
+++ b/infra/main.tf
@@ -3,3 +3,4 @@ resource "azurerm_redis_cache" "a" {
 three
-four
+FOUR
+five
 six
@@ -20 +21,2 @@
 twenty
+more
diff --git a/old name.tf b/new name.tf
similarity index 90%
rename from old name.tf
rename to new name.tf
--- a/old name.tf	
+++ b/new name.tf	
@@ -1,2 +1,2 @@
 one
-two
+TWO
diff --git "a/\303\244.tf" "b/\303\244.tf"
new file mode 100644
--- /dev/null
+++ "b/\303\244.tf"
@@ -0,0 +1 @@
+one
\ No newline at end of file
diff --git a/gone.tf b/gone.tf
deleted file mode 100644
--- a/gone.tf
+++ /dev/null
@@ -1 +0,0 @@
-one
diff --git a/logo.png b/logo.png
index 3333333..4444444 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
`

func TestParseReviewDiff(t *testing.T) {
	diff, err := ParseReviewDiff(strings.NewReader(sampleDiff))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"infra/main.tf", "logo.png", "new name.tf", "run.sh", "ä.tf"}
	if names := slices.Sorted(maps.Keys(diff)); !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	for _, test := range []struct {
		file        string
		first, last int
		has         bool
		oldName     string
		old         int // of the last line
	}{
		{"infra/main.tf", 2, 2, false, "infra/main.tf", 0},
		{"infra/main.tf", 3, 3, true, "infra/main.tf", 3},
		{"infra/main.tf", 3, 4, true, "infra/main.tf", 0}, // changed
		{"infra/main.tf", 5, 5, true, "infra/main.tf", 0}, // added
		{"infra/main.tf", 3, 6, true, "infra/main.tf", 5},
		{"infra/main.tf", 6, 7, false, "infra/main.tf", 0},
		{"infra/main.tf", 6, 21, false, "infra/main.tf", 20}, // two hunks
		{"infra/main.tf", 22, 22, true, "infra/main.tf", 0},
		{"infra/main.tf", 5, 4, false, "infra/main.tf", 0},
		{"new name.tf", 1, 1, true, "old name.tf", 1},
		{"old name.tf", 1, 1, false, "", 0},
		{"ä.tf", 1, 1, true, "ä.tf", 0},
		{"gone.tf", 1, 1, false, "", 0},
		{"main.tf", 3, 3, false, "", 0},
		{"run.sh", 1, 1, false, "run.sh", 0},
	} {
		if has := diff.has(test.file, test.first, test.last); has != test.has {
			t.Errorf("%s has lines %d to %d: %v", test.file, test.first, test.last, has)
		}
		if name, old := diff.before(test.file, test.last); name != test.oldName || old != test.old {
			t.Errorf("%s:%d was %s:%d, want %s:%d", test.file, test.last, name, old, test.oldName, test.old)
		}
	}
}

func TestParseReviewDiff_Refused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a page":        {"<html>404</html>\n", "is no unified diff: it names no file"},
		"cut":           {"diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n one\n", "is no unified diff: gitdiff: line 4"},
		"no file":       {"@@ -1 +1 @@\n-a\n+b\n", "is no unified diff: gitdiff: line"},
		"no hunk":       {"--- a/a\n+++ b/a\n@@ -x +y @@\n", "is no unified diff"},
		"no prefix":     {"diff --git d/a d/a\n--- d/a\n+++ d/a\n@@ -1 +1 @@\n-a\n+b\ndiff --git dir/a dir/a\n", "--default-prefix"},
		"far too large": {strings.Repeat("a", maxReviewDiff+1), "is larger than 64 MiB"},
	} {
		if diff, err := ParseReviewDiff(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v, want %q", name, diff, err, test.want)
		}
	}
	for name, text := range map[string]string{"empty": "", "blank": "\n"} {
		if diff, err := ParseReviewDiff(strings.NewReader(text)); err != nil || len(diff) != 0 {
			t.Errorf("%s: %v, %v", name, diff, err)
		}
	}
}

// FuzzParseReviewDiff: any file is a diff or an error, and no line is found of which the file
// has none.
func FuzzParseReviewDiff(f *testing.F) {
	f.Add([]byte(sampleDiff))
	f.Add([]byte("--- a/a\n+++ b/a\n@@ -9223372036854775807 +9223372036854775807 @@\n-a\n+b\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		diff, err := ParseReviewDiff(bytes.NewReader(raw))
		if err != nil && diff != nil {
			t.Fatal("an error, and a diff")
		}
		lines := bytes.Count(raw, []byte("\n")) + 1
		for name, file := range diff {
			n := 0
			for _, h := range file.hunks {
				n += len(h.old)
				if len(h.old) > 0 && h.first+len(h.old) > h.first && !diff.has(name, h.first, h.first) {
					t.Fatalf("%s has no line %d", name, h.first)
				}
			}
			if n > lines {
				t.Fatalf("%s has %d lines in a diff of %d", name, n, lines)
			}
		}
	})
}
