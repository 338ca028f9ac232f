package tfconfig

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// census counts the tokens of a text, and how deeply they nest, without allocating them.
// It may count too many, and never too few.
type census struct {
	src    []byte
	pos    int
	tokens int
	depth  int // of brackets
	frames []frame
	nesting
	oddNumber bool              // a number may have an exponent, or very many digits
	comment   func(text []byte) // is called for each comment; may be nil
}

// frame is what surrounds the position: code, at the bottom and within ${ }, a
// quoted string, or a heredoc.
type frame struct {
	in     byte   // one of code, quote, heredoc
	braces int    // open in code
	marker []byte // that ends the heredoc
	inLine bool   // the heredoc's line has begun already
}

const (
	inCode    = 'c'
	inQuote   = 'q'
	inHeredoc = 'h'
)

// native counts the tokens of native syntax. Too deep a nesting is an error, and so is
// a comment without an end, for which the lexer would search at every character.
func (c *census) native() error {
	c.frames, c.nesting = []frame{{in: inCode}}, newNesting()
	for c.pos < len(c.src) && c.tokens <= maxFileTokens {
		var err error
		switch top := &c.frames[len(c.frames)-1]; top.in {
		case inCode:
			err = c.code(top)
		case inQuote:
			c.quote()
		default:
			c.heredoc(top)
		}
		if err != nil {
			return err
		}
		if len(c.frames) > maxNesting || c.depth > maxNesting {
			return fmt.Errorf("expressions nest more than %d levels deep", maxNesting)
		}
	}
	c.tokens++ // the end
	return nil
}

func (c *census) push(f frame) { c.frames = append(c.frames, f) }
func (c *census) pop()         { c.frames = c.frames[:len(c.frames)-1] }

func (c *census) take(n int) {
	c.tokens++
	c.pos += n
}

func (c *census) takeComment(n int) {
	if c.comment != nil {
		c.comment(c.src[c.pos : c.pos+n])
	}
	c.take(n)
}

// while moves past bytes of a kind.
func (c *census) while(is func(byte) bool) {
	for c.pos < len(c.src) && is(c.src[c.pos]) {
		c.pos++
	}
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }
func inName(b byte) bool { return letter(b) || digit(b) || b == '-' }

func (c *census) code(top *frame) error {
	rest := c.src[c.pos:]
	switch b := rest[0]; {
	case b == ' ' || b == '\t':
		c.pos++
	case letter(b):
		c.tokens++
		c.while(inName)
	case digit(b):
		c.tokens++
		start := c.pos
		c.while(digit)
		c.oddNumber = c.oddNumber || c.pos-start >= maxDigits/2 || c.pos < len(c.src) && c.src[c.pos]|0x20 == 'e'
	case b == '"':
		c.take(1)
		c.push(frame{in: inQuote})
		c.open(false)
	case b == '#' || bytes.HasPrefix(rest, []byte("//")):
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest) - 1
		}
		c.takeComment(end + 1)
	case bytes.HasPrefix(rest, []byte("/*")):
		end := bytes.Index(rest[2:], []byte("*/"))
		if end < 0 {
			return fmt.Errorf("a comment has no end")
		}
		c.takeComment(end + 4)
	case bytes.HasPrefix(rest, []byte("<<")):
		marker, size := heredocStart(rest)
		if marker == nil {
			c.operator()
			c.take(1)
			break
		}
		c.take(size)
		c.push(frame{in: inHeredoc, marker: marker})
		c.open(false)
	case b == '{':
		top.braces++
		c.depth++
		c.take(1)
		c.open(true)
	case b == '}' && top.braces == 0 && len(c.frames) > 1:
		c.pop()
		c.depth--
		c.take(1)
		c.shut()
	case b == '}':
		top.braces--
		c.depth = max(c.depth-1, 0)
		c.take(1)
		c.shut()
	case b == '(' || b == '[':
		c.depth++
		c.take(1)
		if b == '[' {
			c.operator()
		}
		c.open(false)
	case b == ')' || b == ']':
		c.depth = max(c.depth-1, 0)
		c.take(1)
		c.shut()
	case b == ',' || b == '\n':
		c.take(1)
		c.next(b == '\n')
	case b == '=' && !bytes.HasPrefix(rest, []byte("==")):
		c.take(1)
	default:
		c.take(1)
		if bytes.IndexByte([]byte("!-+*/%?&|<>="), b) >= 0 { // of two signs each counts
			c.operator()
		}
	}
	return nil
}

