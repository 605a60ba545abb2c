package views_test

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/views"
)

func TestArrangementTravels(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "/p",
		"show=7&show=6&sort=3&dir=desc":       "/p?show=6&show=7&sort=3&dir=desc",
		"sort=3":                              "/p?sort=3&dir=asc",
		"dir=desc":                            "/p",
		"sort=-3&dir=desc":                    "/p",
		"sort=99999999999&show=1e3&show=":     "/p",
		"sort=3&dir=%22%3E%3Cscript%3E&x=y":   "/p?sort=3&dir=asc",
		"sort=3&sort=4&dir=desc&dir=asc&show": "/p?sort=3&dir=desc",
	} {
		v, err := url.ParseQuery(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := views.ReadArrangement(v).At("/p"); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

// TestSortsAsPeopleDo: numbers as numbers, texts as people count, what is
// empty last; the other way round exactly so.
func TestSortsAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		name   string
		column element.ParamID
		texts  []string // of the rows, as they stand
		sorted string
	}{
		{"numbers", 1006, []string{"10", "", "9", "-3", "1.5"}, "-3 1.5 9 10 "},
		{"texts", 1005, []string{"in 10", "In 2", "", "in 02", "a"}, "a In 2 in 02 in 10 "},
		{"numbers in texts", 1005, []string{"-12,5", "a", "-6", "-2e1", ""}, "-2e1 -12,5 -6 a "},
		{"choices", 1004, []string{"Off", "on", "4", "10"}, "4 10 Off on"},
	} {
		for _, down := range []bool{false, true} {
			p := tablePage("", len(c.texts))
			p.Arrangement = views.Arrangement{Sort: c.column, Down: down}
			for i, text := range c.texts {
				cell := element.Cell{Value: element.Text(text), Display: text}
				p.Tables[1000].Rows[i].Cells[c.column] = cell
			}
			want := c.sorted
			if down { // rows that are alike stay as they stand
				want = map[string]string{"numbers": " 10 9 1.5 -3", "texts": " in 10 In 2 in 02 a", "choices": "on Off 10 4", "numbers in texts": " a -6 -12,5 -2e1"}[c.name]
			}
			if got := columnTexts(t, p, c.column); got != want {
				t.Errorf("%s, down %v: %q, want %q", c.name, down, got, want)
			}
		}
	}
}

func columnTexts(t *testing.T, p views.ElementPage, column element.ParamID) string {
	t.Helper()
	var b bytes.Buffer
	if err := views.Element(p).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	var texts []string
	cell := regexp.MustCompile(fmt.Sprintf(`(?s)data-row="[^"]+" data-column="%d" .*?<output class="value" data-value>([^<]*)<`, column))
	for _, m := range cell.FindAllStringSubmatch(b.String(), -1) {
		texts = append(texts, strings.TrimPrefix(m[1], "empty"))
	}
	return strings.Join(texts, " ")
}
