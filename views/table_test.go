package views_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
)

func addTables(pages map[string]templ.Component, base string) {
	pages["element-table"] = views.Element(tablePage(base, 12))
	pages["element-table-tints"] = views.Element(tintedPage(base))
	pages["element-table-filter"] = views.Element(filteredPage(base))
	empty := tablePage(base, 0)
	pages["element-table-empty"] = views.Element(empty)
	asked := tablePage(base, 4)
	asked.Forms = map[element.Target]views.SetForm{{Parameter: 1053, Table: 1000, Key: "k<2>"}: {Value: "99", Error: "99 is above the highest level, 12 dB."}}
	asked.View.Receipts = append(asked.View.Receipts, element.Write{ID: "w1", Parameter: 1053, Row: "k<1>", Value: element.Number(3), Status: element.WriteSaved, By: "ruth", At: ago(time.Second)})
	pages["element-table-refused"] = views.Element(asked)
}

// tintedPage is a table whose rows have colours, one of them an old value.
func tintedPage(base string) views.ElementPage {
	p := tablePage(base, 12)
	info := p.View.Infos[1004]
	info.ColorsRows = true
	for i, c := range []string{"#ff0000", "#ffa500", "#ffff00", "#00ff00", "#00ffff", "#0000ff", "#ef71b2", "#777777"} {
		info.Discreets = append(info.Discreets, element.Discreet{Value: strconv.Itoa(i), Display: c, Color: c})
	}
	p.View.Infos[1004] = info
	for i, line := range p.Tables[1000].Rows {
		c := line.Cells[1004]
		c.Value = element.Number(float64(i))
		line.Cells[1004] = c
	}
	return p
}

// lockedPage is a table with a column that cannot be set in any of its rows.
func lockedPage() views.ElementPage {
	p := tablePage("", 3)
	info := p.View.Infos[1053]
	info.Locked = &element.Condition{Param: 1002, Values: []string{"Stage microphone"}}
	p.View.Infos[1053] = info
	return p
}

// filteredPage is a table whose rows can be filtered.
func filteredPage(base string) views.ElementPage {
	p := tablePage(base, 12)
	info := p.View.Infos[1000]
	info.Sheet = &element.Sheet{Filter: true, Columns: []element.SheetColumn{{Param: 1001}, {Param: 1002}, {Param: 1003}, {Param: 1004}, {Param: 1005}}}
	p.View.Infos[1000] = info
	return p
}

// tablePage is an element whose second page holds a table.
func tablePage(base string, rows int) views.ElementPage {
	p := samplePage(base, openConnection())
	level, mute := element.ParamID(1053), element.ParamID(1054)
	for _, i := range []element.ParamInfo{
		{ID: 1000, Name: "Channels", Description: "Channels", Type: "array", Measurement: element.MeasureTable},
		{ID: 1001, Name: "Key", Description: "Channel", Type: "read", Measurement: element.MeasureString},
		{ID: 1002, Name: "Label", Description: "Label", Type: "read", Measurement: element.MeasureString},
		{ID: 1003, Name: "Level", Description: "Level", Type: "read", Measurement: element.MeasureNumber, Units: "dB", IsNumber: true, WriteID: 1053},
		{ID: 1053, Name: "Level", Description: "Level", Type: "write", Measurement: element.MeasureNumber, Units: "dB", IsNumber: true, ReadID: 1003},
		{ID: 1004, Name: "Mute", Description: "Mute", Type: "read", Measurement: element.MeasureDiscreet, WriteID: 1054},
		{ID: 1054, Name: "Mute", Description: "Mute", Type: "write", Measurement: element.MeasureToggleButton, ReadID: 1004, Discreets: []element.Discreet{{Value: "0", Display: "On air"}, {Value: "1", Display: "Muted"}}},
		{ID: 1005, Name: "Source", Description: "Source of the signal", Type: "read", Measurement: element.MeasureString},
		{ID: 1006, Name: "Delay", Description: "Delay", Type: "read", Measurement: element.MeasureNumber, Units: "ms", IsNumber: true},
		{ID: 1007, Name: "Note", Description: "Note", Type: "read", Measurement: element.MeasureString},
	} {
		p.View.Infos[i.ID] = i
	}
	p.View.Tables = map[element.ParamID]bool{1000: true}
	p.View.Pages = append(p.View.Pages, element.Page{Name: "Channels", Slug: "channels", Rows: []element.PageRow{{Read: 1000}}})
	p.Slug = "channels"
	t := element.Table{Columns: []element.TableColumn{
		{ID: 1001, Key: true}, {ID: 1002}, {ID: 1003, WriteID: &level}, {ID: 1004, WriteID: &mute}, {ID: 1005}, {ID: 1006}, {ID: 1007},
	}}
	for i := range rows {
		f := float64(i*7%23) - 12
		cells := map[element.ParamID]element.Cell{
			1001: {Value: element.Text(fmt.Sprintf("k<%d>", i)), Display: fmt.Sprintf("k<%d>", i)},
			1002: {Value: element.Text("Stage microphone"), Display: "Stage microphone"},
			1003: {Value: element.Number(f), Display: element.FormatNumber(f), Stale: i%5 == 4},
			1004: {Value: element.Text("0"), Display: "On air"},
			1005: {Value: element.Text("rack 12, input 4"), Display: "rack 12, input 4"},
			1006: {Value: element.Number(float64(i)), Display: element.FormatNumber(float64(i))},
		}
		t.Rows = append(t.Rows, element.Row{Key: fmt.Sprintf("k<%d>", i), Display: fmt.Sprintf("Microphone %d", i), Cells: cells})
	}
	p.Tables = map[element.ParamID]element.Table{1000: t}
	return p
}

func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		page views.ElementPage
		has  []string
		not  []string
	}{
		"rows":      {tablePage("", 3), []string{"3 rows", `data-key="k&lt;1&gt;"`, `id="p-t1000-6b3c313e-1003"`, `/elements/e1/tables/1000/k%3C1%3E/1053`, "k&lt;1&gt;"}, []string{"k<1>"}},
		"none":      {tablePage("", 0), []string{"no rows"}, []string{"<td"}},
		"many":      {tablePage("", views.MaxRowsOnPage+5), []string{"the first 1000 of 1005 rows"}, []string{"k&lt;1000&gt;"}},
		"filter":    {filteredPage(""), []string{`aria-label="Filter the rows of Channels"`}, nil},
		"tints":     {tintedPage(""), []string{`data-tinted="1004"`, `data-tint="30"`, `data-tint="270"`}, nil},
		"locked":    {lockedPage(), []string{`title="This cannot be set while Label is Stage microphone."`, `data-watch="1002"`}, []string{`/elements/e1/tables/1000/k%3C1%3E/1053`}},
		"no filter": {tablePage("", 3), []string{"Channels"}, []string{"data-filter-rows"}},
		"stale":     {tablePage("", 5), []string{"old value"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := views.Element(c.page).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			for _, s := range c.has {
				if !strings.Contains(b.String(), s) {
					t.Errorf("%q is not on the page", s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(b.String(), s) {
					t.Errorf("%q is on the page", s)
				}
			}
		})
	}
}
