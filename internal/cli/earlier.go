package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// maxEarlier is the size in bytes of an earlier report that is read at most; one
// cache takes about 10 kB.
const maxEarlier = 1 << 30

// earlier is a report that a scan is compared with, and what came of it. All
// methods work on nil, which compares nothing.
type earlier struct {
	file string
	// sameSelection: it asked for the same as this scan does.
	sameSelection bool
	// sawAll says that it saw everything that it asked for.
	sawAll bool
	caches map[string]*earlierCache // by resource id in lower case

	introduced, fixed, existing, undecided int // violations of features
	added                                  []string
}

// loadEarlier reads the JSON report of an earlier scan.
func (a *app) loadEarlier(file string, inputs []string) (*earlier, error) {
	f, err := openFile(file)
	if err != nil {
		return nil, inputError(file, err)
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxEarlier}
	e, err := parseEarlier(bufio.NewReader(limited), a.Documents, inputs)
	if limited.N <= 0 {
		err = fmt.Errorf("is larger than %d MiB", maxEarlier>>20)
	}
	if err != nil {
		return nil, inputError(file, bareError(err))
	}
	e.file = file
	return e, nil
}

// earlierReport is as much of a report as a comparison needs.
type earlierReport struct {
	FormatVersion string `json:"format_version"`
	Baselines     []struct {
		ID string `json:"id"`
	} `json:"baselines"`
	Source  report.Source   `json:"source"`
	Caches  []earlierCache  `json:"caches"`
	Partial string          `json:"partial"`
	Unseen  []report.Unseen `json:"unseen"`
}

// earlierCache is the verdicts on one cache.
type earlierCache struct {
	ID         string           `json:"resource_id"`
	Features   []earlierFinding `json:"features"`
	Advisories []earlierFinding `json:"advisories"`

	found bool // by this scan too
}

type earlierFinding struct {
	ID     string        `json:"id"`
	Status report.Status `json:"status"`
}

// verdict returns the status of a rule, if the report has one.
func (c *earlierCache) verdict(id string) (report.Status, bool) {
	for _, findings := range [...][]earlierFinding{c.Features, c.Advisories} {
		for _, f := range findings {
			if f.ID == id {
				return f.Status, true
			}
		}
	}
	return "", false
}

// statuses are the verdicts that a report may hold.
var statuses = []report.Status{
	report.Compliant, report.NonCompliant, report.Unknown, report.NotApplicable, report.NotSupported, report.Exempt,
}

func parseEarlier(r io.Reader, documents baseline.Documents, inputs []string) (*earlier, error) {
	var raw earlierReport
	if err := json.UnmarshalRead(r, &raw); err != nil {
		var semantic *json.SemanticError
		if errors.As(err, &semantic) {
			return nil, fmt.Errorf("is not a report of redisbaseline: %s does not hold what it should", semantic.JSONPointer)
		}
		return nil, errors.New("is not the JSON report of an earlier scan: " + notJSON(err))
	}
	unknown := ""
	for _, b := range raw.Baselines {
		if !slices.ContainsFunc(documents, func(d *baseline.Document) bool { return d.ID == b.ID }) {
			unknown = b.ID
		}
	}
	switch {
	case raw.FormatVersion == "":
		return nil, errors.New("is not a report of redisbaseline: it has no format_version")
	case raw.FormatVersion != report.FormatVersion:
		return nil, fmt.Errorf("has the format version %q; this program reads %s", raw.FormatVersion, report.FormatVersion)
	case len(raw.Baselines) == 0:
		return nil, errors.New("names no baselines: a version of this program that is older wrote it; scan anew with --format json")
	case unknown != "":
		return nil, fmt.Errorf("is a report on the baseline %q, which this program does not know", unknown)
	case raw.Source.Kind != report.SourceExisting:
		return nil, fmt.Errorf("is a report of kind %q; a scan is compared with the report of a scan", raw.Source.Kind)
	}
	e := &earlier{
		sawAll:        raw.Partial == "" && len(raw.Unseen) == 0,
		sameSelection: armid.SameSet(raw.Source.Inputs, inputs), caches: map[string]*earlierCache{},
	}
	for i := range raw.Caches {
		c := &raw.Caches[i]
		key := strings.ToLower(c.ID)
		switch {
		case key == "":
			return nil, fmt.Errorf("is not the report of a scan: cache %d has no resource_id", i+1)
		case e.caches[key] != nil:
			return nil, fmt.Errorf("names the cache %s twice", c.ID)
		}
		for _, f := range slices.Concat(c.Features, c.Advisories) {
			if !slices.Contains(statuses, f.Status) {
				return nil, fmt.Errorf("has the unknown status %q for %s", f.Status, f.ID)
			}
		}
		e.caches[key] = c
	}
	return e, nil
}

