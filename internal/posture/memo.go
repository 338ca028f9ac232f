package posture

import "sync"

// Memo keeps results that were computed from facts which several caches share.
// Facts never change once they are in a posture.
type Memo struct {
	mu     sync.Mutex
	values map[string]any
}

// Remember returns the result that the memo has for a key, and computes it the
// first time. A nil memo keeps nothing.
func Remember[T any](m *Memo, key string, compute func() T) T {
	if m == nil {
		return compute()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.values[key].(T); ok {
		return v
	}
	if m.values == nil {
		m.values = map[string]any{}
	}
	v := compute()
	m.values[key] = v
	return v
}
