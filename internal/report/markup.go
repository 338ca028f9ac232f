package report

import "strings"

// markupEscapes are the escapes of text and of quoted attributes, in HTML and XML.
var markupEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\n", "&#xA;")

// AppendMarkup appends a pattern in which each % stands for the next of the
// texts, which are escaped.
func AppendMarkup(b []byte, pattern string, texts ...string) []byte {
	for _, text := range texts {
		before, after, _ := strings.Cut(pattern, "%")
		b = append(append(b, before...), markupEscapes.Replace(text)...)
		pattern = after
	}
	return append(b, pattern...)
}