// heredocStart reads <<NAME and the end of its line. The marker is nil where there is
// no heredoc.
func heredocStart(rest []byte) (marker []byte, size int) {
	start := 2
	if start < len(rest) && rest[start] == '-' {
		start++
	}
	end := start
	for end < len(rest) && (inName(rest[end]) || rest[end] >= utf8.RuneSelf) {
		end++
	}
	size = end
	if size < len(rest) && rest[size] == '\r' {
		size++
	}
	if size == len(rest) || rest[size] != '\n' || !hclsyntax.ValidIdentifier(string(rest[start:end])) {
		return nil, 0
	}
	return rest[start:end], size + 1
}

// template reads $ or % within text, where an expression may begin.
func (c *census) template() {
	rest := c.src[c.pos:]
	switch {
	case len(rest) > 1 && rest[1] == '{':
		if c.take(2); rest[0] == '%' {
			c.operator()
		}
		c.depth++
		c.push(frame{in: inCode})
		c.open(false)
	case len(rest) > 2 && rest[1] == rest[0] && rest[2] == '{': // escaped
		c.take(3)
	default:
		c.take(1)
	}
}

func (c *census) quote() {
	switch b := c.src[c.pos]; b {
	case '"':
		c.take(1)
		c.pop()
		c.shut()
	case '$', '%':
		c.template()
	case '\n', '\r':
		c.take(1)
	default:
		c.tokens++
		for c.pos < len(c.src) {
			switch c.src[c.pos] {
			case '"', '$', '%', '\n', '\r':
				return
			case '\\':
				if c.pos+1 == len(c.src) || c.src[c.pos+1] == '\n' || c.src[c.pos+1] == '\r' {
					c.take(1)
					return
				}
				c.pos++
			}
			c.pos++
		}
	}
}

func (c *census) heredoc(top *frame) {
	rest := c.src[c.pos:]
	if !top.inLine {
		if end := bytes.IndexByte(rest, '\n'); end >= 0 && bytes.Equal(bytes.TrimSpace(rest[:end]), top.marker) {
			c.pop()
			c.shut()
			c.tokens++ // and the line
			c.take(end + 1)
			return
		}
	}
	if b := rest[0]; b == '$' || b == '%' {
		top.inLine = true
		c.template()
		return
	}
	end := bytes.IndexAny(rest, "$%\n")
	switch {
	case end < 0:
		c.tokens++ // a carriage return may end the first
		c.take(len(rest))
	case rest[end] == '\n':
		top.inLine = false
		c.take(end + 1)
	default:
		top.inLine = true
		c.take(end)
	}
}

// stateless counts the tokens of a text as if all of it were code.
func (c *census) stateless(text []byte) {
	name := false
	for _, b := range text {
		switch {
		case b == ' ' || b == '\t':
			name = false
		case letter(b):
			if !name {
				c.tokens++
			}
			name = true
		case b == '"':
			c.tokens += 2 // with a piece of text
			name = false
		default:
			if !name || !inName(b) {
				c.tokens++
				name = false
			}
		}
	}
	c.tokens++
	// For each comment without an end the lexer searches to the end of the text.
	open := bytes.Count(text[bytes.LastIndex(text, []byte("*/"))+1:], []byte("/*"))
	c.tokens += open * len(text) / 1000
}

// json counts the tokens of JSON, and those in its strings, which are templates. Too
// deep a nesting and too long a number are errors.
func (c *census) json() error {
	for c.pos < len(c.src) {
		switch b := c.src[c.pos]; {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r':
			c.pos++
		case b == '"':
			c.pos++
			start := c.pos
			for c.pos < len(c.src) && c.src[c.pos] != '"' {
				if c.src[c.pos] == '\\' {
					c.pos++
				}
				c.pos++
			}
			c.pos = min(c.pos, len(c.src))
			c.jsonString(c.src[start:c.pos])
			c.pos++
		case b == '{' || b == '[':
			if c.depth++; c.depth > maxNesting {
				return fmt.Errorf("values nest more than %d levels deep", maxNesting)
			}
			c.take(1)
		case b == '}' || b == ']':
			c.depth--
			c.take(1)
		case digit(b):
			c.tokens++
			start := c.pos
			c.while(func(b byte) bool { return digit(b) || bytes.IndexByte([]byte(".eE+-"), b) >= 0 })
			if err := checkNumber(c.src[start:c.pos]); err != nil {
				c.pos = start
				return err
			}
		case letter(b):
			c.tokens++
			c.while(inName)
		default:
			c.take(1)
		}
	}
	return nil
}

func (c *census) jsonString(text []byte) {
	for _, code := range []string{"${", "%{", `\u`, "object("} {
		if bytes.Contains(text, []byte(code)) {
			c.stateless(text)
			return
		}
	}
	c.tokens += 1 + bytes.Count(text, []byte(`\`)) + bytes.Count(text, []byte("$")) + bytes.Count(text, []byte("%"))
}
