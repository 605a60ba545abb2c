// Package codec turns bytes into values and values into bytes, as the tags of a
// connector's Interprete say. It is pure: it keeps nothing, knows no element and
// no connector; values of other parameters come in through Values.
//
// A parameter (interprete.go, with the raw types and length types):
//
//	Interprete.Decode(bytes, Values) (Decoded, bool)   // from a device
//	Interprete.Encode(Value) ([]byte, error)           // to a device; *OverflowError
//
// What they are made of, from the bytes up: number.go (binary numbers, byte
// order), text.go (raw types that are text, ASCII, hexadecimal digits),
// sequence.go (arithmetic on the way), round.go.
package codec
