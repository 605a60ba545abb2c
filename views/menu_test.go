package views_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
)

// menuTable is a table with long keys, a context menu, a hidden column and an
// order of its rows.
func menuTable(base string, rows int) views.ElementPage {
	p := tablePage(base, rows)
	info := p.View.Infos[1000]
	info.Menu = 1099
	info.Sheet = &element.Sheet{Lines: 10, Columns: []element.SheetColumn{
		{Param: 1001}, {Param: 1003, Width: 90, Sort: element.Sort{By: "int", Down: true}}, {Param: 1002, Width: 200}, {Param: 1004}, {Param: 1006, Hidden: true}, {Param: 1007},
	}}
	p.View.Infos[1000] = info
	p.View.Infos[1099] = element.ParamInfo{ID: 1099, Name: "Channels_ContextMenu", Type: "write", Measurement: element.MeasureDiscreet, Discreets: []element.Discreet{
		{Value: "add", Display: "Add channel...", Prompts: []element.Prompt{{Param: 1002}, {Param: 1053, Optional: true, Default: "[value:1003]"}}},
		{Value: "-1", Separator: true},
		{Value: "delete", Display: "Delete...", Rows: element.RowsSome, Confirm: "Delete {rowDK}?"},
		{Value: "run", Display: "Run a script", Script: true},
	}}
	t := p.Tables[1000]
	for i := range t.Rows {
		key := fmt.Sprintf("0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e%04d", i)
		t.Rows[i].Key = key
		t.Rows[i].Cells[1001] = element.Cell{Value: element.Text(key), Display: key}
		if i == 1 {
			note := strings.Repeat("Patched to the multiviewer; ask before moving. ", 4)
			t.Rows[i].Cells[1007] = element.Cell{Value: element.Text(note), Display: note}
		}
	}
	return p
}

func menuPage(base string) views.MenuPage {
	p := menuTable(base, 4)
	l := p.Layout
	l.Title = "Add channel..."
	t := p.Tables[1000]
	return views.MenuPage{Layout: l, View: p.View, Slug: "channels", Table: 1000, Content: t, Entry: p.View.Infos[1099].Discreets[0], Rows: t.Rows[:2]}
}

func addMenus(pages map[string]templ.Component, base string) {
	pages["element-menu-table"] = views.Element(menuTable(base, 12))
	shown := menuTable(base, 12)
	shown.Arrangement.Shows = map[element.ParamID]bool{1006: true}
	pages["element-menu-columns"] = views.Element(shown)
	pages["menu-prompts"] = views.Menu(menuPage(base))
	sure := menuPage(base)
	sure.Entry = sure.View.Infos[1099].Discreets[2]
	sure.Question, sure.Token = "Delete Microphone 0?", "t0k3n"
	pages["menu-question"] = views.Menu(sure)
}

func TestMenus(t *testing.T) {
	for name, c := range map[string]struct {
		page     string
		has, not []string
	}{
		"table": {"element-menu-table", []string{
			`form="menu-1000"`, `name="entry" value="add" data-rows=""`, `name="entry" value="delete" data-rows="some"`,
			`<col width="90">`, `aria-sort="descending"`, `<details class="long-key">`, "1 more column", `lines-10`, `data-cell-all`,
		}, []string{`data-column="1006"`, `data-column="1005"`}},
		"shown":    {"element-menu-columns", []string{`data-column="1006"`}, []string{`data-column="1005"`}},
		"prompts":  {"menu-prompts", []string{`name="asked" value="1"`, `name="row" value="0b3b9f3c-8b1e-4c7b-9a1a-2f8c1d2e0000"`, `value="-12"`, "may be left out", "Microphone 0, Microphone 1"}, nil},
		"question": {"menu-question", []string{"Delete Microphone 0?", `name="confirm" value="t0k3n"`, "Yes, do it"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := samplePages("")[c.page].Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			for _, s := range c.has {
				if !strings.Contains(b.String(), s) {
					t.Errorf("%s is not on the page", s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(b.String(), s) {
					t.Errorf("%s is on the page", s)
				}
			}
		})
	}
	levels := []string{}
	page := menuTable("", 12)
	var b bytes.Buffer
	if err := views.Element(page).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(b.String(), `data-column="1003" data-seq="812"`)[1:] {
		_, part, _ = strings.Cut(part, `data-value>`)
		levels = append(levels, part[:strings.Index(part, `<`)])
	}
	if got := strings.Join(levels, " "); got != "9 7 5 2 0 -2 -4 -5 -7 -9 -11 -12" {
		t.Errorf("the rows are in the order %s", got)
	}
}
