package posture

// Unjudged is a Redis resource that a source has seen and that is not judged:
// no document covers its type, or what it sets cannot be seen.
type Unjudged struct {
	Address string // Terraform address, or ARM id
	Type    string // ARM resource type
	// Why says in a few words why it is not judged; empty where no document
	// covers its type.
	Why string
}

// Note is the remark of a report about the resource.
func (u Unjudged) Note() string {
	if u.Why != "" {
		return u.Address + " (" + u.Type + ") is not judged: " + u.Why
	}
	return u.Address + " (" + u.Type + ") is not judged: no document here covers Azure Managed Redis and the Enterprise tiers"
}
