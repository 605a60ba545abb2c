package element

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// ParamID is the id of a parameter inside its connector.
type ParamID int

// ValueKind says what a Value holds.
type ValueKind uint8

// The kinds of a Value.
const (
	KindNone   ValueKind = iota // never set: "not initialized"
	KindText                    // Interprete type string; may hold any bytes
	KindNumber                  // Interprete type double
)

// Value is what a parameter holds: nothing yet, a text or a number. Values are
// comparable with ==. The zero Value is "never set", which differs from the
// empty text.
type Value struct {
	kind ValueKind
	text string
	num  float64
}

// Text returns a text value. The string may hold bytes that are not UTF-8 (a
// binary message); they are kept as they are and shown with U+FFFD.
func Text(s string) Value { return Value{kind: KindText, text: s} }

// Number returns a numeric value. NaN and infinities have no JSON form; callers
// check for them where input enters (connector.Param.Decode).
func Number(f float64) Value { return Value{kind: KindNumber, num: f} }

// Kind returns what v holds.
func (v Value) Kind() ValueKind { return v.kind }

// IsSet reports whether v was ever set.
func (v Value) IsSet() bool { return v.kind != KindNone }

// IsEmpty reports whether v was never set or is the empty text.
func (v Value) IsEmpty() bool { return v.kind == KindNone || v.kind == KindText && v.text == "" }

// String returns the raw value as text: "" when never set, numbers in their
// shortest decimal form without exponent for ordinary magnitudes.
func (v Value) String() string {
	switch v.kind {
	case KindText:
		return v.text
	case KindNumber:
		return FormatNumber(v.num)
	default:
		return ""
	}
}

// Float returns v as a number. A text is converted; the second result is false
// when v is not set or is not a number. A number never set reads as 0.
func (v Value) Float() (float64, bool) {
	switch v.kind {
	case KindNumber:
		return v.num, true
	case KindText:
		f, err := strconv.ParseFloat(strings.TrimSpace(v.text), 64)
		if err != nil || !IsFinite(f) {
			return 0, false
		}
		return f, true
	default:
		return 0, false
	}
}

// MarshalJSON writes null, a JSON string or a JSON number.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case KindText:
		return json.Marshal(strings.ToValidUTF8(v.text, "\uFFFD"))
	case KindNumber:
		return json.Marshal(v.num)
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON reads what MarshalJSON writes. An integer that a double cannot
// hold is the text of its digits: it may be the id of something.
func (v *Value) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case bytes.Equal(b, []byte("null")):
		*v = Value{}
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*v = Text(s)
		return nil
	}
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return errors.New("a value is a text, a number or null")
	}
	*v = Number(f)
	if again, err := v.MarshalJSON(); err == nil && !bytes.Equal(again, b) && isDigits(b) {
		*v = Text(string(b))
	}
	return nil
}

// isDigits reports whether a JSON number has enough digits to lose some, and
// neither a fraction nor an exponent.
func isDigits(b []byte) bool {
	const safe = 15 // digits that every double keeps
	return len(b) > safe && !bytes.ContainsAny(b, ".eE")
}
