package tfconfig

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNesting is the deepest nesting of source text. Parser and evaluator recurse once
// per level, and a program cannot recover from a stack overflow in Go.
const maxNesting = 250

// maxDigits is the largest number of digits of a number: 1e999999999 is short, and
// printing it takes forever.
const maxDigits = 400

// checkNative refuses native syntax that nests too deeply to be parsed.
func checkNative(src []byte, filename string) error {
	tokens, _ := hclsyntax.LexConfig(src, filename, hcl.InitialPos)
	return checkTokens(tokens, filename)
}

// checkTemplate refuses the text of a JSON string that nests too deeply to be parsed.
func checkTemplate(src []byte, rng hcl.Range) error {
	tokens, _ := hclsyntax.LexTemplate(src, rng.Filename, rng.Start)
	return checkTokens(tokens, rng.Filename)
}

// nesting is how deeply expressions nest: in brackets, strings and templates, and, in each
// of them, in operators that nest without one, as in !!!!a or a ? b : c ? d : e.
type nesting struct {
	groups  []group // that are open; the first is the file itself
	total   int
	deepest int
}

// group is a bracket, a string or a template, with the operators in it.
type group struct {
	lines     bool // the end of a line ends an expression in it
	operators int
}

func newNesting() nesting { return nesting{groups: []group{{lines: true}}} }

func (n *nesting) open(lines bool) {
	n.groups = append(n.groups, group{lines: lines})
	n.deeper()
}

func (n *nesting) operator() {
	n.groups[len(n.groups)-1].operators++
	n.deeper()
}

func (n *nesting) deeper() {
	n.total++
	n.deepest = max(n.deepest, n.total)
}

// shut ends a group, whatever began it.
func (n *nesting) shut() {
	if last := len(n.groups) - 1; last > 0 {
		n.total -= n.groups[last].operators + 1
		n.groups = n.groups[:last]
	}
}

// next ends an expression, at a comma or at the end of a line.
func (n *nesting) next(line bool) {
	if top := &n.groups[len(n.groups)-1]; top.lines || !line {
		n.total -= top.operators
		top.operators = 0
	}
}

// token counts a token.
func (n *nesting) token(t hclsyntax.TokenType) {
	switch t {
	case hclsyntax.TokenOBrace:
		n.open(true)
	case hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
		n.open(false)
	case hclsyntax.TokenTemplateControl, hclsyntax.TokenOBrack:
		n.operator() // an if without endif, or an index on an index
		n.open(false)
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
		hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		n.shut()
	case hclsyntax.TokenComma, hclsyntax.TokenNewline:
		n.next(t == hclsyntax.TokenNewline)
	case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash,
		hclsyntax.TokenPercent, hclsyntax.TokenQuestion, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenEqualOp,
		hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan,
		hclsyntax.TokenGreaterThanEq:
		n.operator()
	}
}

// checkTokens refuses tokens that nest too deeply.
func checkTokens(tokens hclsyntax.Tokens, filename string) error {
	n := newNesting()
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenNumberLit {
			if err := checkNumber(t.Bytes); err != nil {
				return fmt.Errorf("%s:%d: %w", filename, t.Range.Start.Line, err)
			}
		}
		if n.token(t.Type); n.total > maxNesting {
			return fmt.Errorf("%s:%d: expressions nest more than %d levels deep", filename, t.Range.Start.Line, maxNesting)
		}
	}
	return nil
}

func checkNumber(lit []byte) error {
	if i := bytes.IndexAny(lit, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(string(bytes.TrimPrefix(lit[i+1:], []byte("+")))); err != nil || exp > maxDigits || exp < -maxDigits {
			return fmt.Errorf("number has more than %d digits", maxDigits)
		}
	}
	if len(lit) > maxDigits {
		return fmt.Errorf("number has more than %d digits", maxDigits)
	}
	return nil
}

// checkJSON refuses JSON that nests too deeply or holds numbers that are too long.
func checkJSON(src []byte) error { return (&census{src: src}).json() }
