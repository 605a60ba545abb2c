package element

import "strings"

// Discreet is one entry of a list: the raw value and its text.
type Discreet struct {
	Value   string
	Display string
	Confirm string     // asked before this entry is set
	When    []string   // dependencyValues: texts of ParamInfo.DependsOn for which it is offered; nil for all
	Enabled *Condition // nil: always
	Opens   bool       // Value@type open: the value is an address to open, not to set
	Color   string     // rowTextColor: #rrggbb, of the rows that hold it in a column that colours them; "" none

	// Of a context menu.
	Separator bool
	Rows      Selection
	Prompts   []Prompt // what is asked for before it is set, in this order
	Level     int      // as ParamInfo.Level
	Script    bool     // starts an automation script, which this program has not
}

// FindDiscreet returns the entry of a list that a text sets: by its value, then
// by what it shows. number says whether the values are numbers.
func FindDiscreet(entries []Discreet, text string, number bool) (Discreet, bool) {
	text = strings.TrimSpace(text)
	for _, d := range entries {
		if SameValue(d.Value, text, number) {
			return d, true
		}
	}
	for _, d := range entries {
		if strings.EqualFold(d.Display, text) {
			return d, true
		}
	}
	return Discreet{}, false
}
