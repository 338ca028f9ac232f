package arm

import (
	"crypto/sha256"
	"fmt"
)

// Limits of one list, far above what Azure has: a list without an end, or one
// that comes back to where it was, must end here.
const (
	mostPages      = 1000
	mostEmptyPages = 20 // one after another; a filter may leave some
	mostItems      = 200_000
	mostListBytes  = 256 << 20 // of answers
)

// paging watches over the pages of one list.
type paging struct {
	pages, empty, items, bytes int
	seen                       map[[sha256.Size]byte]struct{} // hashes of what named a page
}

// page counts one page that was read; next names the one that follows, empty
// after the last. The error says what is wrong with the list.
func (p *paging) page(items, bytes int, next string) error {
	p.pages, p.items, p.bytes, p.empty = p.pages+1, p.items+items, p.bytes+bytes, p.empty+1
	if items > 0 {
		p.empty = 0
	}
	if p.items > mostItems || p.bytes > mostListBytes {
		return fmt.Errorf("the list is longer than %d entries or %d MB", mostItems, mostListBytes>>20)
	}
	if next == "" {
		return nil
	}
	name := sha256.Sum256([]byte(next))
	if _, again := p.seen[name]; again {
		return fmt.Errorf("after %d pages the answer names a page as the next one that was read already", p.pages)
	}
	if p.seen == nil {
		p.seen = map[[sha256.Size]byte]struct{}{}
	}
	p.seen[name] = struct{}{}
	if p.pages == mostPages || p.empty == mostEmptyPages {
		return fmt.Errorf("the list has no end: %d pages were read, the last %d without an entry, and there are more", p.pages, p.empty)
	}
	return nil
}
