package azurecache

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
)

// LinkedError is the error for changes that Azure refuses while a cache is linked
// with others for geo-replication. All other changes were made.
type LinkedError struct {
	ID      string
	Servers []string // ids of the links, as ARM names them
	Steps   []Step   // what was refused
	Message string   // the message of ARM; empty where nothing was sent
}

func (e *LinkedError) Error() string {
	var names []string
	for _, id := range e.Servers {
		names = append(names, armid.Last(id))
	}
	text := fmt.Sprintf("the cache %s is linked with %s for geo-replication, and Azure refuses while it is: %s", e.ID,
		strings.Join(names, ", "), e.what())
	if e.Message != "" {
		text += "; Azure said: " + e.Message
	}
	return text
}

func (e *LinkedError) what() string {
	var names []string
	for _, s := range e.Steps {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// RefusedWhileLinked reports whether the documentation says that the service
// refuses a step for a linked cache.
func RefusedWhileLinked(s Step) bool {
	return s.Name == stepEndpoint || intersects(s.Properties, pathsWhere(func(one setting) bool {
		return one.path == "properties.sku" || slices.Contains([]string{stepShards, stepReplicas, stepKeys, stepPersistence}, one.step)
	}))
}

// refusals are the steps that a linked cache refused, while the other steps are
// made.
type refusals struct {
	servers []string
	steps   []Step
	message string
}

// take records a refusal. It reports false where the cache has no links, or where
// the error is about something else than the step.
func (r *refusals) take(s step, err error) bool {
	var e *arm.Error
	if len(r.servers) == 0 || !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusConflict {
		return false
	}
	r.steps, r.message = append(r.steps, s.Step), e.Message
	return true
}

// skip reports whether a step was refused already, or must not be made after
// another was refused: reservations belong to the refused size, public network
// access stays closed where a firewall rule is missing, and a rule stays where the
// access was not closed.
func (r *refusals) skip(s step) bool {
	dropsRule := s.child != nil && s.child.kind == ruleKind && s.child.body == nil
	return slices.ContainsFunc(r.steps, func(refused Step) bool {
		about := func(path string) bool { return slices.Contains(refused.Properties, path) }
		switch {
		case refused.Name == s.Name:
			return true
		case s.Name == stepReservations:
			return about("properties.sku") || about("properties.shardCount")
		case s.Name == stepPublicAccess:
			return slices.ContainsFunc(refused.Properties, func(p string) bool { return strings.HasPrefix(p, "firewallRules/") })
		default:
			return dropsRule && about("properties.publicNetworkAccess")
		}
	})
}

func (r *refusals) err(id string) error {
	if len(r.steps) == 0 {
		return nil
	}
	return &LinkedError{ID: id, Servers: r.servers, Steps: r.steps, Message: r.message}
}

// replaces reports whether steps remove a private endpoint to make another one.
func replaces(steps []step) bool {
	remove := slices.ContainsFunc(steps, func(s step) bool { return s.child.kind == endpointKind && s.child.body == nil })
	return remove && slices.ContainsFunc(steps, func(s step) bool { return s.child.kind == endpointKind && s.child.body != nil })
}
