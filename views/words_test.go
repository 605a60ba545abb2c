package views

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
)

func TestHopOf(t *testing.T) {
	at := element.At(time.Unix(1_000_000, 0))
	cause := &element.Cause{Message: "refused"}
	tests := []struct {
		name  string
		conn  element.Connection
		state element.State
		want  hop
	}{
		{"open, nothing came yet", element.Connection{Status: element.ConnOpen}, element.Active, hop{Shape: "open", Word: "Open", Since: true}},
		{"open", element.Connection{Status: element.ConnOpen, LastMessageAt: at}, element.Active, hop{Shape: "open", Word: "Open", Since: true, Message: true}},
		{"first try", element.Connection{Status: element.ConnConnecting, Attempt: 1}, element.Active, hop{Shape: "trying", Word: "Connecting", Attempt: true}},
		{"open, and silent since", element.Connection{Status: element.ConnOpen, Since: element.At(at.Add(time.Second)), LastMessageAt: at}, element.Active, hop{Shape: "open", Word: "Open", Since: true}},
		{"HTTP, which opens with an answer", element.Connection{Type: "http", Status: element.ConnOpen, Since: element.At(at.Add(time.Microsecond)), LastMessageAt: at}, element.Active, hop{Shape: "open", Word: "Open", Since: true, Message: true}},
		{"waiting", element.Connection{Status: element.ConnWaiting, Attempt: 7, NextTry: at, LastCause: cause}, element.Active, hop{Shape: "trying", Word: "Not connected", Attempt: true, Next: true, Cause: true, Last: true}},
		{"closing", element.Connection{Status: element.ConnClosing}, element.Active, hop{Shape: "trying", Word: "Closing"}},
		{"down", element.Connection{Status: element.ConnClosed, Since: at, LastCause: cause}, element.Active, hop{Shape: "down", Word: "Closed", Since: true, Cause: true}},
		{"HTTP, not asked yet", element.Connection{Type: "http", Status: element.ConnClosed, Since: at}, element.Active, hop{Shape: "off", Word: "Not asked yet"}},
		{"HTTP, asked in vain", element.Connection{Type: "http", Status: element.ConnClosed, Since: at, LastCause: cause}, element.Active, hop{Shape: "down", Word: "Closed", Since: true, Cause: true}},
		{"HTTP, asked before", element.Connection{Type: "http", Status: element.ConnClosed, Since: at, LastMessageAt: at}, element.Active, hop{Shape: "down", Word: "Closed", Since: true}},
		{"HTTP, waiting", element.Connection{Type: "http", Status: element.ConnWaiting, Attempt: 3, NextTry: at, LastCause: cause}, element.Active, hop{Shape: "trying", Word: "Not connected", Attempt: true, Next: true, Cause: true, Last: true}},
		{"stopped", element.Connection{Status: element.ConnClosed, Since: at, LastCause: cause}, element.Stopped, hop{Shape: "off", Word: "Stopped"}},
		{"open, slow poll", element.Connection{Status: element.ConnOpen, SlowPollMs: 30_000}, element.Active, hop{Shape: "open", Word: "Open", Since: true, Slow: "slow poll: pings every 30 s until it answers"}},
		{"polled, slow poll", element.Connection{Type: "http", Status: element.ConnWaiting, SlowPollMs: 1500}, element.Active, hop{Shape: "trying", Word: "Not connected", Slow: "slow poll: pings every 1.5 s until it answers"}},
		{"closed, slow poll", element.Connection{Type: "websocket", Status: element.ConnWaiting, SlowPollMs: 30_000}, element.Active, hop{Shape: "trying", Word: "Not connected", Slow: "slow poll until it answers"}},
		{"paused in slow poll", element.Connection{Status: element.ConnOpen, SlowPollMs: 30_000}, element.Paused, hop{Shape: "open", Word: "Open", Since: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := hopOf(tt.conn, tt.state); got != tt.want {
				t.Errorf("hopOf = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestStateWord(t *testing.T) {
	open, waiting, closed := element.Connection{Status: element.ConnOpen}, element.Connection{Status: element.ConnWaiting}, element.Connection{Status: element.ConnClosed}
	tests := []struct {
		e    element.Element
		want string
	}{
		{element.Element{State: element.Active}, "Active open"},
		{element.Element{State: element.Active, Connections: []element.Connection{open, waiting}}, "Connecting trying"},
		{element.Element{State: element.Active, Connections: []element.Connection{waiting, closed, open}}, "Disconnected down"},
		{element.Element{State: element.Active, Timeout: true, Connections: []element.Connection{waiting}}, "Timeout timeout"},
		{element.Element{State: element.Paused, Timeout: true, Connections: []element.Connection{open}}, "Paused paused"},
		{element.Element{State: element.Stopped, Connections: []element.Connection{closed}}, "Stopped off"},
	}
	for _, tt := range tests {
		if word, mark := stateWord(tt.e); word+" "+mark != tt.want {
			t.Errorf("stateWord(%+v) = %s %s, want %s", tt.e, word, mark, tt.want)
		}
	}
}

// An element with a connection that was not asked yet, or with none at all, is not
// broken.
func TestWhatWasNotAskedIsNotBroken(t *testing.T) {
	for name, connections := range map[string][]element.Connection{"not asked": {{Type: "http", Status: element.ConnClosed}}, "none": nil} {
		e := element.Element{ID: "e1", Name: "A", State: element.Active, Connections: connections}
		if word, mark := stateWord(e); word != "Active" || mark != "open" {
			t.Errorf("%s: %s, %s", name, word, mark)
		}
		var row strings.Builder
		if err := fleetRow(Layout{}, e).Render(t.Context(), &row); err != nil {
			t.Fatal(err)
		}
		if row := row.String(); !strings.Contains(row, `data-el-line data-shape="off"`) || strings.Contains(row, `data-shape="down"`) {
			t.Errorf("%s: row is %s", name, row)
		}
		var page strings.Builder
		if err := Element(ElementPage{Layout: Layout{URLs: NewURLs("", static.New()), Now: time.Now()}, View: element.View{Element: e}}).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(page.String(), "reconnects by itself"); says != (len(connections) > 0) {
			t.Errorf("%s: the page says that it reconnects: %t", name, says)
		}
	}
}

// What is polled over HTTP can be reconnected while it waits.
func TestReconnectable(t *testing.T) {
	for _, tt := range []struct {
		c    element.Connection
		want bool
	}{
		{element.Connection{Type: "websocket", Status: element.ConnOpen}, true},
		{element.Connection{Type: "http", Status: element.ConnOpen}, false},
		{element.Connection{Type: "http", Status: element.ConnClosed}, false},
		{element.Connection{Type: "http", Status: element.ConnWaiting}, true},
		{element.Connection{Type: "http", Status: element.ConnClosed, Attempt: 3}, true},
	} {
		if got := reconnectable(tt.c); got != tt.want {
			t.Errorf("%+v: %t", tt.c, got)
		}
	}
}

// The script says the same words as the page it was loaded with.
func TestScriptSaysTheSameWords(t *testing.T) {
	files := static.New()
	f, ok := files.Open(files.Path("live/line.js"))
	if !ok {
		t.Fatal("live/line.js is not embedded")
	}
	var words []string
	for _, s := range []element.ConnectionState{element.ConnOpen, element.ConnConnecting, element.ConnClosing, element.ConnWaiting, element.ConnClosed} {
		for _, state := range []element.State{element.Active, element.Paused, element.Stopped} {
			c := element.Connection{Status: s}
			h := hopOf(c, state)
			word, mark := stateWord(element.Element{State: state, Connections: []element.Connection{c}})
			words = append(words, h.Word, h.Shape, word, mark)
		}
	}
	for _, w := range append(words, "Not asked yet", "Timeout", "Reconnect now", "no address", "slow poll until it answers") {
		if !strings.Contains(string(f.Body), `"`+w+`"`) {
			t.Errorf("line.js does not say %q, the page does", w)
		}
	}
}

func TestSpan(t *testing.T) {
	tests := map[time.Duration]string{
		-time.Second: "0.0 s", 400 * time.Millisecond: "0.4 s", 9949 * time.Millisecond: "9.9 s", 12 * time.Second: "12 s",
		4 * time.Minute: "4 min", 3*time.Hour + 12*time.Minute: "3 h 12 min", 52 * time.Hour: "2 d 4 h",
	}
	for d, want := range tests {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	at := func(d time.Duration) element.Time { return element.At(now.Add(-d)) }
	tests := []struct {
		t    element.Time
		show string
		want string
	}{
		{element.Time{}, "age", ""},
		{at(12 * time.Second), "age", "12 s ago"},
		{at(-time.Second), "age", "now"},
		{at(2 * time.Hour), "age", "12:00:00 UTC"},
		{at(26 * time.Hour), "age", "2026-11-21 12:00:00 UTC"},
		{at(2 * time.Hour), "span", "2 h 0 min"},
		{at(-12 * time.Second), "until", "in 12 s"},
		{at(time.Second), "until", "now"},
		{at(1500 * time.Millisecond), "clock", "13:59:58.500"},
	}
	for _, tt := range tests {
		if got := moment(tt.t, now, tt.show); got != tt.want {
			t.Errorf("moment(%v, %q) = %q, want %q", tt.t, tt.show, got, tt.want)
		}
	}
}

func TestRangeHint(t *testing.T) {
	low, high, step := -20.0, 12.0, 0.5
	tests := []struct {
		info element.ParamInfo
		want string
	}{
		{element.ParamInfo{}, ""},
		{element.ParamInfo{IsNumber: true, Units: "dB", Low: &low, High: &high, Step: &step}, "-20 to 12 dB, in steps of 0.5"},
		{element.ParamInfo{IsNumber: true, Low: &low}, "at least -20"},
		{element.ParamInfo{High: &high}, "at most 12 characters"},
	}
	for _, tt := range tests {
		if got := rangeHint(tt.info); got != tt.want {
			t.Errorf("rangeHint(%+v) = %q, want %q", tt.info, got, tt.want)
		}
	}
}

func TestFormField(t *testing.T) {
	tests := map[string]string{
		"name": "name", "connections[0].host": "c1.host", "connections[1].timeoutMs": "c7.timeoutMs",
		"connections[2].host": "connections[2].host", "connections[x].host": "connections[x].host", "connections[0": "connections[0",
	}
	for field, want := range tests {
		if got := FormField(field, []int{1, 7}); got != want {
			t.Errorf("FormField(%q) = %q, want %q", field, got, want)
		}
	}
}

func TestURLs(t *testing.T) {
	u := NewURLs("/x/y/", static.New())
	tests := map[string]string{
		u.Home():                  "/x/y/",
		u.Page("e 1", ""):         "/x/y/elements/e%201",
		u.Page("e1", "a/b"):       "/x/y/elements/e1/p/a%2Fb",
		u.Embed("e1", "general"):  "/x/y/embed/elements/e1/general",
		u.Set("e1", 51):           "/x/y/elements/e1/parameters/51",
		u.Order("e1", "pause"):    "/x/y/elements/e1/pause",
		u.Handshake("e1", 2):      "/x/y/elements/e1/handshake/2",
		u.Connector("A B/C", "1"): "/x/y/connectors/A%20B%2FC/1",
		u.NewElementOf("A&B", ""): "/x/y/elements/new?connector=A%26B&version=",
		u.Socket():                "/x/y/live",
		u.API():                   "/x/y/api/v1/",
	}
	for got, want := range tests {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := NewURLs("/", static.New()).Home(); got != "/" {
		t.Errorf("Home without a base path = %q", got)
	}
}

func TestEventLines(t *testing.T) {
	v := element.View{Infos: map[element.ParamID]element.ParamInfo{50: {Description: "Gain"}}}
	tests := []struct {
		body element.EventBody
		text string
		full string
	}{
		{element.MessageIn{Opcode: "text", Size: 7, Text: `{"a":1}`}, `{"a":1}`, "{\n  \"a\": 1\n}"},
		{element.MessageIn{Opcode: "text", Size: 2, Text: "hi"}, "hi", ""},
		{element.MessageOut{Opcode: "binary", Size: 3, Base64: []byte{0, 'A', 0xff}}, "binary, 3 bytes", "0000  00 41 ff                                         .A.\n"},
		{element.Refused{Message: "No.", Count: 9}, "No.", ""},
		{element.Refused{Message: "No.", Body: " login\nplease "}, "No. It said: login please", " login\nplease "},
		{element.Refused{Message: "No.", Body: "<html><b>1 < 2</b>"}, "No. It said: 1", "<html><b>1 < 2</b>"},
		{element.Refused{Message: "No.", Body: "<html></html>"}, "No.", "<html></html>"},
		{element.Refused{Message: "No.", Body: "a < b"}, "No. It said: a < b", "a < b"},
		{element.Refused{Message: "No.", Body: strings.Repeat("é", 81)}, "No. It said: " + strings.Repeat("é", 79) + "…", strings.Repeat("é", 81)},
		{element.Closed{Code: 1011, Reason: "overload", By: "device"}, "The device closed the connection (1011): overload", ""},
		{element.Closed{Code: 1000, By: "us"}, "Closed by us (1000)", ""},
		{element.ParameterChanged{Parameter: 50, Display: "3.5", By: "ruth"}, "Gain = 3.5, by ruth", ""},
		{element.ParameterChanged{Parameter: 9, Display: "x", By: element.ByDevice}, "Parameter 9 = x", ""},
		{element.ParameterChanged{Parameter: 9, By: element.ByLogic}, "Parameter 9 = empty, by the connector", ""},
		{element.WriteMoved{Parameter: 50, Status: element.WriteFailed, By: "ruth", Detail: "No answer."}, "Gain, failed, by ruth: No answer.", ""},
		{element.Log{Level: "error", Message: "one\ntwo"}, "one", "one\ntwo"},
	}
	for _, tt := range tests {
		l := lineOf(v, element.Event{Body: tt.body})
		if l.Text != tt.text || l.Full != tt.full {
			t.Errorf("%T: %q and %q, want %q and %q", tt.body, l.Text, l.Full, tt.text, tt.full)
		}
	}
	many := make([]element.Event, MaxEventLines+5)
	for i := range many {
		many[i] = element.Event{Seq: uint64(i), Body: element.Log{}}
	}
	lines := eventLines(v, many)
	if len(lines) != MaxEventLines || lines[0].Seq != uint64(len(many)-1) {
		t.Errorf("%d lines, the first is %d: want the newest %d, newest first", len(lines), lines[0].Seq, MaxEventLines)
	}
}

// A line that stands for several moments shows the last one, as its place in
// the list does, and says since when.
func TestFoldedEventsShowTheLastTime(t *testing.T) {
	first := element.At(time.Date(2026, 11, 22, 17, 46, 29, 0, time.UTC))
	last := element.At(first.Add(4 * time.Second))
	tests := []struct {
		body  element.EventBody
		at    element.Time // of the event
		shown element.Time
		times int
		since element.Time
	}{
		{element.Refused{Message: "No.", Count: 3, LastAt: last}, first, last, 3, first},
		{element.Refused{Message: "No.", Count: 1, LastAt: first}, first, first, 0, element.Time{}},
		{element.Connecting{Attempt: 3, URL: "ws://h"}, last, last, 0, element.Time{}},
		{element.WriteMoved{Parameter: 50, Status: element.WriteConfirmed}, last, last, 0, element.Time{}},
	}
	for _, tt := range tests {
		l := lineOf(element.View{}, element.Event{At: tt.at, Body: tt.body})
		if l.At != tt.shown || l.Times != tt.times || l.Since != tt.since {
			t.Errorf("%T: at %v, %d times since %v", tt.body, l.At, l.Times, l.Since)
		}
	}
}

func TestSteps(t *testing.T) {
	tests := []struct {
		status element.WriteStatus
		saved  bool
		want   string
	}{
		{element.WriteAccepted, true, "requested"},
		{element.WriteSaved, true, "requested saved"},
		{element.WriteSent, false, "requested sent"},
		{element.WriteConfirmed, true, "requested saved sent confirmed"},
		{element.WriteFailed, true, "requested failed"},
	}
	for _, tt := range tests {
		var words []string
		for _, s := range steps(element.Write{Status: tt.status}, tt.saved) {
			words = append(words, s.Word)
		}
		if got := strings.Join(words, " "); got != tt.want {
			t.Errorf("steps(%s, %v) = %q, want %q", tt.status, tt.saved, got, tt.want)
		}
	}
}
