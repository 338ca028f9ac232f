package armtest

import (
	"fmt"
	"net/http"
)

// object is a JSON object.
type object = map[string]any

// response is an answer before it is written.
type response struct {
	status int
	header http.Header
	body   any // nil: no body
	raw    []byte
}

func ok(body any) response { return response{status: http.StatusOK, body: body} }

func (r response) with(key, value string) response {
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set(key, value)
	r.header = header
	return r
}

// failure is an error answer in ARM's envelope.
func failure(status int, code, format string, args ...any) response {
	return response{status: status, body: object{"error": object{"code": code, "message": fmt.Sprintf(format, args...)}}}
}

func (r response) failed() bool { return r.status >= http.StatusBadRequest }

func badRequest(format string, args ...any) response {
	return failure(http.StatusBadRequest, "BadRequest", format, args...)
}

func invalid(format string, args ...any) response {
	return failure(http.StatusBadRequest, "InvalidRequestBody", "The request body is not valid: "+format+".", args...)
}

func notFound(t target) response {
	return failure(http.StatusNotFound, "ResourceNotFound",
		"The Resource '%s/%s' under resource group '%s' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
		t.namespaceType(), t.lastName(), t.group)
}

func busy(name string) response {
	return failure(http.StatusConflict, "Conflict",
		"The resource '%s' is busy processing a previous update request or is undergoing system maintenance. "+
			"As such, it is currently unable to accept the update request. Please try again later.", name)
}

func methodNotAllowed(r *http.Request) response {
	return failure(http.StatusMethodNotAllowed, "HttpMethodNotSupported", "The HTTP method '%s' is not supported here.", r.Method)
}

// RetirementMessage is what ARM says when a tenant may not create caches any more.
const RetirementMessage = "Azure Cache for Redis is retiring, create Azure Managed Redis instance instead. Learn more: " +
	"https://aka.ms/AzureCacheForRedisRetirement"
