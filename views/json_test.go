package views

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/static"
	"fieldline/views/present"
)

// hostileTexts are JSON texts of an excerpt's size that grow when they are laid
// out; cmd/fieldline/e2e gives the script the same ones.
func hostileTexts() map[string]string {
	const most = element.MaxExcerpt
	nested := func(open, inner, end string) string {
		n := (most - len(inner)) / (len(open) + len(end))
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	wide := func(at int, part string) string {
		n := (most - 2*at) / len(part)
		return strings.Repeat("[", at) + strings.TrimSuffix(strings.Repeat(part, n), ",") + strings.Repeat("]", at)
	}
	return map[string]string{
		"deep lists":              nested("[", "", "]"),
		"deep objects":            nested(`{"":`, "0", "}"),
		"deep pairs":              nested(`[[],`, "0", "]"),
		"wide":                    wide(1, "0,"),
		"wide and deep":           wide(30, "0,"),
		"wide and very deep":      wide(900, "0,"),
		"empty lists":             wide(1, "[],"),
		"lists of lists of lists": wide(1, "[[[0]]],"),
		"empty texts":             wide(1, `"",`),
		"many keys":               "{" + strings.TrimSuffix(strings.Repeat(`"":0,`, most/5), ",") + "}",
		"escapes":                 wide(1, `"\u0000",`),
		"quotes":                  wide(1, `"\"",`),
		"brackets in texts":       `["` + strings.Repeat(`[{`, most/2-2) + `"]`,
		"saw":                     wide(1, "[[[[[[[[]]]]]]]],"),
	}
}

// TestFoldedIsBounded: what a page shows of a text is a few times the text,
// however it is made.
func TestFoldedIsBounded(t *testing.T) {
	for name, text := range hostileTexts() {
		got := folded(text)
		if len(got) > foldTimes*len(text)+foldExtra {
			t.Errorf("%s: %d bytes of %d", name, len(got), len(text))
		}
		sameJSON(t, name, text, got)
		if name != "brackets in texts" && !strings.Contains(got, "\n") {
			t.Errorf("%s is not laid out at all", name)
		}
	}
}

// TestFoldedReadsWell: what people send each other is laid out as they expect.
func TestFoldedReadsWell(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{"b":[1,2]},"c":[],"d":{}}`: "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  },\n  \"c\": [],\n  \"d\": {}\n}",
		`[ ]`:                             "[]",
		"[1 , \"a, [b\\\"]\"]":            "[\n  1,\n  \"a, [b\\\"]\"\n]",
		`{"a":1`:                          `{"a":1`,
		"no JSON":                         "no JSON",
		"[1] and more":                    "[1] and more",
	} {
		if got := folded(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzFolded(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := folded(text)
		if len(got) > foldTimes*len(text)+foldExtra {
			t.Errorf("%d bytes of %d", len(got), len(text))
		}
		sameJSON(t, "text", text, got)
	})
}

// sameJSON holds that nothing but blanks between tokens was changed.
func sameJSON(t *testing.T, name, text, got string) {
	t.Helper()
	var want, have bytes.Buffer
	if json.Compact(&want, []byte(text)) != nil {
		if got != text {
			t.Errorf("%s is no JSON and was changed", name)
		}
		return
	}
	if err := json.Compact(&have, []byte(got)); err != nil || !bytes.Equal(want.Bytes(), have.Bytes()) {
		t.Errorf("%s says something else when it is laid out: %v", name, err)
	}
}

// TestPageOfEventsIsBounded: a page of events is a few times their excerpts, of each kind that shows what a device sent.
func TestPageOfEventsIsBounded(t *testing.T) {
	texts := hostileTexts()
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
