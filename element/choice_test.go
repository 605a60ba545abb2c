package element

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lookup is a fixed state of parameters.
func lookup(ps ...Parameter) Lookup {
	return func(id ParamID) Parameter {
		for _, p := range ps {
			if p.ID == id {
				return p
			}
		}
		return Parameter{}
	}
}

func TestOffers(t *testing.T) {
	mode := Parameter{ID: 5, Value: Number(2), Display: "Manual"}
	names := Parameter{ID: 6, Value: Text("A; B;;A;C"), Display: "A; B;;A;C"}
	own := []Discreet{{Value: "1", Display: "One", When: []string{"Auto", "Manual"}}, {Value: "2", Display: "Two", When: []string{"Auto"}}, {Value: "3", Display: "Three"}}
	for name, c := range map[string]struct {
		info ParamInfo
		want string
	}{
		"a list of its own":                        {ParamInfo{Discreets: []Discreet{{Display: "One"}, {Display: "Two"}}}, "One Two"},
		"the text of another parameter":            {ParamInfo{DependsOn: 6}, "A B C"},
		"another parameter that was never set":     {ParamInfo{DependsOn: 7}, ""},
		"entries for a text, one without is never": {ParamInfo{DependsOn: 5, Discreets: own}, "One"},
		"entries without dependency values":        {ParamInfo{DependsOn: 5, Discreets: []Discreet{{Display: "One"}}}, "One"},
		"disabled for a value":                     {ParamInfo{Discreets: []Discreet{{Display: "One", Enabled: &Condition{Param: 5, Values: []string{"2.0"}, Unless: true}}}}, "(One)"},
		"enabled for a value":                      {ParamInfo{Discreets: []Discreet{{Display: "One", Enabled: &Condition{Param: 5, Values: []string{"2"}}}}}, "One"},
		"enabled while empty":                      {ParamInfo{Discreets: []Discreet{{Display: "One", Enabled: &Condition{Param: 7, Values: []string{"9", ""}}}}}, "One"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, o := range c.info.Offers(lookup(mode, names)) {
				if o.Disabled {
					o.Display = "(" + o.Display + ")"
				}
				got = append(got, o.Display)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	many := lookup(Parameter{ID: 6, Value: Text(strings.Repeat("x;", 10) + longList(2*MaxOffers))})
	if got := len(ParamInfo{DependsOn: 6}.Offers(many)); got != MaxOffers {
		t.Errorf("%d entries", got)
	}
}

func longList(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(FormatNumber(float64(i)) + ";")
	}
	return b.String()
}

func TestFirstPage(t *testing.T) {
	hidden := &Visibility{Default: true, Param: 5, Value: "2"}
	pages := []Page{{Separator: true}, {Slug: "web", Link: "http://x/"}, {Slug: "popup", Popup: true}, {Slug: "a", Visible: &Visibility{}}, {Slug: "b"}, {Slug: "c", Visible: hidden}}
	for value, want := range map[string]string{"1": "c", "2": "b", "2.0": "b", "": "c"} {
		v := View{Pages: pages, Default: "c", Parameters: []Parameter{{ID: 5, Value: Text(value)}}}
		if got := v.FirstPage(); got != want {
			t.Errorf("while the parameter is %q: %q, want %q", value, got, want)
		}
	}
}
