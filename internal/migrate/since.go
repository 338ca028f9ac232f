package migrate

import (
	"slices"
	"strings"
)

// NameSuffix ends the name of a target, behind the old name and a hyphen; a number may
// follow it. The old name itself stays with the old cache until that is deleted.
const NameSuffix = "amr"

// Compare says what has changed since an earlier report, which was read from input. A
// cache is found again by its ARM id, else by its address, else by its name.
func Compare(earlier, now *Report, input string) *Since {
	s := &Since{
		Input: input, GeneratedAt: earlier.GeneratedAt, Moved: none, Left: none, New: none, Unblocked: none, Begun: none, Unseen: none,
	}
	before, after := newFinder(earlier.Caches), newFinder(now.Caches)
	lacks := newCoverage(earlier, now, after)
	name := namesIn(earlier.Caches)
	for i := range earlier.Caches {
		m := &earlier.Caches[i]
		if m.State != ToMove && m.State != Blocked {
			continue
		}
		same, successor := after.same(m), after.successor(m)
		switch {
		case same != nil && same.State == Moved:
			s.Moved = append(s.Moved, name(m))
		case same == nil:
			why := lacks.why(m)
			if len(why) == 0 {
				s.Moved = append(s.Moved, name(m))
				continue
			}
			s.Unseen = append(s.Unseen, name(m))
			for _, note := range why {
				if note = "not seen this time: " + note; !slices.Contains(s.Notes, note) {
					s.Notes = append(s.Notes, note)
				}
			}
		default:
			s.Left = append(s.Left, name(m))
			if m.State == Blocked && same.State == ToMove {
				s.Unblocked = append(s.Unblocked, name(m))
			}
			if successor != nil {
				s.Begun = append(s.Begun, name(m))
			}
		}
	}
	name = namesIn(now.Caches)
	for i := range now.Caches {
		if m := &now.Caches[i]; (m.State == ToMove || m.State == Blocked) && before.same(m) == nil {
			s.New = append(s.New, name(m))
		}
	}
	if len(s.New) > 0 && (earlier.Partial != "" || len(earlier.Unseen) > 0) {
		s.Notes = append(s.Notes, "new: the earlier report did not see all caches, so that some of these may have been there")
	}
	for _, list := range []*[]string{&s.Moved, &s.Left, &s.New, &s.Unblocked, &s.Begun, &s.Unseen} {
		*list = sorted(*list)
	}
	return s
}

// finder finds caches of a report.
type finder struct {
	byID, byAddress, byName map[string]*Move
	moved                   map[string]*Move // those of the successor, by their name and the old one
	movedAt                 map[string]*Move // the same by the stem of their labels, which renaming keeps
}

func newFinder(moves []Move) finder {
	f := finder{map[string]*Move{}, map[string]*Move{}, map[string]*Move{}, map[string]*Move{}, map[string]*Move{}}
	for i := range moves {
		m := &moves[i]
		if m.ResourceID != nil {
			f.byID[strings.ToLower(*m.ResourceID)] = m
		}
		if m.Address != nil {
			f.byAddress[*m.Address] = m
			if stem, ok := strings.CutSuffix(label(*m.Address), "_"+NameSuffix); ok && m.State == Moved {
				f.movedAt[stem] = m
			}
		}
		if m.Name == nil {
			continue
		}
		name := strings.ToLower(*m.Name)
		if m.State != Moved {
			f.byName[name] = m
			continue
		}
		f.moved[name] = m
		if old := oldName(name); old != "" {
			f.moved[old] = m
		}
	}
	return f
}

// same returns the cache itself; nil where the report does not have it.
func (f finder) same(m *Move) *Move {
	if m.ResourceID != nil {
		if found := f.byID[strings.ToLower(*m.ResourceID)]; found != nil {
			return found
		}
	}
	if m.Address != nil {
		if found := f.byAddress[*m.Address]; found != nil && !differ(found.ResourceID, m.ResourceID) {
			return found
		}
	}
	if m.Name != nil {
		found := f.byName[strings.ToLower(*m.Name)]
		if found != nil && found.Type == m.Type && !differ(found.ResourceID, m.ResourceID) && !differ(found.Address, m.Address) {
			return found
		}
	}
	return nil
}

// successor returns a cache of Azure Managed Redis, made anew, with the name of another,
// the name that a target gets, or the label that its resource gets.
func (f finder) successor(m *Move) *Move {
	var found *Move
	if m.Name != nil {
		found = f.moved[strings.ToLower(*m.Name)]
	}
	if found == nil && m.Address != nil {
		found = f.movedAt[Stem(*m.Address)]
	}
	if found == nil || found.ResourceID != nil && m.ResourceID != nil && strings.EqualFold(*found.ResourceID, *m.ResourceID) {
		return nil
	}
	return found
}

// differ reports whether two texts are known and are not the same, without regard to case.
func differ(a, b *string) bool { return a != nil && b != nil && !strings.EqualFold(*a, *b) }
