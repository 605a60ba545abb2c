package element

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMenuChoice(t *testing.T) {
	entries := []Discreet{
		{Value: "add", Display: "Add", Prompts: []Prompt{{Param: 1001}, {Param: 1002, Optional: true}}},
		{Value: "delete", Display: "Delete", Rows: RowsSome},
		{Value: "one", Display: "One", Rows: RowsOne},
		{Value: "-1", Separator: true},
		{Value: "run", Script: true},
	}
	name := func(id ParamID) string { return "Column " + FormatNumber(float64(id)) }
	for _, c := range []struct {
		choice  MenuChoice
		text    string // "" when it cannot be chosen
		trouble string
	}{
		{MenuChoice{Entry: "add", Values: []string{"x", ""}}, `["","add","x",""]`, ""},
		{MenuChoice{Entry: "add", Values: []string{"", "y"}}, `["","add","","y"]`, "Column 1001 is needed."},
		{MenuChoice{Entry: "delete", Rows: []string{"a", "b;"}}, `["","delete","a","b;"]`, ""},
		{MenuChoice{Entry: "delete"}, `["","delete"]`, "Select a row: Delete is about rows."},
		{MenuChoice{Entry: "one", Rows: []string{"a", "b"}}, `["","one","a","b"]`, "Select one row: One is about a single one."},
		{MenuChoice{Entry: "-1"}, "", ""},
		{MenuChoice{Entry: "run"}, "", ""},
		{MenuChoice{Entry: "other"}, "", ""},
		{MenuChoice{Entry: "delete", Rows: strings.Split(strings.Repeat("k ", MaxMenuRows+1), " ")}, "", ""},
	} {
		got, entry, ok := ParseMenu(c.choice.Value(), entries)
		if ok != (c.text != "") {
			t.Errorf("%+v is taken: %v", c.choice, ok)
			continue
		}
		if !ok {
			continue
		}
		if c.choice.Value().String() != c.text || got.Value() != c.choice.Value() {
			t.Error(cmp.Diff(c.text, got.Value().String()))
		}
		if trouble := entry.Trouble(got, name); trouble != c.trouble {
			t.Errorf("%s: trouble %q, want %q", c.text, trouble, c.trouble)
		}
	}
	for _, bad := range []string{"", "add", "[", "[1,2]", `["add"]`, `["","add"]`} {
		if _, _, ok := ParseMenu(Text(bad), entries); ok {
			t.Errorf("%q is read as a choice", bad)
		}
	}
}
