package azure

import (
	"context"
	"sync"
)

// memo caches answers by key; callers that ask for the same key at the same time
// wait for the first one. Refusals are cached too; the answer to a caller that was
// cancelled is not.
type memo[T any] struct {
	mu      sync.Mutex
	entries map[string]*entry[T]
}

type entry[T any] struct {
	done      chan struct{} // closed when the other fields are set
	value     T
	err       error
	abandoned bool // by a cancelled caller
}

func (m *memo[T]) get(ctx context.Context, key string, read func(context.Context) (T, error)) (T, error) {
	for {
		e, found := m.entry(key)
		if !found {
			return m.fill(ctx, key, e, read)
		}
		select {
		case <-e.done:
			if !e.abandoned {
				return e.value, e.err
			}
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
}

func (m *memo[T]) entry(key string) (e *entry[T], found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil {
		m.entries = map[string]*entry[T]{}
	}
	if e, found = m.entries[key]; !found {
		e = &entry[T]{done: make(chan struct{})}
		m.entries[key] = e
	}
	return e, found
}

func (m *memo[T]) fill(ctx context.Context, key string, e *entry[T], read func(context.Context) (T, error)) (T, error) {
	defer close(e.done)
	e.value, e.err = read(ctx)
	if ctx.Err() != nil {
		e.abandoned = true
		m.forget(key)
	}
	return e.value, e.err
}

// forget drops an answer that is not needed any more.
func (m *memo[T]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
}
