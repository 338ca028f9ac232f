package tfplan

import (
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/parallel"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// entry is a resource change, or a drift, of which nothing is picked yet.
type entry struct {
	typ     *resourceType
	address string
	start   int // offset of the change in the buffer that it was copied to
	end     int // equal to start where there is no change
	// early says that type and mode stood before the change, so that only changes
	// that are wanted were copied.
	early bool
	// section, index and offset are the place that an error names.
	section string
	index   int
	offset  int64
	// unused says that the entry is checked for errors and not kept.
	unused bool
}

// refuse returns the error for an entry that Terraform never writes.
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

// batchBytes is how much is read before it is handed on.
const batchBytes = 128 << 10

// batch is entries with the changes that they point into, and what is kept of each.
type batch struct {
	entries []entry
	raw     []byte
	encoder encoder
	kept    []string
	err     error // of the entry that comes after those in kept
}

func (b *batch) full() bool { return len(b.raw) >= batchBytes || len(b.entries) >= batchBytes/256 }

// pick picks what is kept of the entries; jsontext has found their JSON to be valid.
func (b *batch) pick() *batch {
	for i := range b.entries {
		e := &b.entries[i]
		if b.err = e.pick(&b.encoder, b.raw); b.err != nil {
			break
		}
		kept := ""
		if !e.unused {
			kept = string(b.encoder.buf)
			if what := malformed(kept); what != "" {
				b.err = e.refuse(what)
				break
			}
		}
		b.kept = append(b.kept, kept)
	}
	return b
}

// reuse hands an empty batch to the pool.
func (b *batch) reuse(pool *sync.Pool) {
	if cap(b.raw) <= 4*batchBytes { // the memory of one huge change is not kept
		clear(b.kept)
		b.entries, b.raw, b.kept = b.entries[:0], b.raw[:0], b.kept[:0]
		pool.Put(b)
	}
}

// readChanges reads resource_changes: batches are read, picked from and added at
// the same time, in their order, so that the first error of the input is the one
// that is told.
func (r *reader) readChanges() (err error) {
	var (
		reading error
		pool    sync.Pool
	)
	empty := func() *batch {
		if b, ok := pool.Get().(*batch); ok {
			return b
		}
		// With room for the change that fills it.
		return &batch{encoder: encoder{migration: r.migration}, raw: make([]byte, 0, batchBytes+batchBytes/4)}
	}
	read := func(yield func(*batch) bool) {
		index, filling := 0, empty()
		reading = array(r.src.dec, func() (err error) {
			var e entry
			e, filling.raw, err = r.readEntry(r.src.dec, filling.raw, r.src.skew, "resource_changes", index)
			index++
			if err != nil {
				return err
			}
			r.exists.add(e.address)
			if e.typ != nil {
				filling.entries = append(filling.entries, e)
			}
			if !filling.full() {
				return nil
			}
			if !yield(filling) {
				return errStopped
			}
			filling = empty()
			return nil
		})
		if reading != errStopped {
			yield(filling)
		}
	}
	for b := range parallel.Ahead(read, 1, (*batch).pick) {
		for i, kept := range b.kept {
			if e := &b.entries[i]; !e.unused {
				if err := r.addChange(e.typ, e.address, kept); err != nil {
					return err
				}
			}
		}
		if b.err != nil {
			return b.err
		}
		b.reuse(&pool)
	}
	return reading
}

// readEntry reads a resource change or a drift and copies the change to the end
// of buf; the type is nil for one that no rule asks for.
func (r *reader) readEntry(dec *jsontext.Decoder, buf []byte, skew int64, section string, index int) (entry, []byte, error) {
	if dec.PeekKind() != '{' {
		return entry{}, buf, unexpectedKind(dec, "a resource change is expected here")
	}
	var (
		mode, typ, deposed string
		seen               uint
	)
	e := entry{start: len(buf), end: len(buf), section: section, index: index}
	once := func(bit uint, read error) error {
		if seen&bit != 0 {
			return errDuplicate
		}
		seen |= bit
		return read
	}
	err := members(dec, func(name string) error {
		switch name {
		case "address":
			return once(1, readString(dec, &e.address))
		case "mode":
			return once(2, readWord(dec, &mode))
		case "type":
			return once(4, readWord(dec, &typ))
		case "deposed":
			return once(8, readString(dec, &deposed))
		case "change":
			early := typ != "" && mode != ""
			if early && (typeNamed(typ, r.migration) == nil || mode != "managed") {
				return once(16, dec.SkipValue())
			}
			raw, err := dec.ReadValue()
			if err := once(16, err); err != nil {
				return err
			}
			buf = append(buf, raw...)
			e.end, e.early, e.typ, e.offset = len(buf), early, typeNamed(typ, r.migration), dec.InputOffset()+skew
			return nil
		default:
			return dec.SkipValue()
		}
	})
	if !e.early {
		e.typ, e.offset = typeNamed(typ, r.migration), dec.InputOffset()+skew
	}
	if err != nil {
		// A duplicate key in the change comes before whatever follows the change.
		if e.early {
			if first := e.pick(&encoder{}, buf); first != nil {
				err = first
			}
		}
		return entry{}, buf[:e.start], err
	}
	if what := misnamed(e.address, mode, typ); what != "" {
		return entry{}, buf[:e.start], e.refuse(what)
	}
	e.unused = deposed != ""
	if e.typ == nil || mode != "managed" || e.unused && !e.early {
		return entry{address: e.address}, buf[:e.start], nil
	}
	return e, buf, nil
}

func (r *reader) addChange(t *resourceType, address, kept string) error {
	n, _ := cut(kept)
	actions := n.get("actions")
	has := func(a string) bool {
		for have := range actions.elems() {
			if have.str() == a {
				return true
			}
		}
		return false
	}
	in := &instance{address: address, typ: t, kept: kept}
	switch {
	case has("create") && (has("delete") || has("forget")):
		in.change = posture.ChangeReplace
	case has("create"):
		in.change = posture.ChangeCreate
	case has("update"):
		in.change = posture.ChangeUpdate
	case has("delete"):
		in.change = posture.ChangeDelete
	case has("no-op"):
		in.change = posture.ChangeNoOp
	case has("forget"):
		in.change = posture.ChangeForget
	case has("read"):
		return nil
	default:
		return &InputError{Cause: "a resource change has no action that is known", Path: "/resource_changes"}
	}
	var module string
	module, in.cfg = r.split(address)
	in.module = module
	if _, ok := r.instances[address]; ok {
		return &InputError{Cause: "two resource changes have the same address", Path: "/resource_changes"}
	}
	r.instances[address] = in
	r.byType[t] = append(r.byType[t], in)
	return nil
}

// split takes an instance address apart: the address of its module instance,
// and its address in the configuration, which has no instance keys.
func (r *reader) split(address string) (module, cfg string) {
	end, plain := 0, r.scratch.buf[:0]
	modules := true // all steps so far are modules
	for i, step := 0, 0; i < len(address); step++ {
		name := i
		for i < len(address) && address[i] != '.' && address[i] != '[' {
			i++
		}
		plain = append(plain, address[name:i]...)
		if step%2 == 0 && address[name:i] != "module" {
			modules = false
		}
		for i < len(address) && address[i] == '[' {
			i += keyEnd(address[i:])
		}
		if modules && step%2 == 1 {
			end = i
		}
		if i < len(address) && address[i] == '.' {
			i++
			plain = append(plain, '.')
		}
	}
	r.scratch.buf = plain
	cfg, ok := r.intern[string(plain)]
	if !ok {
		cfg = string(plain)
		r.intern[cfg] = cfg
	}
	return r.share(address[:end]), cfg
}

func (r *reader) share(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := r.intern[s]; ok {
		return have
	}
	r.intern[s] = s
	return s
}

func readString(dec *jsontext.Decoder, to *string) error {
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err == nil {
		*to = string(memberName(raw))
	}
	return err
}

// readWord reads a mode or a type, without allocating for those that are known.
func readWord(dec *jsontext.Decoder, to *string) error {
	if dec.PeekKind() != '"' {
		return dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	word := memberName(raw)
	switch t := resourceTypes[string(word)]; {
	case t != nil:
		*to = t.name
	case string(word) == "managed":
		*to = "managed"
	default:
		*to = string(word)
	}
	return nil
}
