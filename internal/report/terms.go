package report

// terms are the words for a severity in formats of other programs.
type terms struct {
	annotation string // severity of an annotation: error, warning or notice
	gitlab     string // severity of an issue
	sarif      string // level of a result
	security   string // security-severity of a rule, which GitHub reads
}

// termsOf returns the terms of a severity.
func termsOf(s Severity) terms {
	switch s {
	case High:
		return terms{"error", "critical", "error", "8.0"}
	case Medium:
		return terms{"warning", "major", "warning", "5.0"}
	case Low:
		return terms{"notice", "minor", sarifNote, "2.0"}
	default:
		return terms{"notice", "info", sarifNote, "1.0"}
	}
}
