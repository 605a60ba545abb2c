package views_test

import (
	"bytes"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"

	"github.com/a-h/templ"
)

// addMeasures adds a page with every kind of measurement, and one that its
// connector hides.
func addMeasures(pages map[string]templ.Component, base string) {
	pages["element-measures"] = views.Element(measuresPage(base))
	hidden := measuresPage(base)
	hidden.Slug = "secret"
	pages["element-page-hidden"] = views.Element(hidden)
	popup := measuresPage(base)
	popup.Slug = "popup"
	pages["element-popup"] = views.Element(popup)
	silent := measuresPage(base)
	silent.View.Element.Timeout = true
	pages["element-silent"] = views.Element(silent)
	open := measuresPage(base)
	open.Forms = map[element.Target]views.SetForm{}
	for _, id := range []element.ParamID{311, 313, 315, 317, 321, 323, 325, 327} {
		open.Forms[element.Target{Parameter: id}] = views.SetForm{Value: open.View.Of(id - 1).Value.String(), Error: "This cannot be set."}
	}
	pages["element-measures-open"] = views.Element(open)
	addMenus(pages, base)
}

// measured is a parameter on the page of measures with its value; a write
// parameter of the next id stands beside it when write is not nil.
type measured struct {
	read    element.ParamInfo
	value   element.Value
	display string
	units   string
	write   *element.ParamInfo
}

func measures() []measured {
	list := []element.Discreet{{Value: "1", Display: "PTP"}, {Value: "2", Display: "Black burst"}, {Value: "3", Display: "Free run", Enabled: &element.Condition{Param: 300, Values: []string{"5"}}}}
	sessions := strings.Repeat("10.4.2.81:50112  rtp/h264  1920x1080p50  12.5 Mbit/s  since 2026-11-22 09:12:44  source=stage-left-camera-3\n", 12)
	num := func(i element.ParamInfo) element.ParamInfo {
		i.IsNumber = true
		if i.Measurement == "" {
			i.Measurement = element.MeasureNumber
		}
		return i
	}
	w := func(i element.ParamInfo) *element.ParamInfo { return &i }
	title := func(text string, g element.Group) measured {
		return measured{read: element.ParamInfo{Type: "fixed", Measurement: element.MeasureTitle, Title: text, Group: g}}
	}
	return []measured{
		{read: num(element.ParamInfo{Description: "Octets in", Units: "B", Level: 3}), value: element.Number(1234567890), display: "1.23", units: "GB"},
		{read: num(element.ParamInfo{Description: "Fill", Measurement: element.MeasureProgress, Units: "%"}), value: element.Number(62), display: "62", units: "%"},
		{read: num(element.ParamInfo{Description: "Level", Measurement: element.MeasureAnalog, Units: "dBFS", Low: new(-60.0), High: new(0.0)}), value: element.Number(-18.3), display: "-18.3", units: "dBFS"},
		{read: element.ParamInfo{Description: "Web page", Measurement: element.MeasureString}, value: element.Text("https://10.4.2.8/status"), display: "https://10.4.2.8/status"},
		title("Numbers", element.GroupBegin),
		{read: num(element.ParamInfo{Description: "Gain", Units: "dB"}), value: element.Number(3.5), display: "3.5", units: "dB", write: w(num(element.ParamInfo{Units: "dB", Low: new(-20.0), High: new(12.0), Step: new(0.5)}))},
		{read: num(element.ParamInfo{Description: "Register", Hex: true}), value: element.Number(31), display: "0x1F", write: w(num(element.ParamInfo{Hex: true, High: new(255.0), Low: new(0.0)}))},
		{read: num(element.ParamInfo{Description: "Limit", Units: "dB"}), value: element.Number(-1), display: "Off", write: w(num(element.ParamInfo{Units: "dB", Discreets: []element.Discreet{{Value: "-1", Display: "Off"}}}))},
		title("", element.GroupEnd),
		title("Times", element.GroupBegin),
		{read: num(element.ParamInfo{Description: "Last service", Clock: element.ClockDate}), value: element.Number(46348), display: "2026-11-22", write: w(num(element.ParamInfo{Clock: element.ClockDate, Low: new(46000.0)}))},
		{read: num(element.ParamInfo{Description: "Switch over at", Clock: element.ClockDateTime}), value: element.Number(46348.5848495370), display: "2026-11-22 14:02:11", write: w(num(element.ParamInfo{Clock: element.ClockDateTime}))},
		{read: num(element.ParamInfo{Description: "Hold time", Clock: element.ClockSeconds}), value: element.Number(90), display: "00:01:30", write: w(num(element.ParamInfo{Clock: element.ClockSeconds, Low: new(0.0), High: new(3600.0)}))},
		{read: num(element.ParamInfo{Description: "Wake at", Clock: element.ClockTimeOfDay}), value: element.Number(21600), display: "06:00:00", write: w(num(element.ParamInfo{Clock: element.ClockTimeOfDay}))},
		title("", element.GroupEnd),
		title("Lists", ""),
		{read: element.ParamInfo{Description: "Reference", Measurement: element.MeasureDiscreet}, value: element.Text("1"), display: "PTP", write: w(element.ParamInfo{Measurement: element.MeasureDiscreet, Discreets: list})},
		{read: element.ParamInfo{Description: "Preset", Measurement: element.MeasureString}, value: element.Text("Studio"), display: "Studio", write: w(element.ParamInfo{Measurement: element.MeasureString, DependsOn: 302})},
		{read: element.ParamInfo{Description: "Output", Measurement: element.MeasureToggleButton}, value: element.Text("0"), display: "Live", write: w(element.ParamInfo{Measurement: element.MeasureToggleButton, Discreets: []element.Discreet{{Value: "0", Display: "Live"}, {Value: "1", Display: "Muted"}}})},
		{read: element.ParamInfo{Description: "Code word", Measurement: element.MeasureString, Password: true}, value: element.Text("x"), display: "••••••", write: w(element.ParamInfo{Measurement: element.MeasureString, Password: true})},
		{read: element.ParamInfo{Description: "Log", Measurement: element.MeasureString, FixedFont: true}, value: element.Text("a  b  c"), display: "a  b  c"},
		{read: element.ParamInfo{Description: "Sessions", Measurement: element.MeasureString, Scroll: true}, value: element.Text(sessions), display: sessions, write: w(element.ParamInfo{Measurement: element.MeasureString, Multiline: true})},
		{read: element.ParamInfo{Description: "Extension", Measurement: element.MeasureString}, value: element.Text("0712"), display: "0712", write: w(element.ParamInfo{Measurement: element.MeasureString, Numeric: true})},
		{write: w(element.ParamInfo{Description: "Maintenance", Measurement: element.MeasureButton, Width: 180, Discreets: []element.Discreet{{Value: "1", Display: "Reboot"}, {Value: "2", Display: "Reset", Enabled: &element.Condition{Param: 300, Values: []string{"5"}}}, {Value: "https://10.4.2.8/help", Display: "Help", Opens: true}}})},
		{write: w(element.ParamInfo{Description: "More", Measurement: element.MeasurePageButton, Discreets: []element.Discreet{{Value: "Popup", Display: "Popup..."}, {Value: "Lost", Display: "Lost..."}}})},
		{read: element.ParamInfo{Description: "Curve", Measurement: element.MeasureChart}},
	}
}

