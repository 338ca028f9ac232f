package azure

import (
	"context"
	"sync"
)

// memo remembers answers by key, and lets whoever asks for the same thing at
// the same time wait for the first one. Refusals are remembered as well; an
// answer that a cancelled caller did not wait for is not.
type memo[T any] struct {
	mu      sync.Mutex
	entries map[string]*entry[T]
}

type entry[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func (m *memo[T]) get(ctx context.Context, key string, read func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	if m.entries == nil {
		m.entries = map[string]*entry[T]{}
	}
	e, found := m.entries[key]
	if !found {
		e = &entry[T]{done: make(chan struct{})}
		m.entries[key] = e
	}
	m.mu.Unlock()
	if found {
		select {
		case <-e.done:
			return e.value, e.err
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
	defer close(e.done)
	e.value, e.err = read(ctx)
	if ctx.Err() != nil {
		m.mu.Lock()
		delete(m.entries, key)
		m.mu.Unlock()
	}
	return e.value, e.err
}

// forget drops an answer that nobody will ask for again.
func (m *memo[T]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
}
