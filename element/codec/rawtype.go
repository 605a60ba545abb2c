package codec

// RawType is how a parameter is written in the bytes of a message
// (Interprete/RawType, lower case). One that is not listed here is read as
// RawOther.
type RawType string

// The raw types.
const (
	RawOther       RawType = "other"        // any bytes
	RawText        RawType = "text"         // letters, digits and some signs
	RawNumericText RawType = "numeric text" // a number in digits
	RawUnsigned    RawType = "unsigned number"
	RawSigned      RawType = "signed number" // two's complement
	RawDouble      RawType = "double"        // IEEE 754, in 4 or 8 bytes
	RawBCD         RawType = "bcd"           // a digit in each half of a byte
	RawOnlyOthers  RawType = "only others"   // nothing but what Others name
	RawHighNibble  RawType = "high nibble"   // the first four bits of a byte; written as Interprete/Type
)

// IsBinary reports whether the bytes are those of a number, not of a text.
func (t RawType) IsBinary() bool {
	switch t {
	case RawUnsigned, RawSigned, RawDouble, RawBCD, RawHighNibble:
		return true
	default:
		return false
	}
}
