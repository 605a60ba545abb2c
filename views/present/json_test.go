package present

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"fieldline/element"
)

// hostileTexts are JSON texts of an excerpt's size that grow when they are laid
// out; cmd/fieldline/e2e sends some of them to a page.
func hostileTexts() map[string]string {
	const most = element.MaxExcerpt
	nested := func(open, inner, end string) string {
		n := (most - len(inner)) / (len(open) + len(end))
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	wide := func(at int, part string) string {
		n := (most - 2*at) / len(part)
		return strings.Repeat("[", at) + strings.TrimSuffix(strings.Repeat(part, n), ",") + strings.Repeat("]", at)
	}
	return map[string]string{
		"deep lists":              nested("[", "", "]"),
		"deep objects":            nested(`{"":`, "0", "}"),
		"deep pairs":              nested(`[[],`, "0", "]"),
		"wide":                    wide(1, "0,"),
		"wide and deep":           wide(30, "0,"),
		"wide and very deep":      wide(900, "0,"),
		"empty lists":             wide(1, "[],"),
		"lists of lists of lists": wide(1, "[[[0]]],"),
		"empty texts":             wide(1, `"",`),
		"many keys":               "{" + strings.TrimSuffix(strings.Repeat(`"":0,`, most/5), ",") + "}",
		"escapes":                 wide(1, `"\u0000",`),
		"quotes":                  wide(1, `"\"",`),
		"brackets in texts":       `["` + strings.Repeat(`[{`, most/2-2) + `"]`,
		"saw":                     wide(1, "[[[[[[[[]]]]]]]],"),
	}
}

// TestFoldedIsBounded: what a page shows of a text is a few times the text,
// however it is made.
func TestFoldedIsBounded(t *testing.T) {
	for name, text := range hostileTexts() {
		got := folded(text, false)
		if len(got) > foldTimes*len(text)+foldExtra {
			t.Errorf("%s: %d bytes of %d", name, len(got), len(text))
		}
		sameJSON(t, name, text, got)
		if name != "brackets in texts" && !strings.Contains(got, "\n") {
			t.Errorf("%s is not laid out at all", name)
		}
	}
}

// TestFoldedReadsWell: what people send each other is laid out as they expect.
func TestFoldedReadsWell(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{"b":[1,2]},"c":[],"d":{}}`: "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  },\n  \"c\": [],\n  \"d\": {}\n}",
		`[ ]`:                             "[]",
		"[1 , \"a, [b\\\"]\"]":            "[\n  1,\n  \"a, [b\\\"]\"\n]",
		`{"a":1`:                          `{"a":1`,
		"no JSON":                         "no JSON",
		"[1] and more":                    "[1] and more",
	} {
		if got := folded(text, false); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzFolded(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := folded(text, false)
		if len(got) > foldTimes*len(text)+foldExtra {
			t.Errorf("%d bytes of %d", len(got), len(text))
		}
		sameJSON(t, "text", text, got)
	})
}

// sameJSON holds that nothing but blanks between tokens was changed.
func sameJSON(t *testing.T, name, text, got string) {
	t.Helper()
	var want, have bytes.Buffer
	if json.Compact(&want, []byte(text)) != nil {
		if got != text {
			t.Errorf("%s is no JSON and was changed", name)
		}
		return
	}
	if err := json.Compact(&have, []byte(got)); err != nil || !bytes.Equal(want.Bytes(), have.Bytes()) {
		t.Errorf("%s says something else when it is laid out: %v", name, err)
	}
}
