package present

import (
	"strings"
	"testing"
	"time"

	"fieldline/element"
)

func TestEventLines(t *testing.T) {
	v := Infos{50: {Description: "Gain"}}
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
		l := eventOf(v, element.Event{Body: tt.body})
		if l.Text != tt.text || l.Full != tt.full {
			t.Errorf("%T: %q and %q, want %q and %q", tt.body, l.Text, l.Full, tt.text, tt.full)
		}
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
		l := eventOf(nil, element.Event{At: tt.at, Body: tt.body})
		if l.At != tt.shown || l.Times != tt.times || l.Since != tt.since {
			t.Errorf("%T: at %v, %d times since %v", tt.body, l.At, l.Times, l.Since)
		}
	}
}

func changed(seq uint64, id element.ParamID, display, by string) element.Event {
	return element.Event{Seq: seq, Body: element.ParameterChanged{Parameter: id, Value: element.Text(display), Display: display, By: by}}
}

// TestASetIsOneLine lists the lines that are left of events; 51 is the write
// twin of 50, 61 that of 60.
func TestASetIsOneLine(t *testing.T) {
	v := Infos{
		50: {ID: 50, WriteID: 51}, 51: {ID: 51, ReadID: 50},
		60: {ID: 60, WriteID: 61}, 61: {ID: 61, ReadID: 60},
	}
	log := func(seq uint64) element.Event {
		return element.Event{Seq: seq, Body: element.Log{Message: "between"}}
	}
	far := []element.Event{changed(1, 51, "x", "ruth")}
	for seq := range uint64(copiesWithin) {
		far = append(far, log(seq+2))
	}
	for _, tt := range []struct {
		name   string
		events []element.Event
		want   []uint64
	}{
		{"a set and its copy", []element.Event{changed(1, 51, "x", "ruth"), changed(2, 50, "x", "ruth")}, []uint64{2}},
		{"with something between", []element.Event{changed(1, 51, "x", "ruth"), log(2), changed(3, 50, "x", "ruth")}, []uint64{2, 3}},
		{"two sets at once", []element.Event{changed(1, 51, "x", "ruth"), changed(2, 61, "x", "ruth"), changed(3, 50, "x", "ruth"), changed(4, 60, "x", "ruth")}, []uint64{3, 4}},
		{"no copy", []element.Event{changed(1, 51, "x", "ruth")}, []uint64{1}},
		{"the device says something else", []element.Event{changed(1, 51, "x", "ruth"), changed(2, 50, "y", element.ByDevice)}, []uint64{1, 2}},
		{"the device says the same", []element.Event{changed(1, 51, "x", "ruth"), changed(2, 50, "x", element.ByDevice)}, []uint64{1, 2}},
		{"another parameter", []element.Event{changed(1, 51, "x", "ruth"), changed(2, 60, "x", "ruth")}, []uint64{1, 2}},
		{"long ago", append(far, changed(100, 50, "x", "ruth")), append([]uint64{1}, func() []uint64 {
			var seqs []uint64
			for seq := range uint64(copiesWithin) {
				seqs = append(seqs, seq+2)
			}
			return append(seqs, 100)
		}()...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []uint64
			for _, e := range withoutCopies(v, tt.events) {
				got = append(got, e.Seq)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("lines %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("lines %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestCutTextsSayWhatIsMissing(t *testing.T) {
	v := Infos{50: {ID: 50, Description: "Reply"}}
	message := eventOf(v, element.Event{Seq: 7, Body: element.MessageIn{Opcode: "text", Text: `{"a":1`, Size: 5_240_000, Truncated: true}})
	if message.Note != "The first 4 KiB of 5.2 MB." || message.Whole != "5.2 MB" || message.Full != "{\n  \"a\": 1" {
		t.Errorf("a cut message is %+v", message)
	}
	value := eventOf(v, element.Event{Seq: 8, Body: element.ParameterChanged{Parameter: 50, Display: strings.Repeat("x", 4096), Truncated: true, Size: 9000, By: "ruth"}})
	if value.Note != "The first 4 KiB of 9.0 kB." || value.Whole != "" || len(value.Full) != 4096 || !strings.HasPrefix(value.Text, "Reply = xxx") || !strings.HasSuffix(value.Text, "…, by ruth") {
		t.Errorf("a cut value is %+v", value)
	}
	short := eventOf(v, element.Event{Seq: 9, Body: element.ParameterChanged{Parameter: 50, Display: "on", By: element.ByDevice}})
	if short.Text != "Reply = on" || short.Full != "" || short.Note != "" {
		t.Errorf("a short value is %+v", short)
	}
}
