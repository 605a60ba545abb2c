package codec

import (
	"slices"

	"fieldline/element"
)

// Bytes are those of a value in memory: of a binary number the bytes that a
// message carries for it, else those of its text.
func (in *Interprete) Bytes(v element.Value) []byte {
	if !in.RawType.IsBinary() {
		return []byte(v.String())
	}
	b, _ := in.Encode(v) // in memory there is nothing to order
	return b
}

// FromBytes is the value whose bytes in memory these are; ok is false when they
// are no number of the raw type.
func (in *Interprete) FromBytes(b []byte) (v element.Value, ok bool) {
	if !in.RawType.IsBinary() {
		return element.Text(string(b)), true
	}
	f, ok := in.number(b)
	if !in.IsNumber {
		return element.Text(element.FormatNumber(f)), ok
	}
	return element.Number(f), ok
}

// Reversed is a value with its bytes in reverse order; one whose bytes are then
// no number of the raw type stays as it is.
func (in *Interprete) Reversed(v element.Value) element.Value {
	b := in.Bytes(v)
	slices.Reverse(b)
	if reversed, ok := in.FromBytes(b); ok {
		return reversed
	}
	return v
}
