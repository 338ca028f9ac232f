package tfplan

import "github.com/go-json-experiment/json/jsontext"

// entry is a resource change, or a drift, as it is read: what rules may ask for
// is not picked yet.
type entry struct {
	typ     *resourceType
	address string
	start   int // of the change in the buffer that it was copied to
	end     int // start where there is none
	// early says that the change came after what says that it is wanted.
	early bool
	// Where a duplicate key within the change is told.
	section string
	index   int
	offset  int64
	// unused says that only errors count.
	unused bool
}

// refuse returns the error for something that Terraform never writes.
func (e *entry) refuse(what string) error {
	return &InputError{Cause: "the input is no plan: a resource change has " + what, Path: "/" + e.section + "/" + itoa(e.index)}
}

// pick writes what is kept of the entry.
func (e *entry) pick(w *encoder, raw []byte) error {
	w.buf = w.buf[:0]
	if e.start == e.end {
		w.close(w.open('{')) // without a change
		return nil
	}
	if w.pick(&scanner{b: raw[e.start:e.end]}, e.typ.change) != nil {
		path := "/" + e.section + "/" + itoa(e.index)
		if e.early {
			path += "/change"
		}
		return &InputError{Cause: causeDuplicate, Offset: e.offset, Path: path}
	}
	return nil
}

// batchBytes is how much is read before it is handed on. One batch is filled,
// one waits, and one is worked on, so that reading never runs far ahead.
const batchBytes = 128 << 10

// batch is entries with the changes that they point into.
type batch struct {
	entries []entry
	raw     []byte
}

// newBatch has room for what it is filled with and the change that fills it.
func newBatch() *batch { return &batch{raw: make([]byte, 0, batchBytes+batchBytes/4)} }

// picker picks from changes, which jsontext has found to be valid, in a
// goroutine of its own while the next ones are read. Entries are taken in their
// order, so that the first error of the input is the one that is told.
type picker struct {
	reader  *reader
	index   int
	filling *batch
	todo    chan *batch
	free    chan *batch
	failed  chan struct{} // closed when nothing more is taken
	running crew
	err     error
}

// readChanges reads resource_changes.
func (r *reader) readChanges() (err error) {
	k := &picker{reader: r, filling: newBatch(), todo: make(chan *batch, 1),
		free: make(chan *batch, 2), failed: make(chan struct{})}
	k.running.hire(k.run)
	defer func() {
		if first := k.finish(); first != nil {
			err = first
		}
	}()
	return r.each(k.read)
}

// read reads one item of resource_changes.
func (k *picker) read(dec *jsontext.Decoder) error {
	b := k.filling
	e, raw, err := readEntry(dec, b.raw, k.reader.src.skew, "resource_changes", k.index)
	b.raw = raw
	k.index++
	if err != nil {
		return err
	}
	k.reader.exists.add(e.address)
	if e.typ != nil {
		b.entries = append(b.entries, e)
	}
	if len(b.raw) < batchBytes && len(b.entries) < batchBytes/256 {
		return nil
	}
	select {
	case k.todo <- b:
	case <-k.failed:
		return errStopped
	}
	select {
	case k.filling = <-k.free:
	default:
		k.filling = newBatch()
	}
	return nil
}

// finish waits for what was read and returns the first error in it.
func (k *picker) finish() error {
	select {
	case k.todo <- k.filling:
	case <-k.failed:
	}
	close(k.todo)
	k.running.wait()
	return k.err
}

func (k *picker) add(e *entry, kept string) error {
	if what := malformed(kept); what != "" {
		return e.refuse(what)
	}
	return k.reader.addChange(e.typ, e.address, kept)
}

func (k *picker) run() {
	done := false
	defer func() {
		if !done {
			close(k.failed)
		}
	}()
	w := &k.reader.scratch
	for b := range k.todo {
		for i := range b.entries {
			e := &b.entries[i]
			err := e.pick(w, b.raw)
			if err == nil && !e.unused {
				err = k.add(e, string(w.buf))
			}
			if err != nil {
				k.err = err
				return
			}
		}
		b.entries, b.raw = b.entries[:0], b.raw[:0]
		if cap(b.raw) > 4*batchBytes {
			continue // one huge change shall not stay
		}
		select {
		case k.free <- b:
		default:
		}
	}
	done = true
}
