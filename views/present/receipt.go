package present

import "fieldline/element"

// Receipt is how far a write has come.
type Receipt struct {
	ID        string          `json:"id"`
	Parameter element.ParamID `json:"parameter"`
	Row       string          `json:"row,omitempty"` // key of the row, of a write of a cell
	Steps     []Step          `json:"steps"`
	At        element.Time    `json:"at"` // of the last step
	By        string          `json:"by"` // "by ruth"
	Detail    string          `json:"detail,omitempty"`
	Timed     bool            `json:"timed,omitempty"` // how long it took may be told
	Done      bool            `json:"done,omitempty"`  // all is well and nothing more comes
	Failed    bool            `json:"failed,omitempty"`
}

// Step is what a write has passed. Of values that are not kept over restarts
// the step "saved" is not shown; the style sheet sees to that.
type Step struct {
	Word string `json:"word"`
	Kind string `json:"kind,omitempty"` // StepSaved or StepFailed
}

// The kinds of steps that are drawn in their own way.
const (
	StepSaved  = "saved"
	StepFailed = "failed"
)

// ReceiptOf is the receipt of a write.
func ReceiptOf(w element.Write) Receipt {
	return Receipt{
		ID: w.ID, Parameter: w.Parameter, Row: w.Row, Steps: steps(w.Status), At: w.At, By: Visible("by " + w.By), Detail: Visible(w.Detail),
		Timed:  w.Status == element.WriteConfirmed,
		Done:   w.Status == element.WriteConfirmed || w.Status == element.WriteSaved && w.Detail == "",
		Failed: w.Status == element.WriteFailed,
	}
}

func steps(s element.WriteStatus) []Step {
	all := []Step{{"requested", ""}, {"saved", StepSaved}, {"sent", ""}, {"confirmed", ""}}
	switch s {
	case element.WriteSaved:
		return all[:2]
	case element.WriteSent:
		return all[:3]
	case element.WriteConfirmed:
		return all
	case element.WriteFailed:
		return append(all[:1], Step{"failed", StepFailed})
	}
	return all[:1]
}
