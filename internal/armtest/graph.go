package armtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const graphPage = 1000

// row is one row of a table. The body of a cache is made only when a query
// looks into it.
type row struct {
	columns object
	rest    func() object
}

func (r *row) column(name string) any {
	if v, is := r.columns[name]; is || r.rest == nil {
		return v
	}
	for key, v := range r.rest() {
		setDefault(r.columns, key, v)
	}
	r.rest = nil
	return r.columns[name]
}

func (r *row) all() object {
	r.column("properties")
	return r.columns
}

func (v value) of(r *row) any {
	result := v.literal
	if v.path != nil {
		result = at(r.column(v.path[0]), v.path[1:]...)
	}
	if v.text {
		switch one := result.(type) {
		case nil:
			result = ""
		case string:
		default:
			result = fmt.Sprint(one)
		}
	}
	if text, isText := result.(string); isText && v.lower {
		result = strings.ToLower(text)
	}
	return result
}

func (t test) holds(r *row) bool {
	left := t.left.of(r)
	some := func(same func(a, b any) bool) bool {
		return slices.ContainsFunc(t.right, func(v value) bool { return same(left, v.of(r)) })
	}
	exact := func(a, b any) bool { return a == b }
	switch t.operator {
	case "isnotnull":
		return left != nil
	case "isnotempty":
		return left != nil && left != ""
	case "isempty":
		return left == nil || left == ""
	case "==", "in":
		return some(exact)
	case "!=":
		return !some(exact)
	case "!~", "!in~":
		return !some(sameText)
	}
	return some(sameText)
}

func sameText(a, b any) bool {
	left, isText := a.(string)
	right, areTexts := b.(string)
	if isText && areTexts {
		return strings.EqualFold(left, right)
	}
	return a == b
}

// resourceGraph answers a query over what the caller may read. What it may not
// read is left out without a word, as in life.
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
	rows, hasID := s.runQuery(q, subs)
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
	for _, one := range rows[from:to] {
		page = append(page, one.all())
	}
	result := object{"totalRecords": len(rows), "count": len(page), "data": page, "facets": []any{}, "resultTruncated": "false"}
	if to < len(rows) {
		result["resultTruncated"] = "true"
		// Without the id in each row the service cannot page, and rows are lost.
		if hasID && !s.opts.GraphTruncates {
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

func (s *Server) runQuery(q query, subs map[string]bool) (rows []*row, hasID bool) {
	rows, hasID = s.table(q.table, subs), true
	for _, st := range q.stages {
		switch st.verb {
		case "where":
			rows = slices.DeleteFunc(rows, func(r *row) bool {
				return slices.ContainsFunc(st.tests, func(t test) bool { return !t.holds(r) })
			})
		case "extend":
			for _, r := range rows {
				for _, c := range st.columns {
					r.columns[c.name] = c.of(r)
				}
			}
		case "project":
			hasID = slices.ContainsFunc(st.columns, func(c column) bool { return c.name == "id" })
			for i, r := range rows {
				projected := object{}
				for _, c := range st.columns {
					projected[c.name] = c.of(r)
				}
				rows[i] = &row{columns: projected}
			}
		case "distinct", "summarize":
			rows, hasID = grouped(rows, st), false
		case "order":
			slices.SortStableFunc(rows, func(a, b *row) int {
				return cmp.Compare(fmt.Sprint(st.path.of(a)), fmt.Sprint(st.path.of(b)))
			})
		}
	}
	return rows, hasID
}

func grouped(rows []*row, st stage) []*row {
	counts := map[any]int{}
	var order []any
	for _, r := range rows {
		key := st.path.of(r)
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
	}
	var result []*row
	for _, key := range order {
		columns := object{}
		if st.path.path != nil {
			columns[strings.Join(st.path.path, "_")] = key
		}
		if st.count != "" {
			columns[st.count] = counts[key]
		}
		result = append(result, &row{columns: columns})
	}
	return result
}

// table returns the rows that may be read, in the order of their ids.
func (s *Server) table(name string, subs map[string]bool) []*row {
	var rows []*row
	if name == "resourcecontainers" {
		for _, key := range s.store.order {
			if subs[key] {
				rows = append(rows, s.containerRow(s.subscription(key), "microsoft.resources/subscriptions", key))
			}
		}
		for _, key := range sortedKeys(asObject(s.store.groups)) {
			if sub := parseTarget(key).sub; subs[sub] {
				rows = append(rows, s.containerRow(s.group(key), "microsoft.resources/subscriptions/resourcegroups", sub))
			}
		}
		return rows
	}
	var found []*resource
	for _, r := range s.store.resources {
		policy := strings.HasPrefix(r.typeKey(), "microsoft.authorization/policy")
		tracked := r.group != "" && len(r.types) == 1 && !r.kind.extends
		if !subs[r.sub] || r.gone || name == "resources" && !tracked || name == "policyresources" && !policy {
			continue
		}
		if len(s.denials) > 0 && s.denied(r.path, r.kind.actionName()+"/read") {
			continue
		}
		found = append(found, r)
	}
	slices.SortFunc(found, func(a, b *resource) int { return cmp.Compare(a.key, b.key) })
	for _, r := range found {
		rows = append(rows, s.row(r))
	}
	return rows
}

func (s *Server) row(r *resource) *row {
	return &row{
		columns: object{"id": s.idOf(r), "name": r.lastName(), "type": r.typeKey(), "tenantId": s.opts.TenantID,
			"resourceGroup": strings.ToLower(r.group), "subscriptionId": r.sub, "kind": "", "managedBy": "", "plan": nil, "extendedLocation": nil},
		rest: func() object {
			body := s.render(r, s.opts.GraphVersion)
			for _, name := range []string{"sku", "zones", "identity", "tags", "properties"} {
				setDefault(body, name, nil)
			}
			body["location"] = region(textAt(body, "location"))
			return body
		},
	}
}

func (s *Server) containerRow(body object, typ, sub string) *row {
	columns := object{"id": body["id"], "name": body["name"], "type": typ, "tenantId": s.opts.TenantID, "subscriptionId": sub,
		"resourceGroup": "", "location": textAt(body, "location"), "properties": body["properties"], "tags": nil}
	if display := textAt(body, "displayName"); display != "" {
		columns["name"] = display
		columns["properties"] = object{"state": "Enabled"}
		if parents := s.store.subscriptions[sub].ManagementGroups; parents != nil {
			var chain []any
			for _, name := range parents {
				chain = append(chain, object{"name": name, "displayName": name})
			}
			columns["properties"] = object{"state": "Enabled", "managementGroupAncestorsChain": chain}
		}
	} else {
		columns["resourceGroup"] = strings.ToLower(textAt(body, "name"))
	}
	return &row{columns: columns}
}

func asObject(groups map[string]object) object {
	all := object{}
	for key := range groups {
		all[key] = nil
	}
	return all
}
