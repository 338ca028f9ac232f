package tfconfig

import (
	"bytes"
	"testing"
)

// A plan of a million empty fields costs as many allocations as one of few: an archive of a
// megabyte may hold half a billion of them.
func TestProtoFieldOfManyFields(t *testing.T) {
	message := append(bytes.Repeat([]byte{0x0a, 0}, 1<<20), fieldBackend<<3|2, 1, 'x')
	var found []byte
	allocations := testing.AllocsPerRun(1, func() { found = protoField(bytes.NewReader(message), fieldBackend) })
	if string(found) != "x" || allocations > 100 {
		t.Errorf("found %q with %v allocations", found, allocations)
	}
}
