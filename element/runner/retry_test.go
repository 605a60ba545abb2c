package runner

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

var update = flag.Bool("update", false, "write docs/retry.md")

// dialling is a retry with the try that it ordered: what runs, and what time it
// is.
type dialling struct {
	retry
	now     time.Time
	running bool
	manual  bool // nothing is tried again by itself
}

// stopCode is after which only a person reconnects.
const stopCode = 4000

func (d *dialling) facts() facts {
	p := usual
	p.stops = func(code int) bool { return code == stopCode }
	return facts{now: d.now, idle: !d.running, manual: d.manual, pace: p}
}

// do lets an action begin.
func (d *dialling) do(a action) {
	if a == dial {
		d.running = true
	}
}

// end is the end of the last goroutine of the try.
func (d *dialling) end() {
	d.running = false
	d.do(d.advance(d.facts()))
}

// happening is what may befall a connection; it reports whether it can now.
type happening struct {
	name string
	do   func(*dialling) bool
}

// ordered is an order of a person, or of the logic.
func ordered(name string, person, retargeted bool) happening {
	return happening{name, func(d *dialling) bool {
		f := d.facts()
		f.person, f.retargeted = person, retargeted
		d.do(d.order(f))
		return true
	}}
}

// refusedFor is the end of a dial that opened nothing.
func refusedFor(name string, why link.Failure, status int) happening {
	return happening{name, func(d *dialling) bool {
		if d.state != element.ConnConnecting || !d.running {
			return false
		}
		d.dialFailed()
		d.refused(&why, status, false, d.facts())
		d.end()
		return true
	}}
}

// endedBy is the end of an open session that nobody ordered.
func endedBy(name string, end link.End, after time.Duration) happening {
	return happening{name, func(d *dialling) bool {
		if d.state != element.ConnOpen {
			return false
		}
		d.now = d.openedAt.Add(after)
		d.ended(end, 0, d.facts())
		d.end()
		return true
	}}
}

// happenings are all that may befall a connection, by name.
func happenings() []happening {
	return []happening{
		ordered("a person orders", true, false),
		ordered("the logic orders", false, false),
		ordered("the logic orders another target", false, true),
		{"disconnected", func(d *dialling) bool {
			d.do(d.disconnect(d.facts()))
			return true
		}},
		{"accepted", func(d *dialling) bool {
			if d.state != element.ConnConnecting || !d.running {
				return false
			}
			d.do(d.opened(d.facts()))
			return true
		}},
		refusedFor("refused", link.Failure{}, 0),
		refusedFor("login refused", link.Failure{LoginRefused: true}, 401),
		endedBy("lost", byDevice(1001, ""), time.Second),
		endedBy("lost with a stop code", byDevice(stopCode, ""), time.Second),
		endedBy("lost after it was stable", byDevice(1001, ""), livedWell),
		{"set to manual", func(d *dialling) bool {
			d.manual = true
			d.do(d.configured(d.facts(), true))
			return true
		}},
		{"all has ended", func(d *dialling) bool {
			if d.state != element.ConnClosing || !d.running {
				return false
			}
			d.end()
			return true
		}},
		{"given up", func(d *dialling) bool {
			if d.state != element.ConnConnecting || !d.redialPending {
				return false
			}
			d.dialFailed()
			d.end()
			return true
		}},
		{"time", func(d *dialling) bool {
			due := d.due(usual)
			if due.IsZero() {
				return false
			}
			d.now = due
			d.do(d.tick(d.facts()))
			return true
		}},
	}
}

