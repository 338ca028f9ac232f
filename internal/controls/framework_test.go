package controls

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// Every control of the documents has a row of the workbook, and there is no row for another.
func TestMappingsOfEveryControl(t *testing.T) {
	var want, got []string
	for _, d := range baseline.Published() {
		for i := range d.Features {
			want = append(want, d.Features[i].Controls.V1, d.Features[i].Controls.V2)
		}
	}
	for id := range mappedV1 {
		got = append(got, id)
	}
	slices.Sort(want)
	slices.Sort(got)
	if want = slices.Compact(want); !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	for id := range mappedV2 {
		if mappedV1[id] == [3]string{} {
			t.Errorf("%s is no control of the documents", id)
		}
	}
}

// The ids have the form that those of their framework have.
func TestFormsOfIDs(t *testing.T) {
	forms := map[string]string{
		"nist-sp-800-53-r4": `[A-Z]{2}-\d+`, "cis-controls-v8": `\d+\.\d+`, "pci-dss-3.2.1": `A?\d+\.\d+`,
		"nist-sp-800-53-r5": `[A-Z]{2}-\d+(\(\d+\))?`, "cis-controls-v8.1": `\d+\.\d+`, "pci-dss-v4": `\d+\.\d+\.\d+`,
		"nist-csf-2.0": `[A-Z]{2}\.[A-Z]{2}-\d+`, "iso-27001-2022": `A\.\d+\.\d+`, "soc-2": `CC\d\.\d`,
	}
	for _, c := range Of(baseline.Published()).Controls {
		for _, m := range c.Mappings {
			for _, id := range m.IDs {
				if !regexp.MustCompile("^"+forms[m.Framework]+"$").MatchString(id) || forms[m.Framework] == "" {
					t.Errorf("%s: %q in %s", c.ID, id, m.Framework)
				}
			}
		}
	}
}

// What is not known differs from what Microsoft says is none.
func TestKnownAndNone(t *testing.T) {
	for _, row := range []struct {
		baseline, control, framework, want string
		known                              bool
	}{
		{classic, "NS-2", "cis-controls-v8", "3.12, 4.4", true},
		{classic, "IM-3", "cis-controls-v8", "", true},
		{classic, "LT-1", "pci-dss-3.2.1", "", false},
		{classic, "NS-2", "nist-sp-800-53-r5", "", false},
		{classic, "LT-1", "soc-2", "CC7.2, CC7.3", true},
		// One feature, of which the versions of the benchmark have different controls.
		{classic, "LT-4", "pci-dss-3.2.1", "10.8", true},
		{classic, "LT-4", "soc-2", "CC4.1, CC7.2, CC7.3", true},
		{"azure-managed-redis", "LT-3", "pci-dss-3.2.1", "10.8", true},
		{"azure-managed-redis", "LT-3", "soc-2", "CC4.1, CC7.2, CC7.3", true},
	} {
		for _, c := range Of(baseline.Published()).Controls {
			if c.Baseline != row.baseline || c.ID != row.control {
				continue
			}
			if ids, known := c.IDsIn(row.framework); strings.Join(ids, ", ") != row.want || known != row.known {
				t.Errorf("%s %s in %s: %q, %v", row.baseline, row.control, row.framework, ids, known)
			}
		}
	}
}

// Ids and titles are those of the benchmark, and where a document has others it is said.
func TestControlsOfDocuments(t *testing.T) {
	of := map[string]Control{}
	for _, c := range Of(baseline.Published()).Controls {
		if _, twice := of[c.Baseline+" "+c.ID]; twice {
			t.Errorf("%s has %s twice", c.Baseline, c.ID)
		}
		of[c.Baseline+" "+c.ID] = c
	}
	for _, d := range baseline.Published() {
		for i := range d.Features {
			e := &d.Features[i]
			c := of[d.ID+" "+e.Control]
			if !slices.Contains(c.Features, e.ID) || c.V1.ID != e.Controls.V1 || c.V2.ID != e.Controls.V2 || c.Title != e.ControlTitle {
				t.Errorf("%s of %s stands under %+v", e.ID, d.ID, c)
			}
		}
	}
	for id, want := range map[string]Title{
		classic + " PA-7": {"PA-7", ""}, "azure-managed-redis PA-7": {"PA-7", ""},
		classic + " IM-1": {"IM-1", "Centralize identity and authentication while ensuring isolation"},
		classic + " LT-4": {"LT-3", "Enable logging for security investigation"},
	} {
		if got := of[id].V2; got != want {
			t.Errorf("%s in version 2: %+v", id, got)
		}
	}
	for id, want := range map[string]string{
		classic + " LT-4": "prints LT-4 with the title of LT-3", classic + " NS-2": "title is not that", classic + " IM-1": "",
		"azure-managed-redis LT-3": "under LT-4", "azure-managed-redis PA-7": "version 2 is not known", "azure-managed-redis IM-1": "",
	} {
		if got := of[id].Remark; !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("remark on %s: %q", id, got)
		}
	}
}
