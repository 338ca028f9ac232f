package tfplan

import "encoding/binary"

// encoder writes values in the form that [node] reads.
type encoder struct {
	buf  []byte
	mask bool // the values are marks of what is unknown or sensitive
	// migration says that the facts of a migration are asked for.
	migration bool
}

func (w *encoder) kind(k byte) { w.buf = append(w.buf, k) }

func (w *encoder) text(s []byte) {
	w.buf = binary.AppendUvarint(w.buf, uint64(len(s)))
	w.buf = append(w.buf, s...)
}

// name begins a member.
func (w *encoder) name(name []byte) {
	b := nameBytes[string(name)]
	w.kind(b)
	if b == 0 {
		w.text(name)
	}
}

func (w *encoder) str(s string) { w.value(node{'"', s}) }

// value writes a value that was read or made; an absent one becomes null.
func (w *encoder) value(n node) {
	switch n.kind {
	case 0:
		w.kind('n')
	case '"', '0':
		w.kind(byte(n.kind))
		w.buf = binary.AppendUvarint(w.buf, uint64(len(n.text)))
		w.buf = append(w.buf, n.text...)
	case '{', '[':
		start := w.open(byte(n.kind))
		w.buf = append(w.buf, n.text...)
		w.close(start)
	default:
		w.kind(byte(n.kind))
	}
}

// open begins an array or object and returns what close needs.
func (w *encoder) open(k byte) int {
	w.buf = append(w.buf, k, 0, 0, 0, 0)
	return len(w.buf)
}

func (w *encoder) close(start int) {
	binary.LittleEndian.PutUint32(w.buf[start-sizeBytes:], uint32(len(w.buf)-start))
}

// whole writes a value with all that is in it.
func (w *encoder) whole(in *scanner) {
	switch k := in.peek(); k {
	case '{':
		start := w.open(k)
		for in.enter(); in.more('}'); {
			w.name(in.name())
			w.whole(in)
		}
		w.close(start)
	case '[':
		start := w.open(k)
		for in.enter(); in.more(']'); {
			w.whole(in)
		}
		w.close(start)
	case '"':
		w.kind(k)
		w.text(in.name())
	case 'n', 't', 'f':
		w.kind(k)
		in.skip()
	default:
		w.kind('0')
		w.text(in.skip())
	}
}

// with adds a member to an object, unless there is nothing to add.
func with(n node, name string, v node) node {
	if v.absent() {
		return n
	}
	if n.absent() || n.null() {
		n.kind = '{'
	}
	if n.kind != '{' {
		return n // a mark of the whole, or a text in place of what was taken out
	}
	w := encoder{buf: []byte(n.text)}
	w.name([]byte(name))
	w.value(v)
	n.text = string(w.buf)
	return n
}

func without(n node, name string) node {
	if n.kind != '{' {
		return n
	}
	out := node{kind: '{'}
	for have, v := range n.members() {
		if have != name {
			out = with(out, have, v)
		}
	}
	return out
}

// encoded returns a value as it is kept.
func encoded(n node) string {
	var w encoder
	w.value(n)
	return string(w.buf)
}

func object(name string, v node) node { return with(node{kind: '{'}, name, v) }
