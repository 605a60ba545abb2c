package element

import (
	"math"
	"testing"
)

// The texts are those of documentation page Measurement.Type-options, written
// the same in every place of the world.
func TestClock(t *testing.T) {
	for _, c := range []struct {
		clock Clock
		f     float64
		text  string
	}{
		{ClockDate, 46348, "2026-11-22"},
		{ClockDate, 0, "1899-12-30"},
		{ClockDateTime, 46348.5848495370, "2026-11-22 14:02:11"},
		{ClockMinutely, 46348.5848495370, "2026-11-22 14:02"},
		{ClockSeconds, 123.456, "00:02:03"},
		{ClockMinutes, 123.456, "02:03:27"},
		{ClockHours, 123.456, "5 d 03:27:22"},
		{ClockSeconds, -90, "-00:01:30"},
		{ClockTimeOfDay, 50531, "14:02:11"},
		{ClockMinuteOfDay, 842, "14:02:00"},
		{ClockTimeOfDay, 90000, "01:00:00"},
		{ClockDate, 3e6, ""},
		{ClockSeconds, 1e13, ""},
		{ClockSeconds, math.NaN(), ""},
	} {
		if got := c.clock.Text(c.f); got != c.text {
			t.Errorf("%s of %v: %q, want %q", c.clock, c.f, got, c.text)
		}
	}
}

func TestClockReadsWhatItWrites(t *testing.T) {
	for _, c := range []struct {
		clock Clock
		text  string
		want  float64
		ok    bool
	}{
		{ClockDate, "2026-11-22", 46348, true},
		{ClockDate, "22.11.2026", 0, false},
		{ClockDateTime, "2026-11-22T14:02", 46348 + 50520.0/86400, true},
		{ClockDateTime, "2026-11-22 14:02:11", 46348 + 50531.0/86400, true},
		{ClockDateTime, "2026-02-30", 0, false},
		{ClockSeconds, "00:02:03", 123, true},
		{ClockSeconds, "02:03", 7380, true},
		{ClockMinutes, "02:03:30", 123.5, true},
		{ClockHours, "5 d 03:30:00", 123.5, true},
		{ClockSeconds, "-00:01:30", -90, true},
		{ClockSeconds, "00:60:00", 0, false},
		{ClockSeconds, "1 d", 0, false},
		{ClockSeconds, "soon", 0, false},
		{ClockTimeOfDay, "14:02:11", 50531, true},
	} {
		got, ok := c.clock.Parse(c.text)
		if ok != c.ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s of %q: %v %v, want %v %v", c.clock, c.text, got, ok, c.want, c.ok)
		}
		if again, okAgain := c.clock.Parse(c.clock.Text(got)); ok && c.clock != ClockMinutely && (!okAgain || math.Abs(again-got) > 1.0/86400) {
			t.Errorf("%s: %v is written so that it reads as %v", c.clock, got, again)
		}
	}
}
