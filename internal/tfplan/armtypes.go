package tfplan

import (
	"path"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// ARM types in lower case, which is how they are compared.
const (
	endpointKind   = "microsoft.network/privateendpoints"
	zoneKind       = "microsoft.network/privatednszones"
	networkKind    = "microsoft.network/virtualnetworks"
	subnetKind     = networkKind + "/subnets"
	groupKind      = "microsoft.network/networksecuritygroups"
	ruleKind       = groupKind + "/securityrules"
	diagnosticKind = "microsoft.insights/diagnosticsettings"
	assignmentKind = "microsoft.authorization/policyassignments"
	exemptionKind  = "microsoft.authorization/policyexemptions"
	roleKind       = "microsoft.authorization/roleassignments"
	deploymentKind = "microsoft.resources/deployments"
	stackKind      = "microsoft.resources/deploymentstacks" // deploys a template too
)

// cacheTypes are the ARM types of caches in lower case, with their services.
var cacheTypes = newCacheTypes()

func newCacheTypes() map[string]*service.Service {
	out := map[string]*service.Service{}
	for _, s := range service.All {
		out[strings.ToLower(s.Type)] = s
	}
	return out
}

// mentionsCache reports whether a text may hold the id of a cache.
func mentionsCache(text string) bool {
	text = strings.ToLower(text)
	for typ := range cacheTypes {
		if strings.Contains(text, typ) {
			return true
		}
	}
	return false
}

// isConnection reports whether an ARM type is that of private endpoint connections of
// caches, which approve or reject a private endpoint.
func isConnection(arm string) bool {
	_, c := service.Within(arm)
	return path.Base(c.Segment) == service.EndpointConnections
}

// isPatchSchedule reports whether an ARM type is that of patch schedules of caches.
func isPatchSchedule(arm string) bool {
	t := armTypes[arm]
	return t != nil && t.kind == kindPatchSchedule
}

// cutCache splits the id of a cache, or of a resource below one, into the id of the
// cache and the rest of the path. The service is nil for any other id.
func cutCache(id string) (cache, rest string, s *service.Service) {
	lower := strings.ToLower(id)
	for typ, s := range cacheTypes {
		provider := "/providers/" + typ + "/"
		if i := strings.Index(lower, provider); i >= 0 {
			end := i + len(provider)
			if n := strings.IndexByte(id[end:], '/'); n >= 0 {
				return id[:end+n], strings.TrimRight(id[end+n:], "/"), s
			}
			return id, "", s
		}
	}
	return "", "", nil
}
