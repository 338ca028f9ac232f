package posture

// Unjudged is a Redis resource that a source has seen and that is not judged,
// because the baseline does not cover its type, or because the source does not
// show what the resource sets.
type Unjudged struct {
	Address string // Terraform address, or ARM id
	Type    string // ARM resource type
	// Why says in a few words why it is not judged; empty where the baseline does
	// not cover its type.
	Why string
}

// Note is what a report says about the resource.
func (u Unjudged) Note() string {
	if u.Why != "" {
		return u.Address + " (" + u.Type + ") is not judged: " + u.Why
	}
	return u.Address + " (" + u.Type +
		") is not judged: the baseline covers Azure Cache for Redis, not Azure Managed Redis and the Enterprise tiers"
}
