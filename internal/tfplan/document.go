package tfplan

// document is what was read of a plan: the resource changes of the types that
// count, and the references of the configuration. Nothing in it is linked.
type document struct {
	complete completeness
	deferred int               // changes that Terraform defers
	drift    int               // resources that changed outside Terraform
	drifted  map[string]string // of caches, what is kept of the drift by address

	variables      map[string]string // root variables that look like subscription ids
	cacheVariables map[string]bool   // root variables that may hold the id of a cache
	// Kept only where the configuration's source is at hand.
	rootVariables map[string][]byte            // the values of root variables as JSON
	data          map[string]map[string][]byte // data sources that were read, by address

	config      *configuration
	instances   map[string]*instance
	open        map[string][]*instance // deferred instances that count, by their addresses without keys
	byType      map[*resourceType][]*instance
	outputs     map[string]plannedOutput // of the root, by name
	exists      existence
	migration   bool        // see Options
	unplanned   bool        // see Options
	actions     []*instance // action blocks that the plan runs, in their order
	invocations map[*instance]invocation
}

// completeness is whether the plan says that it is complete; OpenTofu says nothing.
type completeness int

const (
	completeUnsaid completeness = iota
	completeYes
	completeNo
)

func newDocument() *document {
	return &document{
		variables: map[string]string{}, cacheVariables: map[string]bool{}, rootVariables: map[string][]byte{},
		data: map[string]map[string][]byte{}, config: newConfiguration(), instances: map[string]*instance{}, open: map[string][]*instance{},
		byType: map[*resourceType][]*instance{}, invocations: map[*instance]invocation{},
	}
}
