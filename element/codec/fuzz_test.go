package codec_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

// A number that fits its bytes comes back from them, but for a fraction where
// they hold none; one that does not is refused.
func FuzzNumberRoundTrip(f *testing.F) {
	f.Add(byte(0), byte(2), false, 513.0)
	f.Add(byte(1), byte(3), true, -2.0)
	f.Add(byte(2), byte(4), true, 1.5)
	f.Add(byte(3), byte(8), false, 1234.0)
	f.Add(byte(4), byte(1), false, 15.0)
	f.Add(byte(5), byte(0), false, -0.25)
	raws := []codec.RawType{codec.RawUnsigned, codec.RawSigned, codec.RawDouble, codec.RawBCD, codec.RawHighNibble, codec.RawNumericText}
	f.Fuzz(func(t *testing.T, raw, length byte, big bool, x float64) {
		if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) > 1<<53 {
			return
		}
		in := number(raws[int(raw)%len(raws)], func(in *codec.Interprete) { in.Length, in.BigEndian = int(length%12), big })
		b, err := in.Encode(element.Number(x))
		if err != nil {
			return
		}
		want := math.Trunc(x)
		switch {
		case in.RawType == codec.RawNumericText:
			want = x
		case in.RawType == codec.RawDouble && len(b) == 4:
			want = float64(float32(x))
		case in.RawType == codec.RawDouble:
			want = x
		}
		v, ok := in.FromBytes(b)
		got, isNumber := v.Float()
		if ok = ok && isNumber; ok != !math.IsInf(want, 0) || ok && got != want {
			t.Fatalf("%s of %d bytes: %v is sent as %x and read as %v %v", in.RawType, in.Length, x, b, v, ok)
		}
	})
}

// What is read of any bytes is of the parameter's type, and a number is finite
// and in its range.
func FuzzDecode(f *testing.F) {
	f.Add("numeric text", "left;right", byte(16), true, []byte(" ff "))
	f.Add("double", "", byte(0), true, []byte("\x00\x00\xc0\x7f"))
	f.Add("only others", "", byte(0), false, []byte("OFF"))
	f.Fuzz(func(t *testing.T, raw, trim string, base byte, isNumber bool, b []byte) {
		in := number(codec.RawType(raw), between(-1e6, 1e6), func(in *codec.Interprete) {
			in.IsNumber, in.Trim = isNumber, trim
			in.Base = 2 + int(base)%35
			in.Exceptions = []codec.Exception{{Match: "7", Value: "8"}}
			in.Others = []codec.Other{{Value: "9", Of: constant("OFF")}}
			in.Sequence = []codec.Step{{Op: codec.OpDivide, Operand: codec.Operand{Param: 1}}}
		})
		d, ok := in.Decode(b, holding(element.Number(float64(base%3))))
		x, _ := d.Value.Float()
		switch {
		case !ok:
		case !isNumber && d.Value.Kind() != element.KindText:
			t.Fatalf("%q is %v, which is no text", b, d.Value)
		case isNumber && (d.Value.Kind() != element.KindNumber || math.IsNaN(x) || math.Abs(x) > 1e6):
			t.Fatalf("%q is %v", b, d.Value)
		}
	})
}

// whole is a content of constants and of texts that are taken as they are, one
// for each two bytes of a recipe.
func whole(recipe []byte) (content []codec.Param) {
	lengths := []codec.LengthType{codec.LengthNextParam, codec.LengthLastNextParam, codec.LengthFixed, codec.LengthOtherParam, "widget"}
	for len(recipe) >= 2 && len(content) < 20 {
		kind, n := int(recipe[0]), int(recipe[1])
		recipe = recipe[2:]
		in := text(codec.RawOther, func(in *codec.Interprete) {
			in.LengthType, in.Length, in.Times, in.LengthID = lengths[kind/4%len(lengths)], n%8, n%3, element.ParamID(n%5)
		})
		switch kind % 4 {
		case 0:
			in = constant(",;="[n%3 : n%3+1])
		case 1:
			in = constant(strings.Repeat("ab", n%3))
		case 2:
			if n%16 == 0 {
				in = nil
			}
		}
		content = append(content, codec.Param{ID: element.ParamID(len(content) + 1), Interprete: in})
	}
	return content
}

