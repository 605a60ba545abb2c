package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/feed"
	"fieldline/element/library"
	"fieldline/element/runner"
	"fieldline/element/simulator"
	"fieldline/element/store"
)

// page gets a page of the program.
func (p *program) page(t *testing.T, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestWhatWatchersSee asks as a monitoring system does.
func TestWhatWatchersSee(t *testing.T) {
	d, host, port := device(t, simulator.Options{})
	p := startProgram(t, "serve", "--data", t.TempDir())
	e := create(t, p, "Watched", host, port)
	seen(t, d, "the session", opened(1))
	until(t, p, e.ID, "the open connection", func(events []map[string]any) bool { return count(events, "open") == 1 })

	if status, body := p.page(t, "readyz"); status != http.StatusOK || body != "ready\n" {
		t.Errorf("readyz: %d %s", status, body)
	}
	_, metrics := p.page(t, "metrics")
	for _, line := range []string{
		"fieldline_elements 1", "fieldline_faults 0", "fieldline_connections_open 1", "fieldline_history_dropped_total 0",
		"fieldline_message_bytes_kept 0", "# TYPE fieldline_history_dropped_total counter",
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("no line %q in\n%s", line, metrics)
		}
	}
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	short, _, _ := strings.Cut(name, ".")
	if _, page := p.page(t, "elements/"+string(e.ID)); !strings.Contains(page, `<span class="end end-host">`+short+`</span>`) {
		t.Errorf("the line does not name the machine %q", short)
	}
}

// TestReady walks through the life of a program.
func TestReady(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := library.New(t.Context(), db, shipped())
	if err != nil {
		t.Fatal(err)
	}
	hub := feed.New("epoch", feed.Limits{})
	defer hub.Close()
	fleet := runner.NewFleet(runner.Options{Storage: db, Recorder: db, Publisher: hub, Catalog: catalog})
	want := func(when, says string) {
		t.Helper()
		all := faults(fleet, db)
		if says == "" && len(all) > 0 || says != "" && !slices.ContainsFunc(all, func(f element.Fault) bool { return f.Name == says }) {
			t.Errorf("%s: %v, want %q", when, all, says)
		}
	}
	want("before the start", "starting")
	if err := fleet.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("started", "")
	if err := os.Remove(filepath.Join(dir, store.FileName)); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteElement(t.Context(), "none"); element.CodeOf(err) != element.Unavailable {
		t.Fatalf("a change in a file that was deleted: %v", err)
	}
	want("without a database", "database-missing")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fleet.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("closed", "stopping")
}
