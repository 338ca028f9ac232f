package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hostile text may stand in an input (an address, a name, a note, an error) and
// passes through this file on its way to a format. Text must not steer a terminal,
// start a line of its own, or command the CI system that reads the output: Azure
// Pipelines obeys "##vso[" anywhere in a line and "##[" at its start, GitHub
// "##[" anywhere and "::name::" at the start of a line, TeamCity "##teamcity[",
// GitLab sections between a carriage return and an ANSI sequence.

// Printable makes hostile text safe, line by line: see printable. Line breaks stay.
func Printable(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = printable(l)
	}
	return strings.Join(lines, "\n")
}

// OneLine folds white space and makes the rest safe for a terminal and for a CI
// system, since a file name or an error may hold anything.
func OneLine(s string) string { return Printable(strings.Join(strings.Fields(s), " ")) }

// printable escapes characters that are not for people (control characters, line
// breaks, ANSI sequences, bidirectional overrides) and the signs of a command.
// Printable text stays as it is.
func printable(s string) string {
	if isPlain(s) {
		return s
	}
	s = visible(s)
	if !mayCommand(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if startsCommand(s, i) {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// startsCommand reports whether the byte at i is the second of "##", or of "::"
// before a name. A group of hexadecimal digits is part of an IPv6 address and no
// name of a command, and neither is what begins a URL or an address of SSH, as in the
// source of a module: the name of a command ends at a space or "::".
func startsCommand[T string | []byte](s T, i int) bool {
	if i == 0 || s[i] != s[i-1] || s[i] != '#' && s[i] != ':' {
		return false
	}
	if s[i] == '#' {
		return true
	}
	end, hex := i+1, true
	for ; end < len(s) && isNameByte(s[end]); end++ {
		hex = hex && strings.IndexByte("0123456789abcdefABCDEF", s[end]) >= 0
	}
	return end > i+1 && (!hex || end > i+5) && !beginsURL(s[end:])
}

// beginsURL reports whether what follows a name makes it the scheme of a URL or the user
// of an address of SSH.
func beginsURL[T string | []byte](rest T) bool {
	return len(rest) > 0 && rest[0] == '@' || len(rest) > 2 && rest[0] == ':' && rest[1] == '/' && rest[2] == '/'
}

// mayCommand reports whether a text holds "##" or "::", with which every command
// begins. Few texts hold one of the signs, and one byte is found more quickly.
func mayCommand(s string) bool {
	return strings.IndexByte(s, '#') >= 0 && strings.Contains(s, "##") || strings.IndexByte(s, ':') >= 0 && strings.Contains(s, "::")
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func visible(s string) string {
	clean := true
	for i, r := range s {
		if !unicode.IsGraphic(r) || r == utf8.RuneError && startsInvalid(s[i:]) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += size
	}
	return b.String()
}

func startsInvalid(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size <= 1
}

// JSONWriter returns a writer for JSON that escapes commands to readers of a log.
// The escapes are those of JSON, so that programs read the text as it was. No Write
// may end within a string.
func JSONWriter(w io.Writer) io.Writer { return jsonWriter{w} }

type jsonWriter struct{ io.Writer }

// Write escapes and passes on.
func (w jsonWriter) Write(p []byte) (int, error) {
	if _, err := w.Writer.Write(escapeCommands(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// escapeCommands returns JSON in which no text is a command of a CI system and
// no character is invisible.
func escapeCommands(p []byte) []byte {
	if !mayHoldCommand(p) {
		return p
	}
	out := make([]byte, 0, len(p)+64)
	for i := 0; i < len(p); {
		r, size := utf8.DecodeRune(p[i:])
		switch {
		case startsCommand(p, i):
			out = fmt.Appendf(out, `\u%04x`, p[i])
		case p[i] < ' ' || unicode.IsGraphic(r) || r == utf8.RuneError: // control characters are JSON's own space
			out = append(out, p[i:i+size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

// mayHoldCommand reports whether JSON may hold text that escapeCommands escapes: a
// byte that is not printable ASCII, "##" or "::". True may be wrong, false never is.
func mayHoldCommand(p []byte) bool {
	for i, c := range p {
		if c >= 0x7f || i+1 < len(p) && startsPair(c, p[i+1]) {
			return true
		}
	}
	return false
}

func startsPair(a, b byte) bool { return a == b && (a == ':' || a == '#') }

const eachByte, highBits = 0x0101010101010101, 0x8080808080808080

// equal sets the highest bit of each byte of x that is c, and perhaps of bytes
// behind one.
func equal(x, c uint64) uint64 {
	x ^= eachByte * c
	return (x - eachByte) &^ x & highBits
}

// pairs is not 0 where eight bytes hold "::" or "##". colon and hash say whether
// the byte before was one half, and the last of the eight is.
func pairs(x, colon, hash uint64) (found, lastColon, lastHash uint64) {
	colons, hashes := equal(x, ':'), equal(x, '#')
	return colons&(colons<<8|colon) | hashes&(hashes<<8|hash), colons >> 56, hashes >> 56
}

// isPlain reports whether a string is ASCII of which JSON, escapeCommands and
// printable escape nothing. It looks at eight bytes at once, since reports are
// long: a byte of x less than n borrows from its highest bit in x-n, and one that
// equals c is 0 in x^c.
func isPlain(s string) bool {
	var colon, hash, pair uint64
	for len(s) >= 8 {
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		quote, slash, del := x^eachByte*'"', x^eachByte*'\\', x^eachByte*0x7f
		pair, colon, hash = pairs(x, colon, hash)
		if (x|(x-eachByte*' ')|(quote-eachByte)|(slash-eachByte)|(del-eachByte))&highBits|pair != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f || i+1 < len(s) && startsPair(c, s[i+1]) {
			return false
		}
	}
	return s == "" || !(colon != 0 && s[0] == ':' || hash != 0 && s[0] == '#')
}
