package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"fieldline/element"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Gauge is one more number of /metrics, of another room.
type Gauge struct {
	Name string // "fieldline_elements": letters, digits and underscores
	Help string // one line
	// Counter says that the number only ever grows while the program runs; its
	// name then ends in _total.
	Counter bool
	Read    func() float64 // may be called from any goroutine
	// Labels are the names of what several values of the number are told apart
	// by; Each then gives the values, and Read is not used.
	Labels []string
	Each   func(yield func(value float64, labels ...string))
}

// collector makes the number one of the registry.
func (g Gauge) collector() prometheus.Collector {
	switch {
	case g.Each != nil:
		f := &family{desc: prometheus.NewDesc(g.Name, g.Help, g.Labels, nil), kind: prometheus.GaugeValue, each: g.Each}
		if g.Counter {
			f.kind = prometheus.CounterValue
		}
		return f
	case g.Counter:
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: g.Name, Help: g.Help}, g.Read)
	default:
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.Name, Help: g.Help}, g.Read)
	}
}

// family is a number with several values, asked for when somebody reads them.
type family struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	each func(yield func(value float64, labels ...string))
}

// Describe implements prometheus.Collector.
func (f *family) Describe(to chan<- *prometheus.Desc) { to <- f.desc }

// Collect implements prometheus.Collector.
func (f *family) Collect(to chan<- prometheus.Metric) {
	f.each(func(value float64, labels ...string) {
		m, err := prometheus.NewConstMetric(f.desc, f.kind, value, labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(f.desc, err)
		}
		to <- m
	})
}

// metrics counts what this package does, beside the numbers of the Go runtime,
// the process and other rooms. It may be used from any goroutine.
type metrics struct {
	registry *prometheus.Registry
	sockets  prometheus.Gauge
	batches  prometheus.Counter
	missed   prometheus.Counter
	requests *prometheus.CounterVec
}

// newMetrics registers all numbers; the error is about a gauge whose name
// cannot be one or is taken.
func newMetrics(gauges []Gauge) (*metrics, error) {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		sockets:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "fieldline_sockets", Help: "Browser sockets that are open."}),
		batches:  prometheus.NewCounter(prometheus.CounterOpts{Name: "fieldline_news_batches_total", Help: "Batches of news sent to pages."}),
		missed:   prometheus.NewCounter(prometheus.CounterOpts{Name: "fieldline_news_missed_total", Help: "Events that slow pages did not get."}),
		requests: prometheus.NewCounterVec(
			prometheus.CounterOpts{Name: "fieldline_http_requests_total", Help: "Requests answered, by route, method and status."},
			[]string{"route", "method", "status"}),
	}
	all := []prometheus.Collector{
		m.sockets, m.batches, m.missed, m.requests,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}
	for _, g := range gauges {
		all = append(all, g.collector())
	}
	var errs []error
	for _, c := range all {
		errs = append(errs, m.registry.Register(c))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, &element.Error{Code: element.Internal, Op: "web.newMetrics", Msg: "The metrics cannot be registered.", Err: err}
	}
	return m, nil
}

// request counts an answered request. Its labels are bounded: routes are those
// that are registered, statuses ours, and methods that somebody invents are
// one.
func (m *metrics) request(route, method string, status int) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
}

// handler answers with everything in the text format that who asks prefers.
func (m *metrics) handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:           slog.NewLogLogger(log.Handler(), slog.LevelError),
		ErrorHandling:      promhttp.ContinueOnError,
		EnableOpenMetrics:  true,
		DisableCompression: true, // a proxy's business, as that of the pages
	})
}
