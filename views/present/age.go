package present

import (
	"fmt"
	"time"

	"fieldline/element"
)

// Span is a length of time for a person: "0.4 s", "12 s", "4 min",
// "3 h 12 min", "2 d 4 h".
func Span(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
	}
}

// How a moment is shown.
const (
	AsAge   = "age"   // "12 s ago"; from an hour on the time of day
	AsSpan  = "span"  // how long it is so: "3 h 12 min"
	AsUntil = "until" // "in 12 s"
	AsClock = "clock" // the time of day with milliseconds
	AsPlain = "plain" // the time of day, with the date when it is another day
)

// Moment is a time as a page that was drawn at now shows it; "" for none. The
// scripts tell such a moment anew while the page stands there.
func Moment(t element.Time, now time.Time, as string) string {
	if t.IsZero() {
		return ""
	}
	switch d := now.Sub(t.Time); as {
	case AsSpan:
		return Span(d)
	case AsUntil:
		if -d < 950*time.Millisecond {
			return "now"
		}
		return fmt.Sprintf("in %.0f s", (-d).Seconds())
	case AsClock:
		return t.UTC().Format("15:04:05.000")
	case AsAge:
		if d < 0 {
			return "now"
		}
		if d < time.Hour {
			return Span(d) + " ago"
		}
	}
	if y, m, d := now.UTC().Date(); t.UTC().Truncate(24*time.Hour) != time.Date(y, m, d, 0, 0, 0, 0, time.UTC) {
		return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
	}
	return t.UTC().Format("15:04:05") + " UTC"
}

// Stamp is the machine form of a time, "" for none.
func Stamp(t element.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
