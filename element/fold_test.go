package element_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
)

// found makes findings of "id severity" words, one a line of a file.
func found(words string) []element.Finding {
	var list []element.Finding
	for i, w := range strings.Split(words, ";") {
		id, severity, _ := strings.Cut(strings.TrimSpace(w), " ")
		list = append(list, element.Finding{ID: id, Severity: element.Severity(severity), Line: i + 1, Column: 1, Message: id + " here"})
	}
	return list
}

func TestFoldFindings(t *testing.T) {
	tests := []struct{ in, want string }{
		{"FL-02 info;FL-02 info;FL-02 info", "1 FL-02 here;2 FL-02 here;3 FL-02 here"}, // three are no noise
		{"FL-02 info;2.5.1 info;FL-20 info;FL-02 info;FL-41 info", "1 4 constructs have no effect here.;2 2.5.1 here"},
		{"2.4.1 info;2.9.7 info;1.23.2 major;2.4.1 info;2.4.1 info;2.9.7 info;2.11.1 info", "1 6 recommendations of DataMiner's validator: 2.4.1 (3), 2.9.7 (2), 2.11.1 (1).;3 1.23.2 here"},
		{"2.4.1 minor;2.4.1 minor;2.4.1 minor;2.4.1 minor", "1 2.4.1 here;2 2.4.1 here;3 2.4.1 here;4 2.4.1 here"}, // only infos are folded
		{"WS-12 info;WS-12 info;WS-12 info;WS-12 info", "1 WS-12 here;2 WS-12 here;3 WS-12 here;4 WS-12 here"},     // not true of every file
		{"WS-22 info;WS-22 info;WS-22 info;WS-22 info", "1 4 QActions are in a language that does not run here."},
		{"FL-43 info;FL-31 info;FL-10 info;FL-31 info", "1 FL-43 here (2);3 FL-10 here"}, // the count in front stands for them
		{"FL-31 info;FL-31 info;FL-31 info;FL-31 info", "1 4 displayed values stay empty."},
		{"FL-01 info;FL-01 info;FL-01 info;FL-01 info", "1 4 names are written in another casing than the schema's; they were read all the same."},
	}
	for _, tt := range tests {
		list, parts := found(tt.in), 0
		var got []string
		for _, f := range element.FoldFindings(list) {
			line := fmt.Sprint(f.Line, " ", f.Message)
			if f.ID == "FL-43" {
				line += fmt.Sprintf(" (%d)", len(f.Parts))
			}
			got = append(got, line)
			parts += max(1, len(f.Parts))
			if f.ID == "FL-43" {
				parts++
			}
		}
		if s := strings.Join(got, ";"); s != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.in, s, tt.want)
		}
		if parts != len(list) {
			t.Errorf("%s: %d findings are told, want %d", tt.in, parts, len(list))
		}
	}
}

func TestFindingsFrom(t *testing.T) {
	list := found("a critical;b major;c minor;d warning;e info")
	for least, want := range map[element.Severity]int{"": 5, element.Info: 5, element.Warning: 4, element.Minor: 3, element.Major: 2, element.Critical: 1} {
		if got := element.FindingsFrom(list, least); len(got) != want || len(list) != 5 {
			t.Errorf("from %q there are %d, want %d", least, len(got), want)
		}
	}
}
