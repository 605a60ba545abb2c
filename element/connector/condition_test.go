package connector

import (
	"strings"
	"testing"

	"fieldline/element"
)

func values(id element.ParamID) element.Value {
	switch id {
	case 1:
		return element.Number(5)
	case 2:
		return element.Text("abc")
	case 3:
		return element.Text("")
	case 4:
		return element.Text("12")
	case 2001:
		return element.Number(10)
	case 2002:
		return element.Number(25)
	}
	return element.Value{}
}

func TestConditions(t *testing.T) {
	tests := []struct {
		src  string
		want bool
		fail bool
	}{
		{`id:1 == 5`, true, false},
		{`id:1 != 5 OR id:2 == "abc"`, true, false},
		{`id:1 == 5 OR id:1 == 6 AND id:1 == 7`, true, false},
		{`(id:1 == 5 OR id:1 == 6) AND id:1 == 7`, false, false},
		{`((id:1 == 5))`, true, false},
		{`id:2002 < id:2001 + 20`, true, false},
		{`id:1 + 2 * 3 == 11`, true, false},
		{`(id:1 + 2) * 3 == 21`, true, false},
		{`id:1 - 3 - 1 == 1`, true, false},
		{`id:1-3==2`, true, false},
		{`id:1 > -1`, true, false},
		{`id:1 & 4 == 4`, true, false},
		{`id:1 | 2 == 7`, true, false},
		{`id:2 + "d" == "abcd"`, true, false},
		{`id:4 == 12`, true, false},
		{`id:2 == 12`, false, true},
		{`id:2 != 12`, false, true},
		{`id:9 == empty`, true, false},
		{`id:3 == empty`, false, false},
		{`id:3 == emptystring`, true, false},
		{`id:9 == emptystring`, true, false},
		{`id:1 != empty`, true, false},
		{`id:9 == 0`, true, false},
		{`id:2 == "a # $ (b"`, false, false},
		{`id:1 / 0 == 1`, false, true},
		{`id:1 > 1e-3`, true, false},
	}
	for _, tt := range tests {
		c, err := parseCondition(tt.src)
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		got, err := c.Eval(values)
		if got != tt.want || (err != nil) != tt.fail {
			t.Errorf("%s is %v, %v; want %v", tt.src, got, err, tt.want)
		}
	}
}

func TestConditionErrors(t *testing.T) {
	for _, src := range []string{
		``, `id:1`, `5 + 5`, `id:1 = 5`, `id: 1 == 5`, `(id:1 == 5`, `id:1 == 5)`, `id:1 ==`, `== 5`, `id:1 5`, `"open == 1`, `id:x == 1`, `foo == 1`,
		`id:1 AND id:4 == 12`, `id:1 == 5 OR id:4`, `id:1 == 5 AND (id:2 + "x")`, `id:1 == 5 OR empty`,
		strings.Repeat("(", 100) + "1 == 1" + strings.Repeat(")", 100), strings.Repeat("1", maxCondition+1),
	} {
		if _, err := parseCondition(src); element.CodeOf(err) != element.Invalid {
			t.Errorf("%.30q: got %v", src, err)
		}
	}
}

func FuzzCondition(f *testing.F) {
	f.Add(`id:1 == 5 AND (id:2 != "x" OR 1 + 2 * 3 > 4)`)
	f.Add(`empty == emptystring`)
	f.Fuzz(func(_ *testing.T, src string) {
		c, err := parseCondition(src)
		if err != nil {
			return
		}
		_, _ = c.Eval(values)
	})
}
