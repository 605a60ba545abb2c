package present

import (
	"math"
	"strconv"

	"fieldline/element"
)

// Script is what a QAction cost up to now.
type Script struct {
	ID      int    `json:"id"`
	State   string `json:"state"`
	Calls   string `json:"calls"`
	Errors  string `json:"errors"`
	Total   string `json:"total"`
	Longest string `json:"longest"`
	Error   string `json:"error,omitempty"` // the last one
}

// ScriptOf is what a QAction cost.
func ScriptOf(s element.Script) Script {
	return Script{
		ID: s.ID, State: scriptState(s), Calls: strconv.FormatUint(s.Calls, 10), Errors: strconv.FormatUint(s.Errors, 10),
		Total: milliseconds(s.TotalMs), Longest: milliseconds(s.LongestMs), Error: Visible(s.LastError),
	}
}

func scriptState(s element.Script) string {
	switch {
	case s.Runs:
		return "runs"
	case s.Language == "jscript":
		return "switched off"
	}
	return Visible(s.Language) + " is not run here"
}

// milliseconds writes a length of time with two decimals at most.
func milliseconds(ms float64) string { return element.FormatNumber(math.Round(ms*100)/100) + " ms" }
