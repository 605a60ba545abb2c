package present

import (
	"testing"
	"time"

	"fieldline/element"
)

func TestSpan(t *testing.T) {
	tests := map[time.Duration]string{
		-time.Second: "0.0 s", 400 * time.Millisecond: "0.4 s", 9949 * time.Millisecond: "9.9 s", 12 * time.Second: "12 s",
		4 * time.Minute: "4 min", 3*time.Hour + 12*time.Minute: "3 h 12 min", 52 * time.Hour: "2 d 4 h",
	}
	for d, want := range tests {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
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
