package report

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"slices"
	"strings"
)

// worstTexts holds texts of the worst caches, the worst first, up to a number of
// texts and of bytes. It renders and holds no others.
type worstTexts struct {
	maxTexts, maxBytes int

	texts   []rankedText
	bytes   int
	full    bool // a text was dropped
	dropped rank // of the worst of those that were dropped
}

type rankedText struct {
	rank rank
	text string
}

// add takes the text of a cache; equals keep their order.
func (w *worstTexts) add(r rank, render func() string) {
	if w.full && r.compare(w.dropped) >= 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(w.texts, r, func(t rankedText, r rank) int {
		if t.rank.compare(r) <= 0 {
			return -1
		}
		return 1
	})
	text := render()
	w.texts = slices.Insert(w.texts, at, rankedText{r, text})
	w.bytes += len(text)
	for len(w.texts) > w.maxTexts || w.bytes > w.maxBytes {
		last := len(w.texts) - 1
		w.full, w.dropped = true, w.texts[last].rank
		w.bytes -= len(w.texts[last].text)
		w.texts = slices.Delete(w.texts, last, last+1)
	}
}

// join returns the first texts that fit into a number of bytes, and how many they are.
func (w *worstTexts) join(room int) (joined string, n int) {
	var b strings.Builder
	for i, t := range w.texts {
		if b.Len()+len(t.text) > room {
			return b.String(), i
		}
		b.WriteString(t.text)
	}
	return b.String(), len(w.texts)
}

// allTexts holds the texts of all caches by rank. It compresses them, since texts
// of many caches are long and much alike.
type allTexts struct {
	ranks   map[rank]*compressed
	pending int // bytes that are not yet compressed
	gzip    *gzip.Writer
}

// compressed is the texts of one rank, in the order of the caches.
type compressed struct {
	packed  bytes.Buffer // gzip members
	pending []byte       // the texts behind them
}

// maxPending is the number of bytes that are compressed at once.
const maxPending = 1 << 20

// add takes a text of a cache.
func (a *allTexts) add(r rank, text []byte) {
	t := a.ranks[r]
	if t == nil {
		if a.ranks == nil {
			a.ranks = map[rank]*compressed{}
		}
		t = &compressed{}
		a.ranks[r] = t
	}
	t.pending = append(t.pending, text...)
	if a.pending += len(text); a.pending < maxPending {
		return
	}
	if a.gzip == nil {
		a.gzip, _ = gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is valid
	}
	for _, t := range a.ranks {
		if len(t.pending) > 0 {
			a.gzip.Reset(&t.packed) // a buffer takes everything without an error
			_, _ = a.gzip.Write(t.pending)
			_ = a.gzip.Close()
			t.pending = nil
		}
	}
	a.pending = 0
}

// writeTo writes the texts, those of the worst cache first, and keeps none.
func (a *allTexts) writeTo(w io.Writer) error {
	for _, r := range slices.SortedFunc(maps.Keys(a.ranks), rank.compare) {
		t := a.ranks[r]
		if t.packed.Len() > 0 {
			members, err := gzip.NewReader(&t.packed)
			if err != nil {
				return err
			}
			if _, err := io.Copy(w, members); err != nil {
				return err
			}
		}
		if _, err := w.Write(t.pending); err != nil {
			return err
		}
		delete(a.ranks, r)
	}
	return nil
}
