package codec_test

import (
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

// none is the Values of an element whose parameters were never set.
func none(element.ParamID) element.Value { return element.Value{} }

// holding is the Values of one where every parameter has this value.
func holding(v element.Value) codec.Values {
	return func(element.ParamID) element.Value { return v }
}

// number is a parameter that holds numbers, with the decimals of one that
// does not say how many.
func number(raw codec.RawType, more ...func(*codec.Interprete)) *codec.Interprete {
	in := &codec.Interprete{RawType: raw, IsNumber: true, Decimals: codec.DefaultDecimals}
	for _, set := range more {
		set(in)
	}
	return in
}

func text(raw codec.RawType, more ...func(*codec.Interprete)) *codec.Interprete {
	in := number(raw, more...)
	in.IsNumber = false
	return in
}

func bigEndian(in *codec.Interprete) { in.BigEndian = true }

func base16(in *codec.Interprete) { in.Base = 16 }

func fixed(length int) func(*codec.Interprete) {
	return func(in *codec.Interprete) { in.LengthType, in.Length = codec.LengthFixed, length }
}

func between(low, high float64) func(*codec.Interprete) {
	return func(in *codec.Interprete) { in.Low, in.High = &low, &high }
}

func TestDecode(t *testing.T) {
	decimals := func(in *codec.Interprete) { in.Decimals = 1 }
	scale := func(in *codec.Interprete) { in.Scale = &codec.Scale{HighData: 10, High: 100} }
	half := 0.5
	factor := func(in *codec.Interprete) { in.Factor = &half }
	bothSides := func(in *codec.Interprete) { in.Trim = "left;right" }
	tests := []struct {
		name string
		in   *codec.Interprete
		b    string
		want element.Value
		ok   bool
	}{
		{"any bytes", text(codec.RawOther), "\xff", element.Text("\xff"), true},
		{"an unknown raw type is any bytes", text("widget"), "\xff", element.Text("\xff"), true},
		{"trimmed", text(codec.RawOther, bothSides), " \x00a b\r\n", element.Text("a b"), true},
		{"text", text(codec.RawText), "On, 12.5!", element.Text("On, 12.5!"), true},
		{"text of other bytes", text(codec.RawText), "a/b", element.Value{}, false},
		{"numeric text kept as text", text(codec.RawNumericText), "012", element.Text("012"), true},
		{"numeric text that is none", text(codec.RawNumericText), "x12", element.Value{}, false},
		{"numeric text with a comma", number(codec.RawNumericText), " 12,5", element.Number(12.5), true},
		{"no number", number(codec.RawNumericText), "abc", element.Value{}, false},
		{"base 16", number(codec.RawNumericText, base16), "ff", element.Number(255), true},
		{"base 16, 8 bytes", number(codec.RawNumericText, base16), "ffffffff00000000", element.Number(0xffffffff00000000), true},
		{"base 16 with a sign", number(codec.RawNumericText, base16), "-10", element.Number(-16), true},
		{"little endian", number(codec.RawUnsigned), "\x01\x02", element.Number(513), true},
		{"big endian", number(codec.RawUnsigned, bigEndian), "\x01\x02", element.Number(258), true},
		{"kept as text", text(codec.RawUnsigned), "\x01\x02", element.Text("513"), true},
		{"no bytes", number(codec.RawUnsigned), "", element.Value{}, false},
		{"nine bytes", number(codec.RawUnsigned), "123456789", element.Value{}, false},
		{"two's complement", number(codec.RawSigned), "\xff", element.Number(-1), true},
		{"two's complement, 3 bytes", number(codec.RawSigned, bigEndian), "\xff\xff\xfe", element.Number(-2), true},
		{"double of 4 bytes", number(codec.RawDouble, bigEndian), "\x3f\xc0\x00\x00", element.Number(1.5), true},
		{"double of 8 bytes", number(codec.RawDouble, bigEndian), "\x3f\xf8\x00\x00\x00\x00\x00\x00", element.Number(1.5), true},
		{"double of 3 bytes", number(codec.RawDouble), "\x00\x00\x00", element.Value{}, false},
		{"double that is not a number", number(codec.RawDouble, bigEndian), "\x7f\xc0\x00\x00", element.Value{}, false},
		{"bcd", number(codec.RawBCD, bigEndian), "\x12\x34", element.Number(1234), true},
		{"bcd with a letter", number(codec.RawBCD), "\x1a", element.Value{}, false},
		{"high nibble", number(codec.RawHighNibble), "\xa7", element.Number(10), true},
		{"high nibble of two bytes", number(codec.RawHighNibble), "\xa7\x00", element.Value{}, false},
		{"scale", number(codec.RawNumericText, scale), "5", element.Number(50), true},
		{"factor", number(codec.RawNumericText, factor), "5", element.Number(2.5), true},
		{"above the range", number(codec.RawNumericText, between(0, 4)), "5", element.Value{}, false},
		{"below the range", number(codec.RawNumericText, between(0, 4)), "-1", element.Value{}, false},
		{"in the range after the factor", number(codec.RawNumericText, factor, between(0, 4)), "5", element.Number(2.5), true},
		{"rounded down", number(codec.RawNumericText, decimals), "0.39", element.Number(0.3), true},
		{"not rounded away from what it is", number(codec.RawNumericText), "0.3", element.Number(0.3), true},
		{"only others", text(codec.RawOnlyOthers), "a", element.Value{}, false},
	}
	for _, tt := range tests {
		got, ok := tt.in.Decode([]byte(tt.b), none)
		if ok != tt.ok || ok && got.Value != tt.want || got.Original != nil {
			t.Errorf("%s: %q is %v %v, want %v %v", tt.name, tt.b, got, ok, tt.want, tt.ok)
		}
	}
}

// What the device sent stays at hand where an exception takes its place.
func TestDecodeException(t *testing.T) {
	exceptions := func(in *codec.Interprete) {
		in.Exceptions = []codec.Exception{{Match: "n/a", Value: "-1"}, {Match: "7", Value: "-2"}, {Match: "x", Value: "none"}}
	}
	tests := []struct {
		name           string
		in             *codec.Interprete
		b              string
		want, original element.Value
		ok             bool
	}{
		{"a text", text(codec.RawOther, exceptions), "n/a", element.Text("-1"), element.Text("n/a"), true},
		{"a text that is not quite it", text(codec.RawOther, exceptions), "7.0", element.Text("7.0"), element.Value{}, true},
		{"a text in the place of a number", number(codec.RawNumericText, exceptions), " n/a ", element.Number(-1), element.Text("n/a"), true},
		{"a number, however it is written", number(codec.RawNumericText, exceptions), "7.0", element.Number(-2), element.Number(7), true},
		{"a binary number", number(codec.RawUnsigned, exceptions), "\x07", element.Number(-2), element.Number(7), true},
		{"one whose value is no number", number(codec.RawNumericText, exceptions), "x", element.Value{}, element.Value{}, false},
	}
	for _, tt := range tests {
		got, ok := tt.in.Decode([]byte(tt.b), none)
		if ok != tt.ok || ok && got.Value != tt.want {
			t.Errorf("%s: %q is %v %v, want %v %v", tt.name, tt.b, got, ok, tt.want, tt.ok)
		}
		if has := got.Original != nil; ok && (has != tt.original.IsSet() || has && *got.Original != tt.original) {
			t.Errorf("%s: the original of %q is %v, want %v", tt.name, tt.b, got.Original, tt.original)
		}
	}
}

// Bytes that do not fit the raw type may be those of another parameter.
func TestDecodeOthers(t *testing.T) {
	constant := &codec.Interprete{Constant: true, Fixed: []byte("OFF")}
	letters := text(codec.RawText)
	follows := text(codec.RawOther, func(in *codec.Interprete) { in.Others = []codec.Other{{Value: "0", Of: letters}} })
	others := func(in *codec.Interprete) {
		in.Others = []codec.Other{{Param: 1, Value: "0"}, {Value: "1", Of: constant}, {Value: "2", Of: follows}, {Value: "3", Of: letters}}
	}
	tests := []struct {
		name string
		in   *codec.Interprete
		b    string
		want element.Value
		ok   bool
	}{
		{"its own", number(codec.RawNumericText, others), "5", element.Number(5), true},
		{"a constant's", number(codec.RawNumericText, others), "OFF", element.Number(1), true},
		{"another's raw type", number(codec.RawNumericText, others), "other", element.Number(3), true},
		{"nobody's", number(codec.RawNumericText, others), "\xff", element.Value{}, false},
		{"only others", text(codec.RawOnlyOthers, others), "OFF", element.Text("1"), true},
		{"text", text(codec.RawText, others), "\xff", element.Value{}, false},
	}
	for _, tt := range tests {
		if got, ok := tt.in.Decode([]byte(tt.b), none); ok != tt.ok || ok && got.Value != tt.want {
			t.Errorf("%s: %q is %v %v, want %v %v", tt.name, tt.b, got, ok, tt.want, tt.ok)
		}
	}
}
