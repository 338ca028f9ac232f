package azurecache

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
)

// Words of ARM's messages, in lower case, for refusals whose status and code are
// those of other refusals too: a conflict that will not pass, and the creation of
// a cache in a tenant that had none before the service began to retire.
var (
	lastingConflict = []string{"already used", "already exists", "not available", "geo-replica", "geo replica"}
	retired         = []string{"retiring"}
)

// says reports whether the message of a refusal holds one of the words.
func says(e *arm.Error, words []string) bool {
	message := strings.ToLower(e.Message)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(message, word) })
}

// AlreadyExistsError says that a cache to be created is there already.
type AlreadyExistsError struct{ ID string }

func (e *AlreadyExistsError) Error() string {
	return fmt.Sprintf("the cache %s exists already; nothing was changed", e.ID)
}

// NotFoundError says that there is no such cache.
type NotFoundError struct{ ID string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no cache %s", e.ID) }

// RetiredError says that this tenant can create no more caches of this product.
type RetiredError struct{ Message string } // ARM's words

func (e *RetiredError) Error() string { return e.Message }

// NotAppliedError says that ARM accepted a change and did not make it.
type NotAppliedError struct {
	Step       string
	Properties []string // ARM paths
}

func (e *NotAppliedError) Error() string {
	return fmt.Sprintf("ARM accepted but did not apply %s (%s)", strings.Join(e.Properties, ", "), e.Step)
}

// FailedError says that an operation ended, or a cache stands, in a final state
// that is not Succeeded.
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

// ForeignEndpointError says that a private endpoint of the desired name leads to
// something else than the cache.
type ForeignEndpointError struct{ ID string }

func (e *ForeignEndpointError) Error() string {
	return fmt.Sprintf("the private endpoint %s exists and does not lead to this cache; nothing was changed", e.ID)
}

// OccupiedError says that there is a private endpoint of the desired name which
// leads to the cache, is not as desired, and is not the caller's to remove.
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
