package element

// Mark says what becomes of one line of a connector's text in this program,
// with the findings on it.
type Mark struct {
	Line      int       `json:"line"` // from 1
	Verdict   Verdict   `json:"verdict"`
	Construct string    `json:"construct,omitempty"` // path of the first element that begins on the line
	Findings  []Finding `json:"findings,omitempty"`  // by column
}

// Verdict is what this program makes of a construct.
type Verdict string

// The verdicts. Wrong wins over Ignored and Ignored over Runs when a line has
// several constructs; the lines inside an element that has none on them have
// its verdict. A line outside of the root element has none.
const (
	VerdictNone    Verdict = ""
	VerdictRuns    Verdict = "runs"
	VerdictIgnored Verdict = "ignored"
	VerdictWrong   Verdict = "wrong"
)
