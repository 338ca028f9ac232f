package runtask

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// Traces go where the standard variable says, and nowhere without it.
func TestTracing(t *testing.T) {
	provider, flush, err := Tracing(t.Context(), func(string) string { return "" })
	if provider != nil || err != nil || flush(t.Context()) != nil {
		t.Errorf("without an endpoint: %v %v", provider, err)
	}
	got := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.URL.Path }))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	provider, flush, err = Tracing(t.Context(), func(name string) string {
		return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Documents: baseline.Published(), Tracer: provider}); err != nil {
		t.Fatal(err)
	}
	_, span := provider.Tracer("test").Start(t.Context(), "task")
	span.End()
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if path := <-got; path != "/v1/traces" {
		t.Errorf("path %s", path)
	}
}