func measuresPage(base string) views.ElementPage {
	p := samplePage(base, openConnection())
	p.View.Parameters = nil
	add := func(i element.ParamInfo) element.ParamID {
		p.View.Infos[i.ID] = i
		return i.ID
	}
	p.View.Infos[300], p.View.Infos[302] = element.ParamInfo{ID: 300, Description: "Mode"}, element.ParamInfo{ID: 302}
	p.View.Parameters = append(p.View.Parameters,
		element.Parameter{ID: 300, Value: element.Text("4"), Display: "Automatic", Initialized: true},
		element.Parameter{ID: 302, Value: element.Text("Studio;Stage;Foyer"), Initialized: true})
	id := element.ParamID(304)
	page := element.Page{Name: "Measures", Slug: "measures"}
	for n, m := range measures() {
		row := element.PageRow{Row: n}
		if m.read.Measurement != "" {
			m.read.ID, row.Read = id, id
			if m.read.Type == "" {
				m.read.Type = "read"
			}
		}
		if m.write != nil {
			m.write.ID, m.write.Type, row.Write = id+1, "write", id+1
			if row.Read != 0 {
				m.write.ReadID, m.read.WriteID = id, id+1
			}
			add(*m.write)
		}
		if row.Read != 0 {
			add(m.read)
			x := sampleParameter(m.read, m.value, m.display, 1e9)
			x.Units, x.Initialized, x.Masked = m.units, m.value.IsSet(), m.read.Password
			p.View.Parameters = append(p.View.Parameters, x)
		}
		page.Rows = append(page.Rows, row)
		id += 2
	}
	hide := &element.Visibility{Default: true, Param: 300, Value: "4"}
	p.View.Pages = []element.Page{
		page,
		{Name: "Popup", Slug: "popup", Popup: true, Rows: page.Rows[:3]},
		{Name: "Secret", Slug: "secret", Visible: hide, Rows: page.Rows[:1]},
		{Name: "Other", Slug: "other", Rows: page.Rows[:1]},
	}
	p.View.Default, p.Slug = "secret", "measures"
	return p
}

func TestMeasures(t *testing.T) {
	for name, c := range map[string]struct {
		page     string
		has, not []string
	}{
		"all": {"element-measures", []string{
			`<output class="value" data-value>1.23</output> <span class="unit" data-unit>GB</span>`,
			`<dd>3, not asked for here</dd>`, `<section class="group-box"`, `<meter data-meter min="0" max="100" value="62"`,
			`type="date"`, `type="datetime-local"`, `type="time"`, `value="0x1F"`, `value="2026-11-22T14:02:11"`, `data-scroll`, `wrap="off"`, `data-control="348" inputmode="decimal"`, `data-slider min="-20" max="12" step="0.5"`,
			`<datalist id="l-`, `<option value="Stage">`, `<option value="3" disabled>Free run</option>`, `wide-180`, `href="https://10.4.2.8/status"`,
			`href="https://10.4.2.8/help"`, `Lost... The connector has no such page.`, `href="/elements/e1/p/popup"`,
		}, []string{">Secret<", ">Popup<"}},
		"hidden": {"element-page-hidden", []string{
			"The connector does not show the page Secret at the moment: Mode is Automatic.", `href="/elements/e1/p/measures">Go to Measures`, `data-page-rows hidden`,
		}, nil},
		"popup":  {"element-popup", []string{`href="/elements/e1/p/measures">Back to Measures`, ">Popup<"}, nil},
		"silent": {"element-silent", []string{`data-frozen disabled title="The device does not respond`}, nil},
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
}
