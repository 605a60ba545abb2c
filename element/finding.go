package element

// Severity ranks a Finding, as the public DataMiner validator does.
type Severity string

// The severities, most severe first.
const (
	Critical Severity = "critical"
	Major    Severity = "major"
	Minor    Severity = "minor"
	Warning  Severity = "warning"
	Info     Severity = "info"
)

// Severities lists all severities, most severe first.
func Severities() []Severity { return []Severity{Critical, Major, Minor, Warning, Info} }

// AtLeast reports whether s is as severe as min or more so.
func (s Severity) AtLeast(min Severity) bool {
	rank := func(x Severity) int {
		for i, v := range Severities() {
			if v == x {
				return i
			}
		}
		return len(Severities())
	}
	return rank(s) <= rank(min)
}

// Finding is one remark about a connector: something wrong, ignored or worth
// knowing, with its place in the file. Line and Column start at 1; Column
// counts bytes.
type Finding struct {
	ID       string   `json:"id"` // "WS-04", "2.1.11": docs/findings.md
	Severity Severity `json:"severity"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Message  string   `json:"message"`
}
