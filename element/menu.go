package element

import (
	"encoding/json"
	"strings"
)

// Limits of a choice from a context menu.
const (
	MaxMenuRows   = 1000 // rows that one choice is about
	MaxMenuValues = 100  // values that an entry asks for
)

// MenuChoice is what a person chose from the context menu of a table
// (documentation page UIComponentsCustomTableContextMenu): the Value of the
// entry, a value for each of its Prompts in their order ("" for one that was
// left out), and the primary keys of the selected rows.
type MenuChoice struct {
	Entry  string
	Values []string
	Rows   []string
}

// Value is the choice as the parameter of the menu takes it: a JSON array of
// texts. The first names the client, which has none here and is empty; then
// come the entry, the values and the keys.
func (m MenuChoice) Value() Value {
	list := append([]string{"", m.Entry}, m.Values...)
	b, err := json.Marshal(append(list, m.Rows...))
	if err != nil {
		return Value{} // texts always have a JSON form
	}
	return Text(string(b))
}

// ParseMenu reads what MenuChoice.Value writes; the entries tell how many of
// the texts are values. ok is false for anything else, and for an entry that
// the list has not or that cannot be chosen.
func ParseMenu(v Value, entries []Discreet) (m MenuChoice, entry Discreet, ok bool) {
	var list []string
	if !strings.HasPrefix(strings.TrimSpace(v.String()), "[") || json.Unmarshal([]byte(v.String()), &list) != nil || len(list) < 2 {
		return MenuChoice{}, Discreet{}, false
	}
	for _, d := range entries {
		if d.Value != list[1] || d.Separator || d.Script {
			continue
		}
		rest := list[2:]
		if len(rest) < len(d.Prompts) || len(rest)-len(d.Prompts) > MaxMenuRows {
			return MenuChoice{}, Discreet{}, false
		}
		return MenuChoice{Entry: d.Value, Values: rest[:len(d.Prompts)], Rows: rest[len(d.Prompts):]}, d, true
	}
	return MenuChoice{}, Discreet{}, false
}

// Trouble is a sentence on what the choice lacks, "" when it is complete.
func (d Discreet) Trouble(m MenuChoice, name func(ParamID) string) string {
	switch {
	case d.Rows == RowsOne && len(m.Rows) != 1:
		return "Select one row: " + d.Display + " is about a single one."
	case d.Rows == RowsSome && len(m.Rows) == 0:
		return "Select a row: " + d.Display + " is about rows."
	case len(m.Rows) > MaxMenuRows:
		return "Select at most " + FormatNumber(MaxMenuRows) + " rows."
	}
	for i, p := range d.Prompts {
		if !p.Optional && (i >= len(m.Values) || m.Values[i] == "") {
			return name(p.Param) + " is needed."
		}
	}
	return ""
}
