package runner

import (
	"testing"
	"testing/synctest"

	"fieldline/element"
	"fieldline/element/connector"

	"github.com/google/go-cmp/cmp"
)

func parsed(t *testing.T, xml string) *connector.Definition {
	t.Helper()
	d, err := connector.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// saved is a read and a write parameter of one name, saved.
func savedParam(id, name, save, kind, measurement string) string {
	interprete := "<Interprete><RawType>other</RawType><Type>" + kind + "</Type><LengthType>next param</LengthType></Interprete>"
	display := "<Display><RTDisplay>true</RTDisplay></Display><Measurement>" + measurement + "</Measurement>"
	return `<Param id="` + id + `" save="` + save + `"><Name>` + name + `</Name><Description>` + name + `</Description><Type>read</Type>` + interprete + display + `</Param>
<Param id="` + id + `9" setter="true"><Name>` + name + `</Name><Description>` + name + `</Description><Type>write</Type>` + interprete + display + `</Param>`
}

const (
	anyText  = "<Type>string</Type>"
	secret   = `<Type options="password">string</Type>`
	anyValue = "<Type>number</Type>"
	oneOrTwo = `<Type>discreet</Type><Discreets><Discreet><Display>One</Display><Value>1</Value></Discreet><Discreet><Display>Two</Display><Value>2</Value></Discreet></Discreets>`
	oneOnly  = `<Type>discreet</Type><Discreets><Discreet><Display>One</Display><Value>1</Value></Discreet></Discreets>`
)

func lab(version, connections, params string) string {
	return `<Protocol><Name>Lab</Name><Version>` + version + `</Version><Connections>` + connections + `</Connections><Params>` + params + `</Params></Protocol>`
}

const labConnection = `<Connection id="0" name="Main"><Http/></Connection>`

// TestChangesOfAVersion: what the page says of each saved value is what the
// logic with the other version makes of it.
func TestChangesOfAVersion(t *testing.T) {
	one := parsed(t, lab("1", labConnection,
		savedParam("10", "Stays", "true", "string", anyText)+savedParam("20", "Gone", "true", "string", anyText)+
			savedParam("30", "Unsaved", "true", "string", anyText)+savedParam("40", "Numbered", "true", "string", anyText)+
			savedParam("50", "Counted", "true", "string", anyText)+savedParam("60", "Listed", "true", "string", oneOrTwo)+
			savedParam("70", "Secret", "true", "string", secret)))
	two := parsed(t, lab("2", labConnection+`<Connection id="1" name="Second"><Http/></Connection>`,
		savedParam("10", "Stays", "true", "string", anyText)+
			savedParam("30", "Unsaved", "false", "string", anyText)+savedParam("40", "Numbered", "true", "double", anyValue)+
			savedParam("50", "Counted", "true", "double", anyValue)+savedParam("60", "Listed", "true", "string", oneOnly)+
			savedParam("70", "Secret", "true", "string", secret)))
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{one, two} })
		w.start()
		host := "10.0.0.1"
		e, err := w.fleet.Create(t.Context(), element.Draft{
			Name: new("Lab 1"), Connector: new("Lab"), Version: new("1"), Start: new(false),
			Connections: []element.ConnectionDraft{{ID: 0, Host: &host}},
		}, "ruth")
		if err != nil {
			t.Fatal(err)
		}
		for id, text := range map[element.ParamID]string{109: "x", 209: "x", 309: "x", 409: "no number", 509: "7", 609: "2", 709: "hunter2"} {
			w.set(e.ID, id, text)
		}
		fates := func(version string, back bool) []fate { return w.fates(e.ID, version, back) }
		same := func(what string, got []fate, want ...fate) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", what, diff)
			}
		}
		same("to 2", fates("2", false),
			fate{10, element.FateKept, "x", "x"}, fate{20, element.FateDropped, "x", ""}, fate{30, element.FateDropped, "x", ""},
			fate{40, element.FateDropped, "no number", ""}, fate{50, element.FateAtRisk, "7", "7"}, fate{60, element.FateAtRisk, "2", "2"},
			fate{70, element.FateKept, "", ""})
		c, err := w.fleet.VersionChanges(t.Context(), e.ID, "2", false)
		if err != nil || len(c.Changes) == 0 || len(c.Settings) != 1 || c.Settings[0].Connection != 1 || !c.Settings[0].NeedsHost || c.Kept != nil {
			t.Errorf("changes are %+v, %v", c, err)
		}
		_, err = w.fleet.VersionChanges(t.Context(), e.ID, "1", true)
		wantCode(t, err, element.NotFound, "")

		_, err = w.useVersion(e.ID, "2", nil)
		wantCode(t, err, element.Invalid, "connections[1].host")
		draft := element.Draft{Version: new("2"), Connections: []element.ConnectionDraft{{ID: 1, Host: &host}}}
		if _, err = w.fleet.Update(t.Context(), e.ID, draft, "ruth"); err != nil {
			t.Fatal(err)
		}
		w.set(e.ID, 409, "4")
		w.set(e.ID, 109, "y")
		same("back to 1", fates("1", true),
			fate{10, element.FateReplaced, "y", "x"}, fate{20, element.FateKept, "x", "x"}, fate{30, element.FateKept, "x", "x"},
			fate{40, element.FateReplaced, "4", "no number"}, fate{50, element.FateKept, "7", "7"}, fate{60, element.FateKept, "2", "2"},
			fate{70, element.FateKept, "", ""})
	})
}

