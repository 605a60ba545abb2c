package views

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
)

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

// An element with a connection that was not asked yet, or with none at all, is not
// broken.
func TestWhatWasNotAskedIsNotBroken(t *testing.T) {
	for name, connections := range map[string][]element.Connection{"not asked": {{Type: "http", Status: element.ConnClosed}}, "none": nil} {
		e := element.Element{ID: "e1", Name: "A", State: element.Active, Connections: connections}
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
