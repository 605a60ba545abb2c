// Package codec turns bytes into values and values into bytes, as the tags of a
// connector's Interprete say. It is pure: it keeps nothing, knows no element and
// no connector; values of other parameters come in through Values.
//
// One parameter (interprete.go; rawtype.go and lengthtype.go list the types):
//
//	Interprete.Decode(bytes, Values) (Decoded, bool)    // from a device
//	Interprete.Encode(Value) ([]byte, error)            // to a device; *OverflowError
//	Interprete.Bytes(Value), FromBytes(bytes), Reversed // in memory
//
// One message, whose content is a list of Param:
//
//	NewPattern(content, optional).Match(bytes, Values) ([]Field, bool) // a response
//	Build(content, Values) ([]Part, error), Join(parts)                // a command
//	ReverseParts, Replacement                                          // actions on what was built
//
// What they are made of, from the bytes up: number.go (binary numbers, byte
// order), text.go (raw types that are text, ASCII, hexadecimal digits),
// sequence.go (arithmetic on the way) and round.go.
package codec
