package armtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const graphPage = 1000

// graphSyntax is the one form of query that the fake knows. Anything else is an
// error, never an empty answer.
var graphSyntax = regexp.MustCompile(`^resources(?: \| where type in~ \(([^()|]+)\))?` +
	`(?: \| project ([a-z]+(?:, [a-z]+)*))?( \| order by id asc)?$`)

// graphColumns are what the fake shows of a resource. There are no properties
// among them: the index of Resource Graph lags behind, so that nobody reads them.
var graphColumns = map[string]func(*Server, *resource) any{
	"id":   func(s *Server, r *resource) any { return s.idOf(r) },
	"name": func(_ *Server, r *resource) any { return r.lastName() },
	"type": func(_ *Server, r *resource) any { return r.typeKey() },
	"tags": func(_ *Server, r *resource) any { return r.content()["tags"] },
}

// graphQuery is a parsed query.
type graphQuery struct {
	types   []string // in lower case; empty for all
	columns []string
}

func parseQuery(text string) (graphQuery, error) {
	parts := graphSyntax.FindStringSubmatch(text)
	if parts == nil {
		return graphQuery{}, fmt.Errorf("the fake does not know the form of %q", text)
	}
	q := graphQuery{columns: []string{"id", "name", "type", "tags"}}
	if parts[1] != "" {
		for _, literal := range strings.Split(parts[1], ", ") {
			q.types = append(q.types, strings.ToLower(strings.Trim(literal, "'")))
		}
	}
	if parts[2] != "" {
		q.columns = strings.Split(parts[2], ", ")
	}
	for _, name := range q.columns {
		if graphColumns[name] == nil {
			return q, fmt.Errorf("the fake has no column %q", name)
		}
	}
	return q, nil
}

// resourceGraph answers a query over the resources that the caller may read. Others
// are left out without a word, as by the service.
func (s *Server) resourceGraph(r *http.Request, body object) response {
	if r.Method != http.MethodPost {
		return methodNotAllowed(r)
	}
	header, answer := s.graphQuota()
	if answer.failed() {
		return answer
	}
	q, err := parseQuery(textAt(body, "query"))
	if err != nil {
		return failure(http.StatusBadRequest, "BadRequest", "Query is invalid: %v.", err)
	}
	subs, answer := s.graphScope(body)
	if answer.failed() {
		return answer
	}
	rows := s.tracked(q, subs)
	options := objectAt(body, "options")
	top := graphPage
	if wanted, set := options["$top"].(float64); set {
		top = int(wanted)
	}
	if top < 1 || top > graphPage {
		return badRequest("$top must lie between 1 and %d.", graphPage)
	}
	from := 0
	if token := textAt(options, "$skipToken"); token != "" {
		raw, err := base64.StdEncoding.DecodeString(token)
		if err == nil {
			from, err = strconv.Atoi(string(raw))
		}
		if err != nil || from < 0 {
			return badRequest("The skip token is invalid.")
		}
	}
	from = min(from, len(rows))
	to := min(from+top, len(rows))
	page := []any{}
	for _, r := range rows[from:to] {
		row := object{}
		for _, name := range q.columns {
			row[name] = graphColumns[name](s, r)
		}
		page = append(page, row)
	}
	result := object{"totalRecords": len(rows), "count": len(page), "data": page, "facets": []any{}, "resultTruncated": "false"}
	if to < len(rows) {
		result["resultTruncated"] = "true"
		// Without the id in each row the service cannot page, and rows are lost.
		if slices.Contains(q.columns, "id") && !s.opts.GraphTruncates {
			result["$skipToken"] = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
		}
	}
	return response{status: http.StatusOK, body: result, header: header}
}

// graphScope returns the readable subscriptions of a request, in lower case.
func (s *Server) graphScope(body object) (map[string]bool, response) {
	readable := func(key string) bool {
		return s.store.subscriptions[key] != nil && !s.denied("/subscriptions/"+key, "Microsoft.Resources/subscriptions/read")
	}
	subs := map[string]bool{}
	wanted, named := body["subscriptions"].([]any)
	for _, one := range wanted {
		id, _ := one.(string)
		if readable(strings.ToLower(id)) {
			subs[strings.ToLower(id)] = true
		}
	}
	groups, grouped := body["managementGroups"].([]any)
	if named && grouped {
		return nil, badRequest("Subscriptions and management groups cannot be given together.")
	}
	for _, key := range s.store.order {
		if !readable(key) {
			continue
		}
		if !named && !grouped {
			subs[key] = true
		}
		for _, group := range groups {
			name, _ := group.(string)
			if slices.ContainsFunc(s.store.subscriptions[key].ManagementGroups, func(one string) bool { return strings.EqualFold(one, name) }) {
				subs[key] = true
			}
		}
	}
	if len(subs) == 0 {
		return nil, failure(http.StatusBadRequest, "BadRequest",
			"Please provide below info when asking for support: NoValidSubscriptionsInQueryRequest: "+
				"There must be at least one subscription that is eligible to contain resources.")
	}
	return subs, response{}
}

// tracked returns the resources that a query finds and that may be read, in the
// order of their ids.
func (s *Server) tracked(q graphQuery, subs map[string]bool) []*resource {
	var found []*resource
	for _, r := range s.store.resources {
		switch {
		case !subs[r.sub] || r.gone || r.group == "" || len(r.types) != 1 || r.kind.extension:
		case len(q.types) > 0 && !slices.Contains(q.types, r.typeKey()):
		case len(s.denials) > 0 && s.denied(r.path, r.kind.actionName()+"/read"):
		default:
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *resource) int { return cmp.Compare(a.key, b.key) })
	return found
}