// fate is what becomes of the saved value of a parameter, as texts.
type fate struct {
	Parameter    element.ParamID
	Fate         element.Fate
	Was, Becomes string
}

// fates are those of all saved values with another version; only that of
// parameter 70 is a secret.
func (w *world) fates(id element.ID, version string, back bool) (all []fate) {
	w.t.Helper()
	c, err := w.fleet.VersionChanges(w.t.Context(), id, version, back)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range c.Saved {
		if (s.Reason == "") != (s.Fate == element.FateKept) {
			w.t.Errorf("%s with the reason %q", s.Fate, s.Reason)
		}
		if s.Masked != (s.Parameter == 70) {
			w.t.Errorf("%d masked: %v", s.Parameter, s.Masked)
		}
		all = append(all, fate{s.Parameter, s.Fate, s.Was.String(), s.Becomes.String()})
	}
	return all
}

// TestChangesOfTables: cells are told of column by column.
func TestChangesOfTables(t *testing.T) {
	one := parsed(t, rackConnector)
	synctest.Test(t, func(t *testing.T) {
		two := parsed(t, rackConnector)
		two.Version = "2"
		two.Param(1000).Table.Columns = two.Param(1000).Table.Columns[:1]
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{one, two} })
		w.start()
		id := w.create(func(d *element.Draft) {
			d.Connector, d.Version, d.Start = new("Rack"), new("1.0.0.1"), new(false)
		})
		w.disk.cells = map[element.ID][]element.SavedValue{id: {
			{Target: element.Target{Table: 1000, Key: "a", Parameter: 1001}, Value: element.Text("a")},
			{Target: element.Target{Table: 1000, Key: "a", Parameter: 1002}, Value: element.Text("first")},
			{Target: element.Target{Table: 7, Key: "a", Parameter: 8}, Value: element.Text("stray")},
		}}
		c, err := w.fleet.VersionChanges(t.Context(), id, "2", false)
		if err != nil {
			t.Fatal(err)
		}
		fates := map[element.ParamID]element.Fate{}
		for _, tc := range c.Tables {
			fates[tc.Column] = tc.Fate
		}
		want := map[element.ParamID]element.Fate{8: element.FateDropped, 1001: element.FateKept, 1002: element.FateDropped}
		if diff := cmp.Diff(want, fates); diff != "" {
			t.Errorf("%s\n%+v", diff, c.Tables)
		}
	})
}
