package codec

// LengthType is how many bytes of a message a parameter takes
// (Interprete/LengthType, lower case).
type LengthType string

// The length types.
const (
	LengthFixed         LengthType = "fixed"           // Interprete/Length
	LengthNextParam     LengthType = "next param"      // up to the constant that follows
	LengthLastNextParam LengthType = "last next param" // up to its last occurrence
	LengthOtherParam    LengthType = "other param"     // what LengthType@id holds
)

// IsKnown reports whether the length type is one of those.
func (t LengthType) IsKnown() bool {
	switch t {
	case LengthFixed, LengthNextParam, LengthLastNextParam, LengthOtherParam:
		return true
	default:
		return false
	}
}
