package element

// SetRequest asks for a write of a parameter or a cell. The parameter of its
// Target is a write parameter, or a read parameter with a write twin. Raw is the
// text as typed or the number as sent; a text is what forms post, for numbers too.
type SetRequest struct {
	Target
	Raw     Value
	IfValue *Value // refuse with Conflict when the present value differs; not for cells
	By      string // who: "127.0.0.1", later a person's name
}
