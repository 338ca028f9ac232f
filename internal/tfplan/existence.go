package tfplan

import "slices"

// existence remembers which resources of the configuration have an instance
// among the changes, whatever its type. It keeps hashes of addresses without keys:
// plans may have very many resources.
type existence struct {
	hashes []uint64
	sorted bool
}

// add notes an instance by its address.
func (e *existence) add(address string) {
	h := hashOf(address)
	if n := len(e.hashes); n > 0 && e.hashes[n-1] == h {
		return // instances of one resource follow each other
	}
	e.hashes = append(e.hashes, h)
}

// has reports whether a resource has an instance, by its address without keys.
func (e *existence) has(cfg string) bool {
	if !e.sorted {
		slices.Sort(e.hashes)
		e.sorted = true
	}
	_, found := slices.BinarySearch(e.hashes, hashOf(cfg))
	return found
}

// hashOf is the FNV-1a hash of an address without its keys; hash/fnv would allocate
// for each.
func hashOf(address string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(address); {
		if address[i] == '[' {
			i += keyEnd(address[i:])
			continue
		}
		h = (h ^ uint64(address[i])) * 1099511628211
		i++
	}
	return h
}
