package element

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Limits of numbers that are read as times: dates up to the year 9999, and
// durations that still fit into whole seconds.
const (
	maxClockDays    = 2_958_466
	maxClockSeconds = 1e12
	secondsOfDay    = 86_400
)

// IsDate reports whether the clock counts days of the calendar.
func (c Clock) IsDate() bool {
	return c == ClockDate || c == ClockDateTime || c == ClockMinutely
}

// layout is how a date is written, and the layouts that are read.
func (c Clock) layout() (written string, read []string) {
	switch c {
	case ClockDate:
		return time.DateOnly, []string{time.DateOnly}
	case ClockMinutely:
		written = "2006-01-02 15:04"
	default:
		written = time.DateTime
	}
	return written, []string{time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly}
}

// epoch is day 0 of an OLE Automation date.
func epoch() time.Time { return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) }

// Text writes a number as the time it stands for: 2026-11-22 14:02:11,
// 1 d 02:03:04, 14:02:11. It is "" for a number that is no time.
func (c Clock) Text(f float64) string {
	if c.IsDate() {
		if math.IsNaN(f) || math.Abs(f) >= maxClockDays {
			return ""
		}
		days := math.Floor(f)
		rest := time.Duration(math.Round((f-days)*secondsOfDay)) * time.Second
		written, _ := c.layout()
		return epoch().AddDate(0, 0, int(days)).Add(rest).Format(written)
	}
	s := f * c.seconds()
	if math.IsNaN(s) || math.Abs(s) > maxClockSeconds {
		return ""
	}
	whole := int64(math.Round(math.Abs(s)))
	sign := ""
	if s < 0 && whole > 0 {
		sign = "-"
	}
	days := whole / secondsOfDay
	text := time.Unix(whole%secondsOfDay, 0).UTC().Format(time.TimeOnly)
	if days > 0 && c != ClockTimeOfDay && c != ClockMinuteOfDay {
		text = strconv.FormatInt(days, 10) + " d " + text
	}
	return sign + text
}

// seconds is how many seconds the number 1 stands for.
func (c Clock) seconds() float64 {
	switch c {
	case ClockMinutes, ClockMinuteOfDay:
		return 60
	case ClockHours:
		return 3600
	}
	return 1
}

// Parse reads what Text writes, and the forms of a browser's date and time
// fields: 2026-11-22T14:02, 02:03. ok is false for anything else.
func (c Clock) Parse(s string) (f float64, ok bool) {
	s = strings.TrimSpace(s)
	if c.IsDate() {
		_, layouts := c.layout()
		for _, layout := range layouts {
			if t, err := time.Parse(layout, s); err == nil {
				return t.Sub(epoch()).Seconds() / secondsOfDay, true
			}
		}
		return 0, false
	}
	s, negative := strings.CutPrefix(s, "-")
	total := 0.0
	if days, rest, found := strings.Cut(s, " d"); found {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil {
			return 0, false
		}
		total, s = float64(n)*secondsOfDay, strings.TrimSpace(rest)
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	unit := 3600.0
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil || i > 0 && n > 59 {
			return 0, false
		}
		total += float64(n) * unit
		unit /= 60
	}
	if negative {
		total = -total
	}
	return total / c.seconds(), true
}

// Example is a text that Parse reads, for a sentence.
func (c Clock) Example() string {
	switch c {
	case ClockDate:
		return "2026-11-22"
	case ClockDateTime:
		return "2026-11-22 14:02:11"
	case ClockMinutely:
		return "2026-11-22 14:02"
	}
	return "14:02:11"
}
