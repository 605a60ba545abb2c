package views

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
	"fieldline/views/present"
)

// TestPageOfEventsIsBounded: a page of events is a few times their excerpts, of each kind that shows what a device sent.
func TestPageOfEventsIsBounded(t *testing.T) {
	texts := map[string]string{
		"deep":   strings.Repeat("[", element.MaxExcerpt/2) + strings.Repeat("]", element.MaxExcerpt/2),
		"wide":   strings.Repeat("[", 30) + strings.Repeat("0,", element.MaxExcerpt/2-31) + "0" + strings.Repeat("]", 30),
		"quotes": "[" + strings.Repeat(`"\"",`, element.MaxExcerpt/5-1) + "0]",
	}
	texts["markup"] = strings.Repeat("<", element.MaxExcerpt)
	texts["ampersands"] = strings.Repeat("&", element.MaxExcerpt)
	texts["double quotes"] = strings.Repeat(`"`, element.MaxExcerpt)
	texts["controls"] = strings.Repeat("\x00", element.MaxExcerpt)
	texts["bidi"] = strings.Repeat("\u202e", element.MaxExcerpt/3)
	texts["blanks"] = "[" + strings.Repeat("\n", element.MaxExcerpt)
	kinds := map[string]func(string) element.EventBody{
		"in":  func(s string) element.EventBody { return element.MessageIn{Opcode: "text", Size: len(s), Text: s} },
		"out": func(s string) element.EventBody { return element.MessageOut{Opcode: "text", Size: len(s), Text: s} },
		"bytes": func(s string) element.EventBody {
			return element.MessageIn{Opcode: "binary", Size: len(s), Base64: []byte(s)}
		},
		"value": func(s string) element.EventBody {
			return element.ParameterChanged{Parameter: 10, Value: element.Text(s), Display: s, By: element.ByDevice}
		},
		"body": func(s string) element.EventBody {
			return element.Refused{Phase: "http", Message: "500", Body: s, Count: 1}
		},
		"log": func(s string) element.EventBody { return element.Log{Level: "warning", Message: s} },
	}
	const lines = 20
	urls := NewURLs("", static.New())
	draw := func(body element.EventBody) string {
		p := ElementPage{Layout: Layout{URLs: urls, Now: time.Now()}, View: element.View{Element: element.Element{ID: "e1"}}}
		for i := range lines {
			p.Events = append(p.Events, element.Event{Seq: uint64(i + 1), Body: body})
		}
		var b bytes.Buffer
		if err := events(p).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return string(present.VisiblePage(b.Bytes()))
	}
	// Text that HTML writes with five characters is the worst there is: bytes of
	// it stand in a line of sixteen beside their numbers.
	const times = 9
	for kind, body := range kinds {
		empty := len(draw(body("")))
		for name, text := range texts {
			if got := len(draw(body(text))) - empty; got > lines*(times*element.MaxExcerpt+2<<10) {
				t.Errorf("%s of %s: a page of %d KiB more for %d KiB", kind, name, got>>10, lines*element.MaxExcerpt>>10)
			}
		}
	}
}

// TestTableOfLongKeysIsBounded: the key of a row stands on the page once for
// each cell at most, whatever its length.
func TestTableOfLongKeysIsBounded(t *testing.T) {
	const columns = 20
	write := element.ParamID(2000)
	draw := func(key string) int {
		table := element.Table{Columns: []element.TableColumn{{ID: 1001, Key: true}}}
		line := element.Row{Key: key, Display: key, Cells: map[element.ParamID]element.Cell{1001: {Value: element.Text(key), Display: key}}}
		infos := map[element.ParamID]element.ParamInfo{1000: {ID: 1000, Description: "Table"}, 1001: {ID: 1001}, write: {ID: write}}
		for i := range columns {
			id := element.ParamID(1002 + i)
			table.Columns = append(table.Columns, element.TableColumn{ID: id, WriteID: &write})
			line.Cells[id] = element.Cell{Value: element.Text("a"), Display: "a"}
			infos[id] = element.ParamInfo{ID: id, Description: "Column"}
		}
		table.Rows = []element.Row{line}
		r := newRow(Layout{URLs: NewURLs("", static.New())}, element.View{Infos: infos}, "", element.PageRow{Read: 1000})
		r.infos, r.content = infos, &table
		var b bytes.Buffer
		for _, c := range table.Columns {
			if err := cell(r.cell(line, c)).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
		}
		return b.Len()
	}
	const length = 1024 // the longest key there is
	if got, most := draw(strings.Repeat("k", length))-draw("k"), length*(columns*2+10); got > most {
		t.Errorf("%d KiB more for a key of 1 KiB, want at most %d KiB", got>>10, most>>10)
	}
}
