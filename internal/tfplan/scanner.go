package tfplan

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// scanner walks JSON that jsontext has validated, and so checks for no errors. To
// validate a resource change in one call is three times as fast as to read its
// tokens, and most of the change is skipped.
type scanner struct {
	b   []byte
	pos int
}

// peek returns the first byte of the next value.
func (s *scanner) peek() byte {
	for {
		switch c := s.b[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
}

// enter steps into an array or object.
func (s *scanner) enter() { s.pos++ }

// more steps to the next member or element; at the end it steps out and returns false.
func (s *scanner) more(end byte) bool {
	c := s.peek()
	if c == ',' {
		s.pos++
		c = s.peek()
	}
	if c == end {
		s.pos++
		return false
	}
	return true
}

// name returns the text of a string and, where it is the name of a member,
// steps over the colon.
func (s *scanner) name() []byte {
	raw := s.skip()
	if s.pos < len(s.b) && s.peek() == ':' {
		s.pos++
	}
	return memberName(raw)
}

// text returns the text of a string, and the empty text for another value.
func (s *scanner) text() []byte {
	if s.peek() != '"' {
		s.skip()
		return []byte{}
	}
	return s.name()
}

// skip steps over the next value and returns it as it is written.
func (s *scanner) skip() []byte {
	switch s.peek() {
	case '"':
		start := s.pos
		s.skipString()
		return s.b[start:s.pos]
	case '{', '[':
		start, depth := s.pos, 0
		for {
			switch s.b[s.pos] {
			case '"':
				s.skipString()
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			s.pos++
			if depth == 0 {
				return s.b[start:s.pos]
			}
		}
	default:
		start := s.pos
		for s.pos < len(s.b) && !isDelimiter(s.b[s.pos]) {
			s.pos++
		}
		return s.b[start:s.pos]
	}
}

func isDelimiter(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}

// skipString steps over a string; a quote ends it unless an odd number of
// backslashes stands before.
func (s *scanner) skipString() {
	start := s.pos + 1
	for at := start; ; {
		at += bytes.IndexByte(s.b[at:], '"')
		slashes := 0
		for at-1-slashes >= start && s.b[at-1-slashes] == '\\' {
			slashes++
		}
		at++
		if slashes%2 == 0 {
			s.pos = at
			return
		}
	}
}

// memberName returns the text of a quoted string; it stays part of raw unless
// something in it is escaped.
func memberName(raw jsontext.Value) []byte {
	if bytes.IndexByte(raw, '\\') >= 0 {
		name, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil
		}
		return name
	}
	if len(raw) < 2 {
		return nil
	}
	return raw[1 : len(raw)-1]
}
