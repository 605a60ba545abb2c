package web

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// metricsContentType is that of the Prometheus text format 0.0.4.
const metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

// Gauge is one more number of /metrics, of another room.
type Gauge struct {
	Name string // "fieldline_history_dropped": letters, digits and underscores
	Help string // one line
	Read func() float64
}

// metrics counts what this package does. It may be used from any goroutine.
type metrics struct {
	start   time.Time
	gauges  []Gauge
	sockets atomic.Int64
	batches atomic.Int64
	missed  atomic.Uint64

	mu       sync.Mutex
	requests map[requestKey]int64
}

// requestKey is bounded: routes and methods are those that are registered.
type requestKey struct {
	route, method string
	status        int
}

func newMetrics(gauges []Gauge) *metrics {
	return &metrics{start: time.Now(), gauges: gauges, requests: map[requestKey]int64{}}
}

func (m *metrics) request(route, method string, status int) {
	if status == 404 || status == 405 {
		switch method { // others may be invented by whoever asks
		case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		default:
			method = "other"
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[requestKey{route, method, status}]++
}

// expose writes everything in the Prometheus text format.
func (m *metrics) expose() []byte {
	var b strings.Builder
	m.exposeRequests(&b)
	one := func(kind, name, help string, v float64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n%s %s\n", name, help, name, kind, name, strconv.FormatFloat(v, 'g', -1, 64))
	}
	one("gauge", "fieldline_sockets", "Browser sockets that are open.", float64(m.sockets.Load()))
	one("counter", "fieldline_news_batches_total", "Batches of news sent to pages.", float64(m.batches.Load()))
	one("counter", "fieldline_news_missed_total", "Events that slow pages did not get.", float64(m.missed.Load()))
	for _, g := range m.gauges {
		one("gauge", g.Name, g.Help, g.Read())
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	one("gauge", "go_goroutines", "Goroutines that exist.", float64(runtime.NumGoroutine()))
	one("gauge", "go_memstats_heap_alloc_bytes", "Bytes of heap objects.", float64(mem.HeapAlloc))
	one("gauge", "go_memstats_sys_bytes", "Bytes obtained from the system.", float64(mem.Sys))
	one("counter", "go_gc_cycles_total", "Garbage collections.", float64(mem.NumGC))
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		one("gauge", "process_open_fds", "Open file descriptors.", float64(len(files)))
	}
	one("gauge", "process_start_time_seconds", "When the server was made, in Unix time.", float64(m.start.UnixMilli())/1000)
	return []byte(b.String())
}

func (m *metrics) exposeRequests(b *strings.Builder) {
	const name = "fieldline_http_requests_total"
	m.mu.Lock()
	counts := maps.Clone(m.requests)
	m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(counts), func(x, y requestKey) int {
		return cmp.Or(cmp.Compare(x.route, y.route), cmp.Compare(x.method, y.method), cmp.Compare(x.status, y.status))
	})
	fmt.Fprintf(b, "# HELP %s Requests answered, by route, method and status.\n# TYPE %s counter\n", name, name)
	for _, k := range keys {
		fmt.Fprintf(b, "%s{route=%q,method=%q,status=\"%d\"} %d\n", name, k.route, k.method, k.status, counts[k])
	}
}
