package element

import "time"

// timeLayout is RFC 3339 with exactly three fractional digits, in UTC.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// Time is a moment as the API shows it: RFC 3339 with milliseconds, UTC; the
// zero Time is JSON null.
type Time struct{ time.Time }

// At wraps t.
func At(t time.Time) Time { return Time{t} }

// MarshalJSON writes the time, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.UTC().Format(timeLayout) + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*t = Time{}
		return nil
	}
	return t.Time.UnmarshalJSON(b)
}
