package tfplan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestDuplicateFields: a duplicate key is recognised, and nothing else is, in an
// object of any number of fields; 255 names at most are one byte, see nameByte.
func TestDuplicateFields(t *testing.T) {
	bytesOf, list := nameBytes, names
	defer func() { nameBytes, names = bytesOf, list }()
	nameBytes, names = map[string]byte{}, []string{""}
	for _, n := range []int{1, 2, 63, 64, 65, 66, 127, 128, 129, 300} {
		var fields, members []string
		for i := range n {
			fields = append(fields, fmt.Sprintf("field_%d", i))
			members = append(members, fmt.Sprintf(`"field_%d":%d`, i, i))
		}
		s := keep(fields...)
		pick := func(members ...string) (node, error) {
			w := &encoder{}
			err := w.pick(&scanner{b: []byte("{" + strings.Join(members, ",") + "}")}, s)
			if err != nil {
				return node{}, err
			}
			got, _ := cut(string(w.buf))
			return got, nil
		}
		got, err := pick(members...)
		if err != nil {
			t.Fatalf("%d fields without a duplicate: %v", n, err)
		}
		for i, name := range fields {
			if v := got.get(name); v.kind != '0' || v.text != itoa(i) {
				t.Errorf("%s of %d fields is %v", name, n, got.get(name))
			}
			if _, err := pick(append(members[:n:n], members[i])...); !errors.Is(err, errDuplicate) {
				t.Errorf("%s of %d fields twice: %v", name, n, err)
			}
		}
	}
}
