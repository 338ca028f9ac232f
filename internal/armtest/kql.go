package armtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A query is read by this grammar and nothing more; what it does not cover is
// an error, never an empty answer:
//
//	query   = table { "|" stage }
//	table   = "resources" | "resourcecontainers" | "policyresources"
//	stage   = "where" test { "and" test }
//	        | "project" column { "," column }
//	        | "extend" name "=" value { "," name "=" value }
//	        | "distinct" path
//	        | "summarize" name "=" "count()" [ "by" path ]
//	        | ( "order" | "sort" ) "by" path [ "asc" ]
//	test    = value ( "=~" | "==" | "!~" | "!=" ) literal
//	        | value ( "in~" | "in" | "!in~" ) "(" literal { "," literal } ")"
//	        | ( "isnotnull" | "isnotempty" | "isempty" ) "(" value ")"
//	column  = path | name "=" value
//	value   = path | ( "tolower" | "tostring" ) "(" value ")" | literal
//	path    = name { "." name | "['" text "']" }
//	literal = "'" text "'" | '"' text '"' | number | "true" | "false"
//
// limit, take, skip, join, union and mv-expand are left out on purpose: paging
// is the service's work, and the rest would make an engine of this.
type query struct {
	table  string
	stages []stage
}

type stage struct {
	verb    string
	tests   []test
	columns []column
	path    value
	count   string
}

type test struct {
	left     value
	operator string
	right    []value
}

type column struct {
	name string
	value
}

// value is a literal, a path, or a function of one.
type value struct {
	literal any
	path    []string
	lower   bool
	text    bool
}

var kqlToken = regexp.MustCompile(`^(?:\s+|//[^\n]*)*(\['[^']*'\]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[A-Za-z_$][A-Za-z0-9_-]*|\d+(?:\.\d+)?|!in~|in~|=~|==|!~|!=|[|,().=])`)

type kqlParser struct {
	tokens []string
}

func parseQuery(text string) (q query, err error) {
	p := kqlParser{}
	for rest := text; strings.TrimSpace(rest) != ""; {
		found := kqlToken.FindStringSubmatchIndex(rest)
		if found == nil {
			return q, fmt.Errorf("the fake does not know the syntax at %q", rest)
		}
		token := rest[found[2]:found[3]]
		rest = rest[found[1]:]
		// in~ is one word, although ~ is not of a word.
		if token == "in" && strings.HasPrefix(rest, "~") {
			token, rest = "in~", rest[1:]
		}
		p.tokens = append(p.tokens, token)
	}
	defer func() {
		if failed, isSyntax := recover().(syntaxError); isSyntax {
			err = failed
		}
	}()
	q.table = strings.ToLower(p.next())
	if !slices.Contains([]string{"resources", "resourcecontainers", "policyresources"}, q.table) {
		return q, fmt.Errorf("the fake has no table %q", q.table)
	}
	for len(p.tokens) > 0 {
		p.want("|")
		q.stages = append(q.stages, p.stage())
	}
	return q, nil
}

type syntaxError struct{ error }

func (p *kqlParser) fail(format string, args ...any) {
	panic(syntaxError{fmt.Errorf(format, args...)})
}

func (p *kqlParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *kqlParser) next() string {
	token := p.peek()
	if token == "" {
		p.fail("the query ends too early")
	}
	p.tokens = p.tokens[1:]
	return token
}

func (p *kqlParser) want(token string) {
	if got := p.next(); !strings.EqualFold(got, token) {
		p.fail("%q stands where the fake wants %q", got, token)
	}
}

func (p *kqlParser) stage() stage {
	st := stage{verb: strings.ToLower(p.next())}
	switch st.verb {
	case "where":
		st.tests = append(st.tests, p.test())
		for strings.EqualFold(p.peek(), "and") {
			p.next()
			st.tests = append(st.tests, p.test())
		}
	case "project", "extend":
		for {
			st.columns = append(st.columns, p.column(st.verb == "extend"))
			if p.peek() != "," {
				break
			}
			p.next()
		}
	case "distinct":
		st.path = p.value()
	case "summarize":
		st.count = p.next()
		for _, token := range []string{"=", "count", "(", ")"} {
			p.want(token)
		}
		if strings.EqualFold(p.peek(), "by") {
			p.next()
			st.path = p.value()
		}
	case "order", "sort":
		st.verb = "order"
		p.want("by")
		st.path = p.value()
		if strings.EqualFold(p.peek(), "asc") {
			p.next()
		}
	default:
		p.fail("the fake does not know the operator %q", st.verb)
	}
	return st
}

func (p *kqlParser) test() test {
	switch function := strings.ToLower(p.peek()); function {
	case "isnotnull", "isnotempty", "isempty":
		p.next()
		p.want("(")
		left := p.value()
		p.want(")")
		return test{left: left, operator: function}
	}
	t := test{left: p.value(), operator: strings.ToLower(p.next())}
	switch t.operator {
	case "=~", "==", "!~", "!=":
		t.right = []value{p.literal()}
	case "in", "in~", "!in~":
		p.want("(")
		for {
			t.right = append(t.right, p.literal())
			if p.peek() != "," {
				break
			}
			p.next()
		}
		p.want(")")
	default:
		p.fail("the fake does not know the comparison %q", t.operator)
	}
	return t
}

func (p *kqlParser) column(named bool) column {
	v := p.value()
	if p.peek() == "=" {
		if len(v.path) != 1 || v.lower || v.text {
			p.fail("a column is named by one word")
		}
		p.next()
		return column{v.path[0], p.value()}
	}
	if named || len(v.path) == 0 {
		p.fail("a column needs a name here")
	}
	return column{strings.Join(v.path, "_"), v}
}

func (p *kqlParser) literal() value {
	v := p.value()
	if v.path != nil {
		p.fail("the fake compares with literals only")
	}
	return v
}

func (p *kqlParser) value() value {
	token := p.next()
	switch {
	case token[0] == '\'' || token[0] == '"':
		return value{literal: strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`).Replace(token[1 : len(token)-1])}
	case token[0] >= '0' && token[0] <= '9':
		var number float64
		if _, err := fmt.Sscan(token, &number); err != nil {
			p.fail("%q is not a number", token)
		}
		return value{literal: number}
	case strings.EqualFold(token, "true"), strings.EqualFold(token, "false"):
		return value{literal: strings.EqualFold(token, "true")}
	case strings.EqualFold(token, "tolower"), strings.EqualFold(token, "tostring"):
		p.want("(")
		inner := p.value()
		p.want(")")
		inner.text = true
		inner.lower = inner.lower || strings.EqualFold(token, "tolower")
		return inner
	}
	if !(token[0] == '_' || token[0] == '$' || token[0] >= 'A' && token[0] <= 'Z' || token[0] >= 'a' && token[0] <= 'z') {
		p.fail("%q stands where the fake wants a column", token)
	}
	v := value{path: []string{token}}
	for {
		switch next := p.peek(); {
		case next == ".":
			p.next()
			v.path = append(v.path, p.next())
		case strings.HasPrefix(next, "['"):
			v.path = append(v.path, strings.TrimSuffix(strings.TrimPrefix(p.next(), "['"), "']"))
		default:
			return v
		}
	}
}
