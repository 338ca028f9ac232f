package posture

// Planned is a cache as a source hands it to be judged. Sources other than
// plans fill in After and Notes only.
type Planned struct {
	// After is the cache as the plan leaves it, or as it is. For a destroyed
	// cache it holds address, name and change only.
	After *Cache
	// Before is the cache as the plan found it; nil for one that it creates.
	Before *Cache
	// Notes are remarks for people about this cache.
	Notes []string
}
