package present

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"fieldline/element"
)

// TestAges holds the server to the table that the scripts are held to, too
// (static/test/clock.test.js): a page tells the ages that it was drawn with on.
func TestAges(t *testing.T) {
	b, err := os.ReadFile("testdata/ages.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Ms        int64
		Span, Age string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for _, c := range cases {
		d := time.Duration(c.Ms) * time.Millisecond
		if got := Span(d); got != c.Span {
			t.Errorf("Span(%v) = %q, want %q", d, got, c.Span)
		}
		if got := Moment(element.At(now.Add(-d)), now, AsAge); c.Age != "" && got != c.Age {
			t.Errorf("the age of %v is %q, want %q", d, got, c.Age)
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
		if got := Moment(tt.t, now, tt.show); got != tt.want {
			t.Errorf("moment(%v, %q) = %q, want %q", tt.t, tt.show, got, tt.want)
		}
	}
}
