package connector

import (
	"errors"
	"fieldline/element"
	"strings"
)

// MaxSize is the largest connector that Parse reads, in bytes.
const MaxSize = 16 << 20

// Parse reads a connector. It returns an Invalid or TooLarge *element.Error
// with Findings when the file is refused: not XML, no Protocol, without Name,
// Version or any connection, duplicate ids in a list, a handshake that cannot
// be built (WS-01 to WS-04). It never panics, whatever the input.
func Parse(xml []byte) (*Definition, error) {
	return nil, errors.New("connector.Parse: being written")
}

// Condition is a parsed Condition of a pair, group, timer, trigger, action or
// QAction (documentation page LogicConditions).
type Condition struct {
	Source string
	Params []element.ParamID // that it refers to
}

// Eval evaluates the condition with the present values; lookup returns the
// zero Value for a parameter that was never set. An operand that cannot be
// compared makes the result false and is named by the error, for the log.
func (c *Condition) Eval(lookup func(element.ParamID) element.Value) (bool, error) {
	return false, errors.New("connector.Condition.Eval: being written")
}

// Decode is the door for values that a person or a script sets: it returns the
// value in the parameter's own type, or an Invalid *element.Error (without
// Field) whose sentence names what is allowed: type, length, range, step,
// discreets, and what the address, path or header the parameter feeds can
// take. The range of a discreet parameter is its list; both the raw value and
// the display text of a discreet are understood.
func (p *Param) Decode(raw element.Value) (element.Value, error) {
	return element.Value{}, errors.New("connector.Param.Decode: being written")
}

// DecodeDevice interprets bytes that came from a device: RawType, Trim, Base,
// Sequence, Factor, Scale, Range and Exceptions. ok is false when the bytes do
// not fit the raw type or the range: they are then not processed. lookup gives
// the values that Sequence and OffSet refer to.
func (p *Param) DecodeDevice(b []byte, lookup func(element.ParamID) element.Value) (v element.Value, ok bool) {
	return element.Value{}, false
}

// Encode returns the bytes that stand for the value in a command.
func (p *Param) Encode(v element.Value) []byte { return nil }

// Display returns the text that a page shows for the value, without units:
// exceptions, discreets, decimals, date and time options. "" when never set;
// passwords are dots.
func (p *Param) Display(v element.Value) string { return v.String() }

// foldName is how names of parameters compare: in any casing, trimmed.
func foldName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
