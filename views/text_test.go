package views

import (
	"strings"
	"testing"

	"fieldline/element"
)

func TestTextsAndReadings(t *testing.T) {
	for _, tt := range []struct {
		value      string
		long, code bool
	}{
		{"", false, false},
		{"Open", false, false},
		{strings.Repeat("a", longValue), false, false},
		{strings.Repeat("a", longValue+1), true, false},
		{"two\nlines", true, false},
		{`{"a":1}`, false, true},
		{" [1]", false, true},
		{"<status/>", false, true},
		{"[", false, false},
		{"a\x00b", false, true},
		{"a\uFFFDb", false, true},
		{"tab\tand\r\nline", true, false},
	} {
		if long, code := isLong(tt.value), isCode(tt.value); long != tt.long || code != tt.code {
			t.Errorf("%q: long %t, code %t", tt.value, long, code)
		}
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 4096: "4.1 kB", 5_240_000: "5.2 MB"} {
		if got := size(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
	if got := shownPart(0); got != "" {
		t.Errorf("nothing is cut, and the note says %q", got)
	}
}

func changed(seq uint64, id element.ParamID, display, by string) element.Event {
	return element.Event{Seq: seq, Body: element.ParameterChanged{Parameter: id, Value: element.Text(display), Display: display, By: by}}
}

// TestASetIsOneLine lists the lines that are left of events; 51 is the write
// twin of 50, 61 that of 60.
func TestASetIsOneLine(t *testing.T) {
	v := element.View{Infos: map[element.ParamID]element.ParamInfo{
		50: {ID: 50, WriteID: 51}, 51: {ID: 51, ReadID: 50},
		60: {ID: 60, WriteID: 61}, 61: {ID: 61, ReadID: 60},
	}}
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
	v := element.View{Infos: map[element.ParamID]element.ParamInfo{50: {ID: 50, Description: "Reply"}}}
	message := lineOf(v, element.Event{Seq: 7, Body: element.MessageIn{Opcode: "text", Text: `{"a":1`, Size: 5_240_000, Truncated: true}})
	if message.Note != "The first 4 KiB of 5.2 MB." || message.Whole != 5_240_000 || message.Full != `{"a":1` {
		t.Errorf("a cut message is %+v", message)
	}
	value := lineOf(v, element.Event{Seq: 8, Body: element.ParameterChanged{Parameter: 50, Display: strings.Repeat("x", 4096), Truncated: true, Size: 9000, By: "ruth"}})
	if value.Note != "The first 4 KiB of 9.0 kB." || value.Whole != 0 || len(value.Full) != 4096 || !strings.HasPrefix(value.Text, "Reply = xxx") || !strings.HasSuffix(value.Text, "…, by ruth") {
		t.Errorf("a cut value is %+v", value)
	}
	short := lineOf(v, element.Event{Seq: 9, Body: element.ParameterChanged{Parameter: 50, Display: "on", By: element.ByDevice}})
	if short.Text != "Reply = on" || short.Full != "" || short.Note != "" {
		t.Errorf("a short value is %+v", short)
	}
}
