package report

// runVerdict is whether a run passes, as pages and comments mark it.
type runVerdict struct {
	Class, Sign, Emoji string
	Word               string
	// Why is a sentence where the number of violations does not tell; empty where it does.
	Why string
}

// runVerdict returns the verdict on a run in which findings of its caches fail; the
// closing counts what no finding shows, too.
func (b *base) runVerdict(end Closing, failing int, judged verdicts) runVerdict {
	failing = max(failing, end.Failing)
	violations := end.Summary.NonCompliant
	switch {
	case end.Incomplete():
		return runVerdict{"ask", "?", "❔", "Incomplete", "Something could not be read or seen: the notes name it, and this is the rest."}
	case failing > 0:
		why := Count(failing, "finding fails", "findings fail") + " this run"
		if violations > failing {
			why += "; not every violation does"
		}
		return runVerdict{"bad", "✗", "❌", "Fails", why + "."}
	case judged.Total == judged.Destroyed:
		return runVerdict{"na", "–", "➖", "Nothing was judged", ""}
	case violations > 0:
		return runVerdict{"ok", "✓", "⚠️", "Passes", "None of the violations counts in this run: the notes say why."}
	case judged.Undecided+end.Summary.Unjudged > 0:
		return runVerdict{"ok", "✓", "❔", "Passes", ""}
	default:
		return runVerdict{"ok", "✓", "✅", "Passes", ""}
	}
}

// headline is what was found, in a few words.
func (b *base) headline(end Closing, judged verdicts) string {
	s, of := end.Summary, caches(judged.Total)
	switch {
	case judged.Total == 0 && (len(end.Unseen) > 0 || end.Partial != ""):
		return "no " + ServiceNames(b.judging(end, 0), "or") + " was judged" + unjudgedClause(s)
	case judged.Total == 0:
		return "no " + ServiceNames(b.judging(end, 0), "or") + " in the input" + unjudgedClause(s)
	case judged.Destroyed == judged.Total:
		return of + " destroyed" + unjudgedClause(s)
	case judged.Violated > 0:
		return Count(s.NonCompliant, "violation", "violations") + " in " + itoa(judged.Violated) + " of " + of + unjudgedClause(s)
	case judged.Undecided > 0:
		return "no violation, " + itoa(judged.Undecided) + " of " + of + " undecided" + unjudgedClause(s)
	default:
		return "no violation in " + of + unjudgedClause(s)
	}
}
