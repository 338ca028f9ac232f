package azurecache

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
)

// Words in the messages of ARM, in lower case. They tell refusals apart that have
// the status and the code of other refusals: a conflict that does not pass, and the
// creation of a cache in a tenant that had none before the service began to retire.
var (
	lastingConflict = []string{"already used", "already exists", "not available", "geo-replica", "geo replica"}
	retired         = []string{"retiring"}
)

// says reports whether the message of a refusal contains one of the words.
func says(e *arm.Error, words []string) bool {
	message := strings.ToLower(e.Message)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(message, word) })
}

// AlreadyExistsError is the error for a cache to be created that exists already.
type AlreadyExistsError struct{ ID string }

func (e *AlreadyExistsError) Error() string {
	return fmt.Sprintf("the cache %s exists already; nothing was changed", e.ID)
}

// NotFoundError is the error for a cache that does not exist.
type NotFoundError struct{ ID string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no cache %s", e.ID) }

// RetiredError is the error for a tenant that can create no more caches of this
// service.
type RetiredError struct{ Message string } // the message of ARM

func (e *RetiredError) Error() string { return e.Message }

// NotAppliedError is the error for a change that ARM accepted and did not make.
type NotAppliedError struct {
	Step       string
	Properties []string // ARM paths
}

func (e *NotAppliedError) Error() string {
	return fmt.Sprintf("ARM accepted but did not apply %s (%s)", strings.Join(e.Properties, ", "), e.Step)
}

// FailedError is the error for an operation that ended, or a cache that is, in a
// final state other than Succeeded.
type FailedError struct{ ID, State, Code, Message string }

func (e *FailedError) Error() string {
	s := fmt.Sprintf("%s is in the state %s", e.ID, e.State)
	for _, detail := range []string{e.Code, e.Message} {
		if detail != "" {
			s += ": " + detail
		}
	}
	return s
}

// ForeignEndpointError is the error for a private endpoint of the desired name that
// is connected to another resource.
type ForeignEndpointError struct{ ID string }

func (e *ForeignEndpointError) Error() string {
	return fmt.Sprintf("the private endpoint %s exists and does not lead to this cache; nothing was changed", e.ID)
}

// OccupiedError is the error for a private endpoint of the desired name that is
// connected to the cache, differs from the desired one, and is not managed by the caller.
type OccupiedError struct{ ID string }

func (e *OccupiedError) Error() string {
	return fmt.Sprintf("the private endpoint %s exists and differs from the configuration, and it is not managed here; nothing was changed",
		e.ID)
}

// UnchangeableError names the desired changes that no update can make.
type UnchangeableError struct{ Properties []string } // ARM paths

func (e *UnchangeableError) Error() string {
	return "no update can change " + strings.Join(e.Properties, ", ")
}