// The fields of a message are its bytes: with the constants between them they
// are the message again, and where parts may be missing they follow each other
// in it.
func FuzzMatch(f *testing.F) {
	f.Add([]byte("\x02\x01\x00\x00\x02\x01"), "", []byte("a,b"), 1.0)
	f.Add([]byte("\x01\x01\x0a\x02\x00\x01\x06\x01"), "1+;3*", []byte("abcd;x"), 2.0)
	f.Add([]byte("\x0e\x02\x0e\x01"), "", []byte("abc"), 3.0)
	f.Fuzz(func(t *testing.T, recipe []byte, optional string, msg []byte, other float64) {
		content := whole(recipe)
		given := bytes.Clone(msg)
		fields, ok := codec.NewPattern(content, optional).Match(msg, holding(element.Number(other)))
		if !bytes.Equal(msg, given) {
			t.Fatal("the message is another one")
		}
		if !ok {
			return
		}
		rest := string(msg)
		for _, field := range fields {
			part := field.Value.String()
			at := strings.Index(rest, part)
			if at < 0 {
				t.Fatalf("%q is not left in %q, which is %q", part, msg, words(fields))
			}
			rest = rest[at+len(part):]
		}
		if optional != "" {
			return
		}
		var again []byte
		for _, p := range content {
			if p.Constant {
				again = append(again, p.Fixed...)
				continue
			}
			if len(fields) == 0 || fields[0].Param != p.ID {
				t.Fatalf("%q has no field of parameter %d", msg, p.ID)
			}
			again, fields = append(again, fields[0].Value.String()...), fields[1:]
		}
		if !bytes.Equal(again, msg) || len(fields) > 0 {
			t.Fatalf("%q becomes %q, and %d fields are left", msg, again, len(fields))
		}
	})
}

// What is built of parts of a known length is matched by the same content, and
// bytes that are reversed twice are as before.
func FuzzBuild(f *testing.F) {
	f.Add([]byte("\x00\x00\x02\x01\x01\x01"), "value", "0;1", byte(2))
	f.Add([]byte("\x02\x05\x02\x06"), "Größe", "", byte(1))
	f.Fuzz(func(t *testing.T, recipe []byte, value, nr string, which byte) {
		content := whole(recipe)
		for i := range content {
			if in := content[i].Interprete; in == nil || !in.Constant {
				content[i].Interprete = text(codec.RawOther, fixed(1+i%4))
			}
			content[i].ASCII = which&1 != 0
		}
		parts, err := codec.Build(content, holding(element.Text(value)))
		if err != nil || len(parts) != len(content) {
			t.Fatalf("%d parts of %d, %v", len(parts), len(content), err)
		}
		msg := codec.Join(parts)
		fields, ok := codec.NewPattern(content, "").Match(msg, none)
		if !ok {
			t.Fatalf("%q is not matched by what it was built of", msg)
		}
		for _, p := range parts {
			if len(fields) > 0 && fields[0].Param == p.Param {
				if fields[0].Value.String() != string(p.Bytes) {
					t.Fatalf("%q was sent, %v is read", p.Bytes, fields[0].Value)
				}
				fields = fields[1:]
			}
		}
		id := element.ParamID(which)
		once := codec.ReverseParts(msg, parts, id, nr)
		if again := codec.ReverseParts(once, parts, id, nr); !bytes.Equal(again, msg) {
			t.Fatalf("%q reversed is %q, and again %q", msg, once, again)
		}
	})
}

// Replacing touches nothing but the bytes it is told to.
func FuzzReplacement(f *testing.F) {
	f.Add("61;62", 1, 1, []byte("aaa"))
	f.Add("0x61-62;-0x6161;use_offset", 0, 2, []byte("aba"))
	f.Fuzz(func(t *testing.T, options string, start, end int, b []byte) {
		start, end = max(0, start), max(0, end)
		r, ok := codec.ParseReplacement(options, start, end)
		if !ok {
			return
		}
		given := bytes.Clone(b)
		out, ok := r.Apply(b)
		if !bytes.Equal(b, given) {
			t.Fatal("the bytes are changed where they are")
		}
		if !ok {
			return
		}
		middle := given[start : len(given)-end]
		outside := strings.Count(options, ";") > 1 && strings.EqualFold(strings.TrimSpace(strings.Split(options, ";")[2]), "use_offset")
		switch {
		case outside && !bytes.Contains(out, middle):
			t.Fatalf("%q lost %q", out, middle)
		case !outside && (!bytes.HasPrefix(out, given[:start]) || !bytes.HasSuffix(out, given[len(given)-end:])):
			t.Fatalf("%q is %q", given, out)
		}
	})
}
