package element_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"fieldline/element"
)

func TestExcerpts(t *testing.T) {
	const most = element.MaxExcerpt
	for _, tt := range []struct {
		name     string
		value    element.Value
		display  string
		wantLen  int // of the value's text afterwards
		wantSize int
	}{
		{"nothing yet", element.Value{}, "", 0, 0},
		{"a number", element.Number(12.5), "12.5", 4, 0},
		{"a text that just fits", element.Text(strings.Repeat("x", most)), strings.Repeat("x", most), most, 0},
		{"a long text", element.Text(strings.Repeat("x", most+1)), strings.Repeat("x", most+1), most, most + 1},
		{"cut inside a character", element.Text("x" + strings.Repeat("é", most/2)), "", most - 1, most + 1},
		{"cut inside a long character", element.Text("xx" + strings.Repeat("😀", most/4)), "", most - 2, most + 2},
		{"bytes that are no UTF-8", element.Text(strings.Repeat("\x80", 2*most)), "", most, 2 * most},
		{"a long display of a short value", element.Text("1"), strings.Repeat("x", 2*most), 1, 2 * most},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := element.Parameter{Value: tt.value, Display: tt.display}
			got := p.Excerpt()
			if n := len(got.Value.String()); n != tt.wantLen || got.Size != tt.wantSize || got.Truncated != (tt.wantSize > 0) {
				t.Errorf("value of %d bytes, size %d, truncated %t; want %d, %d", n, got.Size, got.Truncated, tt.wantLen, tt.wantSize)
			}
			if len(got.Display) > most || !strings.HasPrefix(tt.display, got.Display) {
				t.Errorf("display of %d bytes", len(got.Display))
			}
			if utf8.ValidString(tt.value.String()) && !utf8.ValidString(got.Value.String()) {
				t.Error("the cut left half a character")
			}
			if again := got.Excerpt(); again.Value != got.Value {
				t.Error("an excerpt of an excerpt differs")
			}
			if p.Value != tt.value {
				t.Error("the original changed")
			}
			w := element.Write{Value: tt.value}.Excerpt()
			if w.Value != got.Value || w.Truncated != (len(tt.value.String()) > most) {
				t.Errorf("the write holds %d bytes, truncated %t", len(w.Value.String()), w.Truncated)
			}
		})
	}
}

// TestWholeValuesSayNothingOfCuts holds the JSON form of what is not cut.
func TestWholeValuesSayNothingOfCuts(t *testing.T) {
	for _, v := range []any{
		element.Parameter{Value: element.Text("x")},
		element.Write{Value: element.Text("x")},
		element.ParameterChanged{Value: element.Text("x")},
		element.WriteMoved{Value: element.Text("x")},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "truncated") || strings.Contains(string(b), "size") {
			t.Errorf("%T is %s", v, b)
		}
	}
}
