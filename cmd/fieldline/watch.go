package main

import (
	"cmp"
	"context"
	"os"
	"strconv"
	"strings"

	"fieldline/element"
	"fieldline/element/runner"
	"fieldline/element/script"
	"fieldline/element/store"
	"fieldline/web"
)

// faults is what keeps the program from doing all it is for, of all rooms. It
// is asked often, and waits for nothing.
func faults(fleet *runner.Fleet, db *store.Store) []element.Fault {
	return element.SortFaults(append(fleet.Faults(), db.Faults()...))
}

// gauges are the numbers of the rooms below the pages.
func gauges(fleet *runner.Fleet, db *store.Store, scripts *script.Compiler, faults func() []element.Fault) []web.Gauge {
	elements := func() []element.Element {
		all, _, _ := fleet.Elements(context.Background()) // from memory: it does not fail
		return all
	}
	return []web.Gauge{
		{
			Name: "fieldline_faults", Help: "Faults that /readyz reports at present.",
			Read: func() float64 { return float64(len(faults())) },
		},
		{
			Name: "fieldline_fault", Help: "1 for each fault that /readyz tells at present.", Labels: []string{"name"},
			Each: func(yield func(float64, ...string)) {
				names := map[string]float64{}
				for _, f := range faults() {
					names[f.Name] = 1
				}
				for name, value := range names {
					yield(value, name)
				}
			},
		},
		{
			Name: "fieldline_history_dropped_total", Counter: true,
			Help: "Events that history did not keep: the queue was full, or the disk would not take them.",
			Read: func() float64 { return float64(db.Dropped()) },
		},
		{
			Name: "fieldline_elements", Help: "Elements that exist.",
			Read: func() float64 { return float64(len(elements())) },
		},
		{
			Name: "fieldline_connections_open", Help: "Connections to devices that are open.",
			Read: func() float64 { return float64(openConnections(elements())) },
		},
		{
			Name: "fieldline_message_bytes_kept", Help: "Bytes of large messages that are kept for download.",
			Read: func() float64 { return float64(fleet.KeptBytes()) },
		},
		ofScripts(scripts, "fieldline_script_calls_total", "Calls of QActions.", func(n script.Count) float64 { return float64(n.Calls) }),
		ofScripts(scripts, "fieldline_script_errors_total", "Calls of QActions that ended early.", func(n script.Count) float64 { return float64(n.Errors) }),
		ofScripts(scripts, "fieldline_script_seconds_total", "Time spent in calls of QActions and in what they caused.", func(n script.Count) float64 { return n.Spent.Seconds() }),
	}
}

// ofScripts is a number that each QAction of a connector has.
func ofScripts(scripts *script.Compiler, name, help string, value func(script.Count) float64) web.Gauge {
	return web.Gauge{
		Name: name, Help: help, Counter: true, Labels: []string{"connector", "version", "qaction", "name"},
		Each: func(yield func(float64, ...string)) {
			for _, n := range scripts.Counts() {
				yield(value(n), n.Connector, n.Version, strconv.Itoa(n.QAction), n.Name)
			}
		},
	}
}

func openConnections(all []element.Element) int {
	n := 0
	for _, e := range all {
		for _, c := range e.Connections {
			if c.Status == element.ConnOpen {
				n++
			}
		}
	}
	return n
}

// hostName is this machine's name without its domain, "" when it has none.
func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	short, _, _ := strings.Cut(name, ".")
	return cmp.Or(short, name)
}
