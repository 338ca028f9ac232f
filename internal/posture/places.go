package posture

// Position is a line of the configuration that a source was made from.
type Position struct {
	File string // with forward slashes, as reports name it
	Line int
}

// Places are the positions in the configuration of a cache, its facts and its
// companions. They are shared between caches and never change.
type Places struct {
	// Cache is the first line of what declares the cache.
	Cache Position
	// Facts are positions by the Path of a fact's Source; an argument that the
	// configuration leaves out has none.
	Facts map[string]Position
	// Companions are positions by the Address of a companion.
	Companions map[string]Position
}

// First returns the position of the first of several facts and companions that
// has one, else the position of the cache.
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

// Comment is a comment in the configuration.
type Comment struct {
	Text     string // without its signs
	Position Position
	// Declaration is the first line of what it stands in or directly above, as in
	// [Places]; without a file where it stands at nothing that declares resources.
	Declaration Position
}
