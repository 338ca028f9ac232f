package judge

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/yamlfile"
)

// exemptionKeys are the keys of an exemption, in the order in which messages list them.
var exemptionKeys = []string{"feature", "cache", "category", "expires_on", "description", "approved_by"}

// ReadExemptions decodes and validates a file with a YAML list of exemptions; file is its name.
func ReadExemptions(r io.Reader, file string, documents baseline.Documents) ([]baseline.Exemption, error) {
	root, err := yamlfile.Read(r)
	if root == nil {
		return nil, err
	}
	exemptions, err := Exemptions(root, "the file", documents)
	for i := range exemptions {
		exemptions[i].Position.File = filepath.ToSlash(file)
	}
	return exemptions, err
}

// Exemptions decodes and validates a YAML list of exemptions; name is that of the
// list in messages. They have the line at which they stand, and no file. Its error holds every mistake, each at the line of its key.
func Exemptions(list *yaml.Node, name string, documents baseline.Documents) (exemptions []baseline.Exemption, err error) {
	err = yamlfile.List(list, name, func(item *yaml.Node) error {
		e, unread := parseExemption(item)
		e.Position.Line = item.Line
		exemptions = append(exemptions, e)
		var faults baseline.Faults
		errors.As(documents.Validate(e), &faults)
		var errs []error
		for _, f := range faults {
			// Beside another mistake, a missing attribute may be one that was not understood.
			if unread == nil || yamlfile.HasKey(item, f.Attribute) {
				errs = append(errs, yamlfile.AtKey(item, f.Attribute, errors.New(f.Problem)))
			}
		}
		return yamlfile.Join(unread, errs...)
	})
	if err != nil {
		return nil, err
	}
	return exemptions, nil
}

func parseExemption(item *yaml.Node) (e baseline.Exemption, err error) {
	err = yamlfile.Mapping(item, "an exemption", exemptionKeys, func(key string, value *yaml.Node) (err error) {
		switch key {
		case "feature":
			e.Feature, err = yamlfile.Text(key, value)
		case "cache":
			e.Cache, err = yamlfile.Text(key, value)
		case "category":
			var category string
			category, err = yamlfile.Text(key, value)
			e.Category = baseline.Category(category)
		case "expires_on":
			e.ExpiresOn, err = yamlfile.Text(key, value, "!!timestamp")
			if err == nil && e.ExpiresOn == "" {
				err = errors.New("expires_on is empty: leave it out, or write a date of the form YYYY-MM-DD")
			}
		case "description":
			e.Description, err = yamlfile.Text(key, value)
		case "approved_by":
			e.ApprovedBy, err = yamlfile.Text(key, value)
			if err == nil && e.ApprovedBy == "" {
				err = errors.New("approved_by is empty: leave it out, or name somebody")
			}
		}
		return err
	})
	return e, err
}

// splitExpired returns the exemptions that have not expired, and a note on each that has.
func splitExpired(exemptions []baseline.Exemption, today time.Time) (valid []baseline.Exemption, notes []string) {
	for _, e := range exemptions {
		if e.Expired(today) {
			notes = append(notes, e.ExpiredNote(today))
			continue
		}
		valid = append(valid, e)
	}
	return valid, notes
}

// repeated returns a note on each exemption of a list that has the feature and the cache
// of an earlier one; neither of them has expired.
func repeated(exemptions []baseline.Exemption, today time.Time) (notes []string) {
	type subject struct {
		feature, cache string
		declaration    posture.Position
	}
	seen := map[subject]bool{}
	for _, e := range exemptions {
		of := subject{strings.ToLower(e.Feature), e.Cache, e.Declaration}
		if e.Declaration.File != "" {
			of.cache = "" // the place of the comment
		}
		switch {
		case e.Expired(today):
		case seen[of]:
			notes = append(notes, e.Subject()+" is given twice: take one out")
		default:
			seen[of] = true
		}
	}
	return notes
}