func TestRetryFollowsItsTable(t *testing.T) {
	byName := map[string]happening{}
	all := append(happenings(), ordered("a person orders another target", true, true), happening{"a person reconnects", func(d *dialling) bool {
		f := d.facts()
		f.person = true
		d.do(d.reconnect(f))
		return true
	}})
	for _, h := range all {
		byName[h.name] = h
	}
	for _, tt := range []struct {
		name string
		what string // happened, by commas
		want element.ConnectionState
		in   time.Duration // until the next try
	}{
		{"nobody wants it", "disconnected", element.ConnClosed, 0},
		{"ordered", "the logic orders", element.ConnConnecting, 0},
		{"accepted", "the logic orders, accepted", element.ConnOpen, 0},
		{"refused", "the logic orders, refused", element.ConnWaiting, time.Second},
		{"refused twice", "the logic orders, refused, time, refused", element.ConnWaiting, 2 * time.Second},
		{"a person does not wait", "the logic orders, refused, a person orders", element.ConnConnecting, 0},
		{"the logic does", "the logic orders, refused, the logic orders", element.ConnWaiting, time.Second},
		{"a refused login", "the logic orders, login refused", element.ConnClosed, 0},
		{"a refused login, ordered again", "the logic orders, login refused, the logic orders", element.ConnClosed, 0},
		{"a refused login, changed", "the logic orders, login refused, the logic orders another target", element.ConnWaiting, time.Second},
		{"a refused login, a person", "the logic orders, login refused, a person orders", element.ConnConnecting, 0},
		{"reconnected", "the logic orders, accepted, a person orders", element.ConnClosing, 0},
		{"reconnected, closed", "the logic orders, accepted, a person orders, all has ended", element.ConnConnecting, 0},
		{"overtaken", "the logic orders, the logic orders another target, time", element.ConnConnecting, 0},
		{"overtaken and given up", "the logic orders, the logic orders another target, time, given up", element.ConnConnecting, 0},
		{"disconnected while it dials", "the logic orders, disconnected", element.ConnClosing, 0},
		{"disconnected", "the logic orders, disconnected, all has ended", element.ConnClosed, 0},
		{"lost soon", "the logic orders, accepted, lost", element.ConnWaiting, time.Second},
		{"lost with a stop code, ordered", "the logic orders, accepted, lost with a stop code, the logic orders another target", element.ConnClosed, 0},
		{"lost with a stop code, a person's Start", "the logic orders, accepted, lost with a stop code, a person orders", element.ConnClosed, 0},
		{"lost with a stop code, a person's new address", "the logic orders, accepted, lost with a stop code, a person orders another target", element.ConnConnecting, 0},
		{"lost with a stop code, reconnected", "the logic orders, accepted, lost with a stop code, a person reconnects", element.ConnConnecting, 0},
		{"refused, and nothing is tried by itself", "set to manual, the logic orders, refused", element.ConnClosed, 0},
		{"set to manual while it waits", "the logic orders, refused, set to manual", element.ConnClosed, 0},
		{"lost soon again and again", "the logic orders, accepted, lost, time, accepted, lost, time, accepted, lost", element.ConnWaiting, 4 * time.Second},
		{"lost after it was stable", "the logic orders, refused, time, accepted, time, lost after it was stable", element.ConnWaiting, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &dialling{retry: newRetry(), now: time.Unix(1_000_000, 0)}
			for name := range strings.SplitSeq(tt.what, ", ") {
				if h, ok := byName[name]; !ok || !h.do(d) {
					t.Fatalf("%q cannot happen while it is %s", name, d.state)
				}
			}
			if d.state != tt.want {
				t.Errorf("it is %s, want %s", d.state, tt.want)
			}
			if in := d.next.Sub(d.now); tt.in > 0 && in != tt.in {
				t.Errorf("the next try is in %s, want %s", in, tt.in)
			}
		})
	}
}

// edge is a change of the state, by what happened.
type edge struct {
	from, to element.ConnectionState
	why      string
}

// explore lets everything happen in every order, so many times, and returns the
// changes of state that were seen.
func explore(depth int) map[edge]bool {
	edges, known := map[edge]bool{}, map[string]bool{}
	front := []dialling{{retry: newRetry(), now: time.Unix(1_000_000, 0)}}
	for range depth {
		var next []dialling
		for _, from := range front {
			for _, h := range happenings() {
				d := from
				if !h.do(&d) {
					continue
				}
				if d.state != from.state {
					edges[edge{from.state, d.state, h.name}] = true
				}
				key := fmt.Sprint(d.state, d.want, d.redialPending, d.immediate, d.tryFailed, d.stable, d.closedByUs,
					d.suspended, d.personOnly, d.loginRefused, d.failing, d.byPerson, d.running, d.manual, d.next.After(d.now), d.earliest.After(d.now))
				if !known[key] {
					known[key] = true
					next = append(next, d)
				}
			}
		}
		front = next
	}
	return edges
}

func TestRetryIsDrawn(t *testing.T) {
	edges := explore(8)
	states := []element.ConnectionState{element.ConnClosed, element.ConnConnecting, element.ConnOpen, element.ConnWaiting, element.ConnClosing}
	var b strings.Builder
	b.WriteString("# When a WebSocket is dialled again\n\n" +
		"Every change of the state of a WebSocket connection, with all that can bring it about. The page is drawn from the machine itself\n" +
		"(`element/runner/retry.go`) by `go test ./element/runner -run TestRetryIsDrawn -update`, which lets everything happen in every order.\n" +
		"How long is waited stands in [reaching devices](reaching-devices.md). An element whose mode is manual closes where others wait. `time` ends an\n" +
		"overtaken try and a series of tries, too; that changes no state and is not drawn.\n\n" +
		"```mermaid\nstateDiagram-v2\n    [*] --> closed\n")
	for _, from := range states {
		for _, to := range states {
			var why []string
			for e := range maps.Keys(edges) {
				if e.from == from && e.to == to {
					why = append(why, e.why)
				}
			}
			if len(why) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(slices.SortedFunc(slices.Values(why), cmp.Compare[string]), " / "))
			}
		}
	}
	b.WriteString("```\n")
	const path = "../../docs/retry.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a page of the documentation, for all to read
			t.Fatal(err)
		}
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != b.String() {
		t.Errorf("%s is not what the machine does; run with -update (%v)", path, err)
	}
}
