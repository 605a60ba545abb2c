package element

import (
	"fmt"
	"time"
)

// ScriptCall is a call of a QAction that has not returned yet.
type ScriptCall struct {
	QAction int
	Name    string
	Since   time.Time
	Over    time.Time // when it had used up its budget; zero while it has not
}

func (c ScriptCall) String() string {
	if c.Name == "" {
		return fmt.Sprintf("QAction %d", c.QAction)
	}
	return fmt.Sprintf("QAction %d (%s)", c.QAction, c.Name)
}

// Script says of one QAction of an element what it cost since the element was
// started or the program was. Times are in milliseconds and include what the
// calls caused: triggers, other QActions.
type Script struct {
	ID        int     `json:"id"`
	Name      string  `json:"name"`
	Language  string  `json:"language"` // "jscript", "csharp" …; as written
	Runs      bool    `json:"runs"`     // false: this program does not run the language, or the script was switched off
	Calls     uint64  `json:"calls"`
	Errors    uint64  `json:"errors"`
	TotalMs   float64 `json:"totalMs"`
	LongestMs float64 `json:"longestMs"`
	LastError string  `json:"lastError,omitempty"`
	Off       string  `json:"off,omitempty"`     // why it is switched off for a while: a sentence; "" when it is not
	OffUntil  Time    `json:"offUntil,omitzero"` // when it is tried again; null when it is not off
}
