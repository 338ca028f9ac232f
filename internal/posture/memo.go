package posture

import "sync"

// Memo keeps what was worked out from facts that several caches share, so that
// it is worked out once. The facts never change once they are in a posture.
type Memo struct {
	mu     sync.Mutex
	values map[string]any
}

// Remember returns what compute returned the first time that a memo was asked
// for key. A nil memo keeps nothing.
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
