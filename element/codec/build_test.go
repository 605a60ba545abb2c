package codec_test

import (
	"errors"
	"math"
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

func TestBuild(t *testing.T) {
	any, one, line := text(codec.RawOther), number(codec.RawUnsigned, fixed(1)), constant("ä\n")
	literal := &codec.Interprete{Constant: true, Fixed: []byte("\xc3\xa4"), FixedBytes: true}
	values := map[element.ParamID]element.Value{1: element.Text("Größe"), 2: element.Number(7), 3: element.Number(300)}
	tests := []struct {
		name     string
		content  []codec.Param
		want     string
		lossy    int             // parts
		overflow element.ParamID // 0: none
	}{
		{"nothing", nil, "", 0, 0},
		{"one after the other", []codec.Param{{ID: 1, Interprete: any}, {ID: 9, Interprete: line}, {ID: 2, Interprete: one}}, "Größeä\n\x07", 0, 0},
		{"in ASCII", []codec.Param{{ID: 1, Interprete: any, ASCII: true}, {ID: 9, Interprete: line, ASCII: true}}, "Gr??e?\n", 2, 0},
		{"in ASCII, but its bytes were written", []codec.Param{{ID: 9, Interprete: literal, ASCII: true}}, "ä", 0, 0},
		{"in ASCII, a number", []codec.Param{{ID: 2, Interprete: one, ASCII: true}}, "\x07", 0, 0},
		{"never set", []codec.Param{{ID: 4, Interprete: any}, {ID: 4, Interprete: one}}, "\x00", 0, 0},
		{"one that does not exist", []codec.Param{{ID: 5}, {ID: 2, Interprete: one}}, "\x07", 0, 0},
		{"too large", []codec.Param{{ID: 2, Interprete: one}, {ID: 3, Interprete: one}, {ID: 2, Interprete: one}}, "\x07\x2c\x07", 0, 3},
	}
	for _, tt := range tests {
		parts, err := codec.Build(tt.content, func(id element.ParamID) element.Value { return values[id] })
		over, _ := errors.AsType[*codec.OverflowError](err)
		lossy := 0
		for _, p := range parts {
			if p.Lossy {
				lossy++
			}
		}
		if got := string(codec.Join(parts)); got != tt.want || lossy != tt.lossy {
			t.Errorf("%s: %q with %d lossy parts, want %q with %d", tt.name, got, lossy, tt.want, tt.lossy)
		}
		if (over != nil) != (tt.overflow != 0) || over != nil && (over.Param != tt.overflow || over.Value != values[tt.overflow]) {
			t.Errorf("%s: %v, want one about parameter %d", tt.name, err, tt.overflow)
		}
	}
}

func TestReverseParts(t *testing.T) {
	parts := []codec.Part{{Param: 1, Bytes: []byte("ab")}, {Param: 2, Bytes: []byte("cd")}, {Param: 1, Bytes: []byte("efg")}}
	for _, tt := range []struct {
		msg   string
		param element.ParamID
		nr    string
		want  string
	}{
		{"abcdefg", 1, "", "bacdefg"},
		{"abcdefg", 1, "1", "abcdgfe"},
		{"abcdefg", 1, " 0; 1", "bacdgfe"},
		{"abcdefg", 1, "2;x", "abcdefg"},
		{"abcdefg", 2, "", "abdcefg"},
		{"abcdefg", 3, "", "abcdefg"},
		{"abcdefgh", 1, "", "bacdefgh"},
		{"abc", 1, "", "abc"},
	} {
		if got := codec.ReverseParts([]byte(tt.msg), parts, tt.param, tt.nr); string(got) != tt.want {
			t.Errorf("%q with %d of %q: %q, want %q", tt.msg, tt.param, tt.nr, got, tt.want)
		}
	}
}

func TestReversed(t *testing.T) {
	stays := element.Number(float64(math.Float32frombits(0x0100c07f))) // reversed it is no number
	for _, tt := range []struct {
		in      *codec.Interprete
		v, want element.Value
	}{
		{text(codec.RawOther), element.Text("abc"), element.Text("cba")},
		{number(codec.RawNumericText), element.Number(120), element.Text("021")},
		{number(codec.RawUnsigned, fixed(2)), element.Number(1), element.Number(256)},
		{text(codec.RawUnsigned, fixed(2)), element.Text("1"), element.Text("256")},
		{number(codec.RawDouble, fixed(4)), element.Number(0), element.Number(0)},
		{number(codec.RawDouble, fixed(4), bigEndian), stays, stays},
	} {
		if got := tt.in.Reversed(tt.v); got != tt.want {
			t.Errorf("%s: %v reversed is %v, want %v", tt.in.RawType, tt.v, got, tt.want)
		}
	}
}

func TestReplacement(t *testing.T) {
	for _, tt := range []struct {
		options    string
		start, end int
		b          string
		want       string
		ok         bool
	}{
		{"61;62", 0, 0, "aXa", "bXb", true},
		{"0x61;0x6262", 0, 0, "aXa", "bbXbb", true},
		{"61-62;62-61", 0, 0, "ab", "ba", true},
		{"6162-61;63-64", 0, 0, "aba", "cd", true},
		{"61;", 0, 0, "aXa", "X", true},
		{"61;62", 1, 1, "aaa", "aba", true},
		{"61;62;use_offset", 1, 1, "aaa", "bab", true},
		{"61;62", 2, 2, "aaa", "", false},
		{"61;62", 0, 0, "", "", false},
	} {
		r, ok := codec.ParseReplacement(tt.options, tt.start, tt.end)
		if !ok {
			t.Errorf("%q is refused", tt.options)
			continue
		}
		if got, ok := r.Apply([]byte(tt.b)); ok != tt.ok || string(got) != tt.want {
			t.Errorf("%q from %d to %d of %q: %q %v, want %q %v", tt.options, tt.start, tt.end, tt.b, got, ok, tt.want, tt.ok)
		}
	}
	for _, options := range []string{"", "61", ";61", "61-62;61", "6;61", "61;xx", "-;-"} {
		if _, ok := codec.ParseReplacement(options, 0, 0); ok {
			t.Errorf("%q is taken", options)
		}
	}
}

func TestHex(t *testing.T) {
	for group, want := range map[int]string{0: "0A1B2C", 1: "0A 1B 2C", 2: "0A1B 2C"} {
		if got := codec.Hex([]byte{10, 27, 44}, group); got != want {
			t.Errorf("in groups of %d: %q, want %q", group, got, want)
		}
	}
}
