package present

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"
)

// markCases are texts and what is seen of them.
func markCases(t *testing.T) (cases []struct{ Name, Text, Want string }) {
	t.Helper()
	b, err := os.ReadFile("testdata/marks.json")
	if err == nil {
		err = json.Unmarshal(b, &cases)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestVisible(t *testing.T) {
	for _, c := range markCases(t) {
		if got := Visible(c.Text); got != c.Want {
			t.Errorf("%s: %q, want %q", c.Name, got, c.Want)
		}
		if got := Visible(c.Want); got != c.Want {
			t.Errorf("%s: marks are marked again: %q", c.Name, got)
		}
	}
	if got := Visible("\xff\xfe"); got != "\xff\xfe" {
		t.Errorf("bytes that are no text: %q", got)
	}
}

// TestVisiblePage: what is read is marked, what is sent and compared is not.
func TestVisiblePage(t *testing.T) {
	const odd = "\u202e"
	for page, want := range map[string]string{
		"<p>plain</p>": "<p>plain</p>",
		"<p>~</p>":     "<p>#</p>",
		`<p title="~" data-x="~" aria-label="~">~<b>~</b></p>`: `<p title="#" data-x="~" aria-label="#">#<b>#</b></p>`,
		`<input value="~" placeholder="~"/>~`:                  `<input value="~" placeholder="#"/>#`,
		`<a href="~">~</a>`:                                    `<a href="~">#</a>`,
		`<option value="~" label="~">~</option>`:               `<option value="~" label="#">#</option>`,
		"<textarea id=\"a\">~</textarea>~":                     "<textarea id=\"a\">~</textarea>#",
		"<textarea>~":                                          "<textarea>~",
		`<p class="a > b" title="~>~">~</p>`:                   `<p class="a > b" title="#>#">#</p>`,
		`<title>~</title>`:                                     `<title>#</title>`,
		"~<":                                                   "#<",
	} {
		page, want = strings.ReplaceAll(page, "~", odd), strings.ReplaceAll(strings.ReplaceAll(want, "~", odd), "#", "[U+202E]")
		if got := string(VisiblePage([]byte(page))); got != want {
			t.Errorf("%q: %q, want %q", page, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("a\u202eb\x00")
	f.Add("<p title=\"\u202e\">\u200d</p><textarea>\x00")
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if len(got) > 5*len(s) {
			t.Errorf("%d bytes of %d", len(got), len(s))
		}
		for _, r := range got {
			if unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
				t.Errorf("%q still has %U", got, r)
			}
		}
		VisiblePage([]byte(s)) // whatever it is, it comes back
	})
}
