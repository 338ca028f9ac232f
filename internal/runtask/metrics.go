package runtask

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// metrics are the counters of the service. No label holds a text from a request.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	tasks     *prometheus.CounterVec
	features  *prometheus.CounterVec
	callbacks *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	panics    prometheus.Counter
	accepted  prometheus.Gauge
	working   prometheus.Gauge
	reloads   *prometheus.CounterVec
}

func newMetrics() *metrics {
	const ns = "redisbaseline"
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: ns, Name: "requests_total",
			Help: "Run task requests by HTTP status."}, []string{"code"}),
		tasks: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: ns, Name: "tasks_total",
			Help: "Finished tasks by stage and result."}, []string{"stage", "status"}),
		features: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: ns, Name: "verdicts_total",
			Help: "Verdicts on features of caches by status."}, []string{"status"}),
		callbacks: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: ns, Name: "callback_failures_total",
			Help: "Callbacks that failed, by HTTP status or network."}, []string{"reason"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: ns, Name: "task_duration_seconds",
			Help:    "Time from the request to the reported result.",
			Buckets: []float64{0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600}}, []string{"status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Namespace: ns, Name: "panics_total", Help: "Internal errors while judging."}),
		accepted: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: ns, Name: "tasks_in_flight",
			Help: "Accepted tasks without a reported result: the queue and the work."}),
		working: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: ns, Name: "tasks_working", Help: "Tasks that are being worked on."}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: ns, Name: "configuration_reloads_total",
			Help: "Reloads of the configuration by success."}, []string{"ok"}),
	}
	m.registry.MustRegister(m.requests, m.tasks, m.features, m.callbacks, m.seconds, m.panics, m.accepted, m.working, m.reloads,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) finished(stage Stage, status Status, took time.Duration) {
	switch stage {
	case PrePlan, PostPlan, PreApply, PostApply:
	default:
		stage = "other"
	}
	m.tasks.WithLabelValues(string(stage), string(status)).Inc()
	m.seconds.WithLabelValues(string(status)).Observe(took.Seconds())
}

func (m *metrics) verdicts(s report.Summary) {
	for status, n := range map[report.Status]int{
		report.Compliant: s.Compliant, report.NonCompliant: s.NonCompliant, report.Unknown: s.Unknown,
		report.Exempt: s.Exempt, report.NotApplicable: s.NotApplicable, report.NotSupported: s.NotSupported,
	} {
		m.features.WithLabelValues(string(status)).Add(float64(n))
	}
}

func (m *metrics) callbackFailure(err error) {
	reason := "network"
	var status *statusError
	if errors.As(err, &status) {
		reason = strconv.Itoa(status.code)
	}
	m.callbacks.WithLabelValues(reason).Inc()
}
