package link_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// kosme is the suite's word: characters of two and three bytes.
const kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"

// TestConformanceText is sections 6.1 to 6.4: text in pieces, and that text
// which cannot become UTF-8 any more ends the session before it is complete.
func TestConformanceText(t *testing.T) {
	const (
		greeting = "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!"
		surrogat = kosme + "\xed\xa0\x80" + "edited"
		beyond   = "\xf4\x90\x80\x80"
	)
	conform(t, []exchange{
		{id: "6.1.1", what: "empty text", send: frame(0x81, ""), back: echoed(0x81, "")},
		{id: "6.1.2", what: "three empty fragments", send: frame(0x01, "") + frame(0x00, "") + frame(0x80, ""), back: echoed(0x81, "")},
		{id: "6.1.3", what: "text between empty fragments", send: frame(0x01, "") + frame(0x00, "middle") + frame(0x80, ""), back: echoed(0x81, "middle")},
		{id: "6.2.1", what: "one frame", send: frame(0x81, greeting), back: echoed(0x81, greeting)},
		{id: "6.2.2", what: "cut between characters", send: frame(0x01, greeting[:12]) + frame(0x80, greeting[12:]), back: echoed(0x81, greeting)},
		{id: "6.2.3", what: "a fragment for each byte", send: fragments(0x81, greeting, 1), back: echoed(0x81, greeting)},
		{id: "6.2.4", what: "cut inside characters", send: fragments(0x81, kosme, 1), back: echoed(0x81, kosme)},
		{id: "6.3.1", what: "a surrogate", send: frame(0x81, surrogat), code: 1007},
		{id: "6.3.2", what: "a surrogate in fragments of a byte", send: fragments(0x81, surrogat, 1), code: 1007},
		// What follows would come, and never does: the answer must not wait for it.
		{id: "6.4.1", what: "fails at the second of three fragments", send: frame(0x01, kosme) + frame(0x00, beyond), code: 1007},
		{id: "6.4.2", what: "fails at the byte that is too high", send: frame(0x01, kosme+"\xf4") + frame(0x00, "\x90"), code: 1007},
		{id: "6.4.3", what: "fails inside a frame", send: frame(0x81, kosme+beyond+"edited")[:2+len(kosme)+len(beyond)], chop: 2 + len(kosme), code: 1007},
		{id: "6.4.4", what: "fails inside a frame at the byte that is too high", send: frame(0x81, kosme+beyond+"edited")[:2+len(kosme)+2], chop: 2 + len(kosme) + 1, code: 1007},
	})
}

// sequences are the byte sequences of sections 6.5 to 6.23, a group for each.
func sequences() []struct {
	section, what string
	valid         bool
	hex           string // sequences with commas between
} {
	type group = struct {
		section, what string
		valid         bool
		hex           string
	}
	var lonely []string
	for _, r := range [][2]int{{0xc0, 0xdf}, {0xe0, 0xef}, {0xf0, 0xf7}, {0xf8, 0xfb}, {0xfc, 0xfd}} {
		var b strings.Builder
		for c := r[0]; c <= r[1]; c++ {
			fmt.Fprintf(&b, "%02x20", c)
		}
		lonely = append(lonely, b.String())
	}
	var lone strings.Builder
	for c := 0x80; c <= 0xbf; c++ {
		fmt.Fprintf(&lone, "%02x", c)
	}
	var nonchars []string
	for plane := rune(0); plane <= 16; plane++ {
		nonchars = append(nonchars, hex.EncodeToString([]byte(string(plane<<16|0xfffe))), hex.EncodeToString([]byte(string(plane<<16|0xffff))))
	}
	unfinished := "c0,e080,f08080,f8808080,fc80808080,df,efbf,f7bfbf,fbbfbfbf,fdbfbfbfbf"
	return []group{
		{"6.5", "valid text", true, "68656c6c6f24776f726c64,68656c6c6fc2a2776f726c64,68656c6c6fe282ac776f726c64,68656c6c6ff0a4ada2776f726c64,cebae1bdb9cf83cebcceb5"},
		{"6.6", "whole characters only", true, "ceba,cebae1bdb9,cebae1bdb9cf83,cebae1bdb9cf83cebc,cebae1bdb9cf83cebcceb5"},
		{"6.6b", "cut inside a character", false, "ce,cebae1,cebae1bd,cebae1bdb9cf,cebae1bdb9cf83ce,cebae1bdb9cf83cebcce"},
		{"6.7", "first of a length", true, "00,c280,e0a080,f0908080"},
		{"6.8", "first of five and six bytes", false, "f888808080,fc8480808080"},
		{"6.9", "last of a length", true, "7f,dfbf,efbfbf,f48fbfbf"},
		{"6.10", "last of four, five and six bytes", false, "f7bfbfbf,fbbfbfbfbf,fdbfbfbfbfbf"},
		{"6.11", "borders", true, "ed9fbf,ee8080,efbfbd,f48fbfbf"},
		{"6.11b", "beyond the border", false, "f4908080"},
		{"6.12", "continuation of nothing", false, "80,bf,80bf,80bf80,80bf80bf,80bf80bf80,80bf80bf80bf," + lone.String()},
		{"6.13", "lonely starts", false, strings.Join(lonely, ",")},
		{"6.14", "last byte missing", false, unfinished},
		{"6.15", "all of them in a row", false, strings.ReplaceAll(unfinished, ",", "")},
		{"6.16", "impossible bytes", false, "fe,ff,fefeffff"},
		{"6.17", "overlong slash", false, "c0af,e080af,f08080af,f8808080af,fc80808080af"},
		{"6.18", "longest overlong", false, "c1bf,e09fbf,f08fbfbf,f887bfbfbf,fc83bfbfbfbf"},
		{"6.19", "overlong zero", false, "c080,e08080,f0808080,f880808080,fc8080808080"},
		{"6.20", "single surrogates", false, "eda080,edadbf,edae80,edafbf,edb080,edbe80,edbfbf"},
		{"6.21", "pairs of surrogates", false, "eda080edb080,eda080edbfbf,edadbfedb080,edadbfedbfbf,edae80edb080,edae80edbfbf,edafbfedb080,edafbfedbfbf"},
		{"6.22", "no characters", true, strings.Join(nonchars, ",")},
		{"6.23", "specials", true, "efbfb9,efbfba,efbfbb,efbfbc,efbfbd,efbfbe,efbfbf"},
	}
}

// TestConformanceUTF8 is sections 6.5 to 6.23, each sequence in one frame, in
// fragments of a byte, and at the end of a message that is not read at once.
func TestConformanceUTF8(t *testing.T) {
	long := strings.Repeat("é", 5000) // more than the session reads at once
	var xs []exchange
	for _, g := range sequences() {
		for i, h := range strings.Split(g.hex, ",") {
			b, err := hex.DecodeString(h)
			if err != nil {
				t.Fatal(err)
			}
			s := string(b)
			for _, x := range []exchange{
				{what: "in one frame", send: frame(0x81, s), back: echoed(0x81, s)},
				{what: "in fragments of a byte", send: fragments(0x81, s, 1), back: echoed(0x81, s)},
				{what: "after much text", send: frame(0x81, long+s), chop: len(long), back: echoed(0x81, long+s)},
			} {
				x.id, x.what = fmt.Sprintf("%s.%d", g.section, i+1), g.what+" "+x.what
				if !g.valid {
					x.back, x.code = nil, 1007
				}
				xs = append(xs, x)
			}
		}
	}
	conform(t, xs)
}
