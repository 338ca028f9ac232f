package posture

// Unjudged is a Redis resource that a source has seen and that is not judged,
// because no baseline covers its type, or because the source does not show what
// the resource sets.
type Unjudged struct {
	Address string // Terraform address, or ARM id
	Type    string // ARM resource type
	Why     string // in a few words, why it is not judged
}

// Note is what a report says about the resource.
func (u Unjudged) Note() string {
	return u.Address + " (" + u.Type + ") is not judged: " + u.Why
}
