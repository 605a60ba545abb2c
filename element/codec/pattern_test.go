package codec_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldline/element"
	"fieldline/element/codec"
)

// of numbers the parameters of a content from 1 on.
func of(params ...*codec.Interprete) (content []codec.Param) {
	for i, p := range params {
		content = append(content, codec.Param{ID: element.ParamID(i + 1), Interprete: p})
	}
	return content
}

func constant(s string) *codec.Interprete { return &codec.Interprete{Constant: true, Fixed: []byte(s)} }

// reaching is a text that reaches up to what follows it.
func reaching(how codec.LengthType, times int) *codec.Interprete {
	return text(codec.RawOther, func(in *codec.Interprete) { in.LengthType, in.Times = how, times })
}

// words writes fields as 1=a 2=b; ! marks one that is outside its range.
func words(fields []codec.Field) string {
	list := make([]string, 0, len(fields))
	for _, f := range fields {
		mark := ""
		if !f.InRange {
			mark = "!"
		}
		list = append(list, fmt.Sprint(f.Param, "=", f.Value, mark))
	}
	return strings.Join(list, " ")
}

func TestMatch(t *testing.T) {
	next := reaching(codec.LengthNextParam, 1)
	second := reaching(codec.LengthNextParam, 2)
	last := reaching(codec.LengthLastNextParam, 1)
	two := text(codec.RawOther, fixed(2))
	size := number(codec.RawUnsigned, fixed(1))
	sized := text(codec.RawOther, func(in *codec.Interprete) { in.LengthType, in.LengthID = codec.LengthOtherParam, 1 })
	digits := number(codec.RawNumericText)
	small := number(codec.RawNumericText, between(0, 9))
	tests := []struct {
		name     string
		content  []codec.Param
		optional string
		msg      string
		want     string
		ok       bool
	}{
		{"nothing", nil, "", "", "", true},
		{"nothing but not of bytes", nil, "", "a", "", false},
		{"all of it", of(next), "", "abc", "1=abc", true},
		{"a constant first", of(constant("id="), next), "", "id=7", "2=7", true},
		{"another constant", of(constant("id="), next), "", "no=7", "", false},
		{"up to a constant", of(next, constant(","), next), "", "a,b,c", "1=a 3=b,c", true},
		{"up to its second occurrence", of(second, constant(","), next), "", "a,b,c", "1=a,b 3=c", true},
		{"a second occurrence that is not there", of(second, constant(","), next), "", "a,b", "", false},
		{"up to its last occurrence", of(last, constant(","), next), "", "a,b,c", "1=a,b 3=c", true},
		{"up to an empty constant", of(next, constant("")), "", "abc", "1=abc", true},
		{"bytes are left", of(two), "", "abc", "", false},
		{"bytes are missing", of(two), "", "a", "", false},
		{"what follows keeps its bytes", of(next, two, constant(";")), "", "abcde;", "1=abc 2=de", true},
		{"what follows has not enough", of(next, two, constant(";")), "", "a;", "", false},
		{"the length comes before it", of(size, sized, next), "", "\x02abc", "1=2 2=ab 3=c", true},
		{"a length that is too long", of(size, sized), "", "\x09abc", "", false},
		{"a number that is none", of(digits), "", "x", "", false},
		{"a number out of its range", of(small), "", "12", "1=!", true},
		{"an optional constant", of(next, constant(";")), "1", "abc", "1=abc", true},
		{"an optional constant that is there", of(next, constant(";")), "1", "abc;", "1=abc", true},
		{"an optional parameter that is missing", of(constant("a"), two, constant("z")), "1", "az", "", true},
		{"one and the next", of(constant("a"), constant("b"), two, constant("z")), "1+", "az", "", true},
		{"one and the next that is there", of(constant("a"), constant("b"), two, constant("z")), "1+", "abcdz", "3=cd", true},
		{"up to the next optional one", of(constant("a"), constant("b"), two, constant("c"), constant("z")), "1*;3", "az", "", true},
		{"up to the end", of(constant("a"), constant("b"), two), "1*", "a", "", true},
		{"positions that there are none of", of(constant("a")), "7;x;-1;;", "a", "", true},
		{"a parameter that does not exist", of(nil, next), "0", "a", "", false},
		{"one that does not exist and is skipped", of(constant("a"), nil), "0+", "", "", true},
	}
	for _, tt := range tests {
		fields, ok := codec.NewPattern(tt.content, tt.optional).Match([]byte(tt.msg), none)
		if got := words(fields); ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s: %q is %q %v, want %q %v", tt.name, tt.msg, got, ok, tt.want, tt.ok)
		}
	}
}

// A length that another message brought counts, too.
func TestMatchWithALengthFromBefore(t *testing.T) {
	sized := text(codec.RawOther, func(in *codec.Interprete) { in.LengthType, in.LengthID = codec.LengthOtherParam, 9 })
	p := codec.NewPattern(of(sized, reaching(codec.LengthNextParam, 1)), "")
	for length, want := range map[element.Value]string{
		element.Number(2): "1=ab 2=c", element.Text("3"): "1=abc 2=", element.Number(-1): "", element.Number(4): "", element.Number(1e300): "", element.Text("x"): "", {}: "",
	} {
		fields, ok := p.Match([]byte("abc"), holding(length))
		if got := words(fields); ok != (want != "") || ok && got != want {
			t.Errorf("with length %v: %q %v, want %q", length, got, ok, want)
		}
	}
}
