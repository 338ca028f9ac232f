package azure

import (
	"net/url"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// Writer may change what Azure Resource Manager has. Only the cache resource
// makes one; Client has no way to become one.
type Writer struct {
	endpoint *url.URL
	pipeline runtime.Pipeline
	options  Options
}

// NewWriter checks the settings and prepares a writer. It sends nothing.
func NewWriter(o Options) (*Writer, error) {
	pipeline, endpoint, err := newPipeline(&o, policy.Policy(nil))
	if err != nil {
		return nil, err
	}
	return &Writer{endpoint: endpoint, pipeline: pipeline, options: o}, nil
}
