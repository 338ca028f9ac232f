package arm

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
)

// Error is a request that Azure Resource Manager refused or that did not get
// through. It names the path and never holds the body of an answer.
type Error struct {
	Path    string
	Status  int    // HTTP status; 0 when there was no answer
	Code    string // ARM's error code
	Message string // ARM's error message, or what stood in the way
	Action  string // the action that is missing, when refused
	What    string // what was asked for, as messages call it
	writes  bool
	err     error
}

// Error says in one line what failed and what would help.
func (e *Error) Error() string {
	verb, role := "read", ", which the role Reader holds"
	if e.writes {
		verb, role = "changed", ""
	}
	switch {
	case e.Status == http.StatusForbidden:
		return fmt.Sprintf("%s at %s may not be %s: the identity lacks %s%s", e.What, e.Path, verb, e.Action, role)
	case e.Status == http.StatusUnauthorized:
		return fmt.Sprintf("%s at %s may not be %s: Azure Resource Manager does not accept the token%s", e.What, e.Path, verb, e.detail())
	case e.Status == http.StatusNotFound && e.Code != "":
		return fmt.Sprintf("%s at %s does not exist%s", e.What, e.Path, e.detail())
	case e.Status != 0:
		return fmt.Sprintf("%s at %s could not be %s: status %d%s", e.What, e.Path, verb, e.Status, e.detail())
	case e.Code != "":
		return fmt.Sprintf("%s at %s could not be %s%s", e.What, e.Path, verb, e.detail())
	default:
		return fmt.Sprintf("%s at %s could not be %s: %s", e.What, e.Path, verb, e.Message)
	}
}

func (e *Error) detail() string {
	var parts []string
	for _, s := range []string{e.Code, e.Message} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ": ") + ")"
}

// Unwrap returns what stood in the way of an answer.
func (e *Error) Unwrap() error { return e.err }

// IsForbidden reports whether a request was refused for lack of a role.
func IsForbidden(err error) bool { return HasStatus(err, http.StatusForbidden) }

// IsNotFound reports whether Azure Resource Manager says that what was asked for
// does not exist. A 404 without its code is that of a proxy or a wrong endpoint.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && e.Code != ""
}

// IsGone reports whether Azure Resource Manager says of this very resource that
// it, or its resource group, does not exist. Every other 404 leaves that open: a
// subscription is not found where the identity or the cloud is another one, too.
func IsGone(err error, id string) bool {
	var e *Error
	if !errors.As(err, &e) || e.Status != http.StatusNotFound {
		return false
	}
	parsed, ok := armid.Parse(id)
	if !ok {
		return false
	}
	words := strings.FieldsFunc(e.Message, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.()", r)
	})
	says := func(name string) bool {
		return slices.ContainsFunc(words, func(s string) bool { return strings.EqualFold(s, name) })
	}
	switch {
	case strings.EqualFold(e.Code, "ResourceNotFound"):
		return says(parsed.Name()) && says(parsed.Group)
	case strings.EqualFold(e.Code, "ResourceGroupNotFound"):
		return says(parsed.Group)
	default:
		return false
	}
}

// HasStatus reports whether a request was answered with an HTTP status.
func HasStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status
}

// refused turns an answer that is no success into an error.
func refused(e endpoint, path string, status int, body []byte) *Error {
	out := &Error{Path: path, Status: status, What: e.what}
	if status == http.StatusForbidden {
		out.Action = e.action
	}
	var answer struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(withoutBOM(body), &answer) == nil {
		out.Code, out.Message = Short(answer.Error.Code), Short(answer.Error.Message)
	}
	if status == http.StatusNotFound && out.Code == "" {
		out.Message = "the answer is not that of Azure Resource Manager; a proxy may stand in between"
	}
	return out
}

// Short keeps what others write on one line of a bearable length.
func Short(s string) string {
	const most = 300
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

// unreachable turns a request without an answer into an error.
func unreachable(e endpoint, path string, err error) error {
	var credential *CredentialError
	if errors.As(err, &credential) {
		return credential
	}
	out := &Error{Path: path, What: e.what, Message: plain(err), err: err}
	var redirect *redirectError
	if errors.As(err, &redirect) {
		out.Message, out.Status = redirect.Error(), redirect.status
	}
	return out
}

// plain says in our words what the network did.
func plain(err error) string {
	var dns *net.DNSError
	var unknownAuthority x509.UnknownAuthorityError
	var quota quotaError
	switch {
	case errors.As(err, &quota):
		return quota.Error()
	case errors.Is(err, context.Canceled):
		return "it was cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "there was no answer in time"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %s cannot be resolved", dns.Name)
	case errors.As(err, &unknownAuthority):
		return "the certificate of the server is signed by an unknown authority; a proxy may stand in between"
	case isTLS(err):
		return "no secure connection: " + Short(err.Error())
	default:
		return Short(err.Error())
	}
}

func isTLS(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert)
}