// notJSON shortens an error about syntax: it may quote the file.
func notJSON(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "it ends too early"
	}
	return "it is not JSON"
}

// compare gives each verdict on a cache its Since, by the earlier report. A
// cache that is not in it counts as new only where it would have been.
func (e *earlier) compare(c *report.Cache) {
	if e == nil {
		return
	}
	var was *earlierCache
	if c.ResourceID != nil {
		was = e.caches[strings.ToLower(*c.ResourceID)]
	}
	switch {
	case was != nil:
		was.found = true
	case e.sawAll && e.sameSelection:
		c.Notes = append(c.Notes, "new since "+e.file)
		e.added = append(e.added, c.Label())
	default:
		c.Notes = append(c.Notes, "not in "+e.file+", which did not see everything that this scan sees")
	}
	for _, findings := range [][]report.Finding{c.Features, c.Advisories} {
		for i := range findings {
			f := &findings[i]
			status, judged := report.Status(""), was == nil && e.sawAll && e.sameSelection
			if was != nil {
				status, judged = was.verdict(f.ID)
			}
			if judged {
				f.Since = baseline.Since(f.Status, status)
			}
		}
	}
	for _, f := range c.Features {
		switch {
		case f.Since != nil && *f.Since == report.Introduced:
			e.introduced++
		case f.Since != nil && *f.Since == report.Fixed:
			e.fixed++
		case f.Since != nil:
			e.existing++
		case f.Status == report.NonCompliant:
			e.undecided++
		}
	}
}

// notes sums up the comparison once all caches were compared. whole says that
// the walk reached its end.
func (e *earlier) notes(whole bool, unseen []azure.Unseen) []string {
	if e == nil {
		return nil
	}
	text := fmt.Sprintf("compared with %s: %d introduced, %d fixed, %d existing", e.file, e.introduced, e.fixed, e.existing)
	if e.undecided > 0 {
		text += fmt.Sprintf(", %d that cannot be compared", e.undecided)
	}
	notes := []string{text}
	if !e.sameSelection {
		return append(notes, e.file+" is about another selection, so that new and missing caches are not told")
	}
	if len(e.added) > 0 {
		notes = append(notes, "new since "+e.file+": "+abbreviated(e.added))
	}
	if !e.sawAll {
		notes = append(notes, e.file+" did not see everything, so that new caches are not told")
	}
	if !whole {
		return append(notes, "this report is partial, so that missing caches are not told")
	}
	var gone []string
	for key, c := range e.caches {
		if !c.found && !covers(unseen, key) {
			gone = append(gone, c.ID)
		}
	}
	if len(gone) > 0 {
		slices.Sort(gone)
		notes = append(notes, "gone since "+e.file+": "+abbreviated(gone))
	}
	return notes
}

// covers reports whether a cache may exist among what was not seen.
func covers(unseen []azure.Unseen, key string) bool {
	return slices.ContainsFunc(unseen, func(u azure.Unseen) bool { return report.Unseen(u).MayHold(key) })
}

// abbreviated lists the first of many names.
func abbreviated(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
