package link_test

import (
	"net"
	"runtime"
	"testing"

	"fieldline/element/link"
)

// BenchmarkIdle measures the memory of sessions on which nothing happens, each
// with its waiting reader.
func BenchmarkIdle(b *testing.B) {
	const sessions = 500
	release := make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p := &peer{t: b, conn: c}
			p.openUnbuffered()
			go func() { <-release; _ = c.Close() }()
		}
	}()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		done := make(chan struct{}, sessions)
		open := make([]*link.Session, sessions)
		for i := range open {
			open[i], _ = dial(b, config(l))
			go func() { _, _ = open[i].Read(); done <- struct{}{} }()
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		used := after.HeapInuse + after.StackInuse - before.HeapInuse - before.StackInuse
		b.ReportMetric(float64(used)/sessions, "B/session")
		for _, s := range open {
			s.Close(1000, "", 0)
			<-done
		}
	}
	close(release)
	_ = l.Close()
}
