package sizing

import (
	"strconv"
	"strings"
)

// gigabytes writes a size with at most two decimals.
func gigabytes(gb float64) string {
	text := strconv.FormatFloat(gb, 'f', 2, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + " GB"
}

// number writes a count with separators of thousands.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// count writes a count with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return number(n) + " " + noun
}

// percent writes a share of one as a whole percentage.
func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 0, 64) + " %" }
