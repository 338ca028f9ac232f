package posture

// Position is a line of the configuration that a source was made from.
type Position struct {
	File string // with forward slashes, as reports name it
	Line int
}

// Places say where a cache and what was read about it stand in configuration.
// They are shared between caches and never change once they are handed out.
type Places struct {
	// Cache is the first line of what declares the cache.
	Cache Position
	// Facts are found by the Path of their Source; one that is left out in the
	// configuration is not here.
	Facts map[string]Position
	// Companions are found by their Address.
	Companions map[string]Position
}

// First returns the place of the first of several facts and companions that
// has one, else that of the cache itself.
func (p *Places) First(names ...string) Position {
	for _, name := range names {
		if at, ok := p.Facts[name]; ok {
			return at
		}
		if at, ok := p.Companions[name]; ok {
			return at
		}
	}
	return p.Cache
}
