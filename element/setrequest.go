package element

// SetRequest asks for a write of a parameter or a cell. The parameter of its
// Target is a write parameter, or a read parameter with a write twin. Raw is the
// text as typed or the number as sent; a text is what forms post, for numbers too.
type SetRequest struct {
	Target
	Raw       Value  // not set: nothing was chosen, which is refused
	IfValue   *Value // refuse with Conflict when the present value differs; not for cells
	Confirmed bool   // a person was asked the question of NeedsConfirmation and said yes
	By        string // who: "127.0.0.1", later a person's name
	WithView  bool   // answer with the View, to draw what was written
}

// SetResult answers a SetRequest: the receipt of the write, zero when it was
// refused, and with WithView what the owner of the element saw in the same turn,
// right after the write. The view is there beside an error, too, when the
// element has one.
type SetResult struct {
	Write
	View  *View
	Table *Table // the one of a cell
}

// NeedsConfirmation is the error of a write that is good, and was not carried
// out because its connector wants a person asked first.
type NeedsConfirmation struct {
	Question string // of the connector; a context menu's may hold placeholders
}

func (n *NeedsConfirmation) Error() string { return n.Unwrap().Error() }

// Unwrap returns the *Error that it is to those who ask nobody.
func (n *NeedsConfirmation) Unwrap() error {
	return &Error{Code: Conflict, Field: "confirm", Msg: "The connector asks: " + n.Question}
}
