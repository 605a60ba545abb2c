package connector_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldline/element"
	"fieldline/element/connector"
)

// report is what a page draws: the marks, with the findings on their lines.
func report(src []byte) []element.Mark {
	var found []element.Finding
	if def, err := judged(src); err == nil {
		found = def.Findings
	} else if e, ok := errors.AsType[*element.Error](err); ok {
		found = e.Findings
	}
	return element.NewConnectorReport("", "", connector.Marks(src), found).Lines
}

// painted is a connector with a line of each kind, and paint what becomes of its
// lines; both begin on the line below.
const (
	painted = `
<?xml version="1.0" encoding="utf-8"?>
<!-- a comment -->
<Protocol>
<Name>x</Name>
<Version>1</Version>
<Strange>
 <Inner/>
</Strange>
<Type>http</Type>

<Params>
 <Param id="1">
  <Name>a</Name><Type>strange</Type>
 </Param>
 <Param id="2" unheard="of"><Name>b</Name><Type>read</Type></Param>
</Params>
<Actions>
 <Action id="1"><On id="2">parameter</On>
  <Type>set</Type>
 </Action>
</Actions>
<QActions>
 <QAction id="1" encoding="csharp" triggers="2"><![CDATA[
class
]]></QAction>
 <QAction id="2" encoding="jscript" triggers="2">
var x;
 </QAction>
</QActions>
<Display pageOrder="Other"/>
</Protocol>
`

	paint = `
1
2
3 runs Protocol
4 runs Protocol/Name
5 runs Protocol/Version
6 ignored Protocol/Strange FL-02
7 ignored Protocol/Strange/Inner
8 ignored
9 runs Protocol/Type
10 runs
11 runs Protocol/Params
12 wrong Protocol/Params/Param
13 wrong Protocol/Params/Param/Name 2.61.4
14 wrong
15 runs Protocol/Params/Param FL-02
16 runs
17 runs Protocol/Actions
18 ignored Protocol/Actions/Action
19 ignored Protocol/Actions/Action/Type FL-26
20 ignored
21 runs
22 runs Protocol/QActions
23 ignored Protocol/QActions/QAction WS-22
24 ignored
25 ignored
26 runs Protocol/QActions/QAction
27 runs
28 runs
29 runs
30 wrong Protocol/Display 1.21.1 1.22.8
31 runs
32
`
)

// What becomes of each line, and what was found on it.
func TestMarks(t *testing.T) {
	src, want := strings.TrimPrefix(painted, "\n"), strings.TrimPrefix(paint, "\n")
	var got strings.Builder
	for _, m := range report([]byte(src)) {
		fmt.Fprint(&got, m.Line)
		for _, word := range []string{string(m.Verdict), m.Construct} {
			if word != "" {
				fmt.Fprint(&got, " ", word)
			}
		}
		for _, f := range m.Findings {
			fmt.Fprint(&got, " ", f.ID)
		}
		fmt.Fprintln(&got)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every finding of Parse is on the line that it names.
func TestMarksHaveEveryFinding(t *testing.T) {
	src := edit(t, shipped(), `<Param>100</Param>`, `<Param>103</Param>`)
	def := parse(t, src)
	var all []element.Finding
	for i, m := range report([]byte(src)) {
		if m.Line != i+1 {
			t.Fatalf("line %d says that it is line %d", i+1, m.Line)
		}
		for _, f := range m.Findings {
			if f.Line != m.Line {
				t.Errorf("line %d has a finding of line %d", m.Line, f.Line)
			}
			all = append(all, f)
		}
	}
	if diff := cmp.Diff(def.Findings, all); diff != "" {
		t.Errorf("(-parse +marks):\n%s", diff)
	}
}

// A file that is refused has marks too: those of what it was refused for.
func TestMarksOfARefusal(t *testing.T) {
	for src, line := range map[string]int{
		"": 1, "\n\n<Protocol>\n<x": 4, "<!DOCTYPE x>": 1, "\xff\xfe": 1, "<Protocol>\n<Name/></Protocol>\n": 1, "\n<Other>\n\n</Other>": 2,
	} {
		marks := report([]byte(src))
		if len(marks) < line || marks[line-1].Verdict != element.VerdictWrong || len(marks[line-1].Findings) == 0 {
			t.Errorf("%q: %+v", src, marks)
		}
	}
	if n := len(connector.Marks(make([]byte, connector.MaxSize+1))); n != 1 {
		t.Errorf("what is too large has %d lines", n)
	}
}

func FuzzMarks(f *testing.F) {
	f.Add([]byte(shipped()))
	f.Add([]byte("<Protocol>\n<a>\n</a></Protocol>"))
	f.Add([]byte("a\r\nb\rc"))
	f.Fuzz(func(t *testing.T, src []byte) {
		marks := connector.Marks(src)
		if want := strings.Count(string(src), "\n") + 1; len(marks) != want {
			t.Errorf("%d marks of %d lines", len(marks), want)
		}
	})
}
