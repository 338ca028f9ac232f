package judge

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/suggest"
)

const (
	inlineName = "redisbaseline"
	// InlinePrefix begins every comment that is meant for this program.
	InlinePrefix = inlineName + ":"
	inlineVerb   = "exempt"
	inlineWord   = InlinePrefix + inlineVerb
)

// mostInline is the largest number of exemptions in a configuration: each is tried
// on every cache, and whoever writes a configuration is not trusted with our time.
const mostInline = 1000

// inlineKeys are the keys of an exemption in a comment: those of a file, without the
// rule, which stands first, and the cache, which the place of the comment names.
var inlineKeys = []string{"category", "expires_on", "description", "approved_by"}

// MeantInline reports whether a comment begins with [InlinePrefix], or was meant to: in
// another case, with a hyphen or a space in place of the colon, or with one letter off.
func MeantInline(text string) bool {
	word, rest := cutSpace(text)
	verb, subject := cutSpace(rest)
	name, joined := strings.CutSuffix(strings.NewReplacer("-", "", "_", "", ":", "").Replace(strings.ToLower(word)), inlineVerb)
	switch {
	case word == InlinePrefix:
		return strings.HasPrefix(strings.ToLower(rest), inlineVerb) // else it is about this program, not for it
	case strings.HasPrefix(word, InlinePrefix):
		return true
	case !suggest.Misspelt(name, inlineName):
		return false
	case joined:
		return true
	case strings.HasSuffix(word, ":"):
		return strings.HasPrefix(strings.ToLower(rest), inlineVerb)
	default: // prose names no rule and no key
		return strings.EqualFold(strings.Trim(verb, ":"), inlineVerb) && strings.ContainsAny(subject, "/=")
	}
}

// InlineExemptions reads the exemptions in comments that begin with [InlinePrefix], and
// refuses those that were meant to. Its errors are all mistakes, each with file and line.
func InlineExemptions(comments []posture.Comment, documents baseline.Documents) ([]baseline.Exemption, error) {
	if len(comments) > mostInline {
		return nil, fmt.Errorf("the configuration has %d comments that begin with %s, more than %d", len(comments), InlinePrefix, mostInline)
	}
	var exemptions []baseline.Exemption
	var errs []error
	for _, c := range comments {
		if !MeantInline(c.Text) {
			continue
		}
		e, err := parseInline(c, documents)
		for _, fault := range err {
			errs = append(errs, fmt.Errorf("%s:%d: %w", c.Position.File, c.Position.Line, fault))
		}
		exemptions = append(exemptions, e)
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return exemptions, nil
}

// parseInline reads one comment, redisbaseline:exempt FEATURE KEY=VALUE….
func parseInline(c posture.Comment, documents baseline.Documents) (e baseline.Exemption, errs []error) {
	word, rest := cutSpace(c.Text)
	if word != inlineWord {
		return e, []error{fmt.Errorf("unknown comment %q: write %s FEATURE KEY=VALUE…", word, inlineWord)}
	}
	e.Feature, rest = cutSpace(rest)
	// The place of the comment is the name of the caches in messages.
	e.Cache, e.Declaration = fmt.Sprintf("%s:%d", c.Position.File, c.Position.Line), c.Declaration
	e.Position = c.Position
	if c.Declaration.File == "" {
		errs = append(errs, errors.New("an exemption stands in the block of a cache or directly above it; this one stands at no resource"))
	}
	seen := map[string]bool{}
	for rest != "" {
		var key, value string
		var err error
		if key, value, rest, err = cutPair(rest); err != nil {
			errs = append(errs, err)
			break // the rest cannot be told apart
		}
		switch {
		case key == "cache" || key == "feature":
			err = fmt.Errorf("%s has no place in a comment: the rule stands first, and the cache is the one of the block", key)
		case !slices.Contains(inlineKeys, key):
			err = fmt.Errorf("unknown key %q: use %s%s", key, strings.Join(inlineKeys, ", "), suggest.DidYouMean(key, inlineKeys))
		case seen[key]:
			err = fmt.Errorf("the key %q stands twice", key)
		case value == "":
			err = fmt.Errorf("%s is empty: leave it out", key)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		seen[key] = true
		switch key {
		case "category":
			e.Category = baseline.Category(value)
		case "expires_on":
			e.ExpiresOn = value
		case "description":
			e.Description = value
		case "approved_by":
			e.ApprovedBy = value
		}
	}
	unread := len(errs) > 0
	var faults baseline.Faults
	errors.As(documents.Validate(e), &faults)
	for _, f := range faults {
		// Beside another mistake, a missing attribute may be one that was not understood.
		if !unread || seen[f.Attribute] || f.Attribute == "feature" {
			errs = append(errs, errors.New(f.Problem))
		}
	}
	return e, errs
}

// cutSpace cuts a text at its first space.
func cutSpace(text string) (first, rest string) {
	if i := strings.IndexAny(text, " \t\r\n"); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

// cutPair cuts KEY=VALUE from the beginning of a text. A value with spaces stands in
// double quotes, within which a backslash escapes as in HCL.
func cutPair(text string) (key, value, rest string, err error) {
	if key, value, _ = strings.Cut(text, "="); strings.ContainsAny(key, " \t\r\n\"") || len(key) == len(text) {
		word, _ := cutSpace(text)
		return "", "", "", fmt.Errorf("%q is not KEY=VALUE: a value with spaces stands in double quotes", word)
	}
	if !strings.HasPrefix(value, `"`) {
		value, rest = cutSpace(value)
		if strings.Contains(value, `"`) {
			return "", "", "", fmt.Errorf("the value of %s has a quote within: put it in double quotes as a whole", key)
		}
		return key, value, rest, nil
	}
	quoted, err := strconv.QuotedPrefix(value)
	if err == nil {
		rest = value[len(quoted):]
		value, err = strconv.Unquote(quoted)
	}
	if err != nil {
		return "", "", "", fmt.Errorf("the value of %s is not closed with a double quote, or has an unknown escape", key)
	}
	if trimmed := strings.TrimSpace(rest); trimmed == rest && rest != "" {
		return "", "", "", fmt.Errorf("the value of %s is followed by %q without a space", key, rest)
	}
	return key, value, strings.TrimSpace(rest), nil
}
