package codec_test

import (
	"errors"
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

func TestEncode(t *testing.T) {
	constant := &codec.Interprete{Constant: true, Fixed: []byte("\r\n")}
	tests := []struct {
		name string
		in   *codec.Interprete
		v    element.Value
		want string
		fits bool
	}{
		{"a constant", constant, element.Value{}, "\r\n", true},
		{"a text", text(codec.RawOther), element.Text("äb"), "äb", true},
		{"a number in digits", number(codec.RawNumericText), element.Number(-1.5), "-1.5", true},
		{"a text of fixed length", text(codec.RawOther, fixed(4)), element.Text("ab"), "ab  ", true},
		{"a text that is too long", text(codec.RawOther, fixed(4)), element.Text("abcde"), "abcd", true},
		{"digits of fixed length", number(codec.RawNumericText, fixed(4)), element.Number(12), "0012", true},
		{"never set", number(codec.RawUnsigned, fixed(2)), element.Value{}, "\x00\x00", true},
		{"little endian", number(codec.RawUnsigned, fixed(2)), element.Number(513), "\x01\x02", true},
		{"big endian", number(codec.RawUnsigned, fixed(2), bigEndian), element.Number(513), "\x02\x01", true},
		{"a fraction is left out", number(codec.RawUnsigned, fixed(1)), element.Number(255.9), "\xff", true},
		{"too large", number(codec.RawUnsigned, fixed(1)), element.Number(256), "\x00", false},
		{"below 0", number(codec.RawUnsigned, fixed(1)), element.Number(-1), "\xff", false},
		{"8 bytes where no length is given", number(codec.RawUnsigned, bigEndian), element.Number(0xffffffff00000000), "\xff\xff\xff\xff\x00\x00\x00\x00", true},
		{"2⁶³", number(codec.RawUnsigned, bigEndian), element.Number(1 << 63), "\x80\x00\x00\x00\x00\x00\x00\x00", true},
		{"beyond 8 bytes", number(codec.RawUnsigned, bigEndian), element.Number(1e30), "\xff\xff\xff\xff\xff\xff\xf8\x00", false},
		{"signed", number(codec.RawSigned, fixed(1)), element.Number(-128), "\x80", true},
		{"signed, too small", number(codec.RawSigned, fixed(1)), element.Number(-129), "\x7f", false},
		{"signed, too large", number(codec.RawSigned, fixed(1)), element.Number(128), "\x80", false},
		{"double of 4 bytes", number(codec.RawDouble, fixed(4), bigEndian), element.Number(1.5), "\x3f\xc0\x00\x00", true},
		{"double of any other length", number(codec.RawDouble, fixed(3), bigEndian), element.Number(1.5), "\x3f\xf8\x00\x00\x00\x00\x00\x00", true},
		{"bcd", number(codec.RawBCD, fixed(2), bigEndian), element.Number(1234), "\x12\x34", true},
		{"bcd, too large", number(codec.RawBCD, fixed(1)), element.Number(100), "\x00", false},
		{"high nibble", number(codec.RawHighNibble, fixed(2)), element.Number(10), "\xa0", true},
		{"high nibble, too large", number(codec.RawHighNibble), element.Number(16), "\xf0", false},
		{"a number that a text holds", text(codec.RawUnsigned, fixed(1)), element.Text("300"), "\x2c", false},
		{"a text that is not a number", text(codec.RawUnsigned, fixed(1)), element.Text("x"), "\x00", true},
	}
	for _, tt := range tests {
		got, err := tt.in.Encode(tt.v)
		if string(got) != tt.want || (err == nil) != tt.fits {
			t.Errorf("%s: %v is sent as %x, %v; want %x, %v", tt.name, tt.v, got, err, tt.want, tt.fits)
		}
		if over, ok := errors.AsType[*codec.OverflowError](err); err != nil && (!ok || over.Value != tt.v) {
			t.Errorf("%s: the error is %v", tt.name, err)
		}
	}
}

func TestFiller(t *testing.T) {
	tests := []struct {
		in   *codec.Interprete
		want element.Value
	}{
		{text(codec.RawOther, fixed(2)), element.Text("  ")},
		{text(codec.RawNumericText, fixed(2)), element.Text("00")},
		{text(codec.RawBCD, fixed(2)), element.Text("\x00\x00")},
		{text(codec.RawHighNibble, fixed(1)), element.Text("\x00")},
		{number(codec.RawOther, fixed(2)), element.Number(0)},
	}
	for _, tt := range tests {
		if got := tt.in.Filler(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.in.RawType, got, tt.want)
		}
	}
}

func TestRounding(t *testing.T) {
	tests := map[string][4]float64{ // of 1.25, -1.25, 1.26, -1.26 at one decimal
		"":               {1.2, -1.3, 1.2, -1.3},
		"up":             {1.3, -1.2, 1.3, -1.2},
		"tozero":         {1.2, -1.2, 1.2, -1.2},
		"toinfinity":     {1.3, -1.3, 1.3, -1.3},
		"halfup":         {1.3, -1.2, 1.3, -1.3},
		"halfdown":       {1.2, -1.3, 1.3, -1.3},
		"halftozero":     {1.2, -1.2, 1.3, -1.3},
		"halftoinfinity": {1.3, -1.3, 1.3, -1.3},
	}
	for how, want := range tests {
		in := number(codec.RawNumericText, func(in *codec.Interprete) { in.Decimals, in.Rounding = 1, how })
		for i, s := range []string{"1.25", "-1.25", "1.26", "-1.26"} {
			if got, _ := in.Decode([]byte(s), none); got.Value != element.Number(want[i]) {
				t.Errorf("%s rounded %q is %v, want %v", s, how, got.Value, want[i])
			}
		}
	}
}

func TestLiteral(t *testing.T) {
	for s, want := range map[string]string{"0x0D0x0A": "\r\n", " 0x0d ": "\r", "0x0": "0x0", "0xZZ": "0xZZ", "": "", "abcd": "abcd", "0x0D 0x0A": "0x0D 0x0A"} {
		if got := codec.Literal(s); string(got) != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestConvert(t *testing.T) {
	for _, tt := range []struct {
		in      *codec.Interprete
		v, want element.Value
		ok      bool
	}{
		{number(codec.RawOther), element.Text(" 1.5 "), element.Number(1.5), true},
		{number(codec.RawOther), element.Text("x"), element.Value{}, false},
		{number(codec.RawOther), element.Value{}, element.Value{}, true},
		{text(codec.RawOther), element.Number(1.5), element.Text("1.5"), true},
		{text(codec.RawOther), element.Text("a"), element.Text("a"), true},
		{text(codec.RawOther), element.Value{}, element.Value{}, true},
	} {
		if got, ok := tt.in.Convert(tt.v); ok != tt.ok || ok && got != tt.want {
			t.Errorf("%v becomes %v %v, want %v %v", tt.v, got, ok, tt.want, tt.ok)
		}
	}
}
