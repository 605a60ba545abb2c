package script

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// What JSON.parse makes of a text takes about so many bytes. They are measured
// on goja, and only rough: they refuse what would be hundreds of times larger
// than its text.
const (
	jsonContainer = 450 // an array or an object
	jsonValue     = 60  // an entry, with its key
)

// jsonText is what a look at a JSON text says before it is read.
type jsonText struct {
	depth      int // of the brackets, at most
	containers int
	values     int
	long       bool // it holds an integer that a double cannot hold for sure
}

// lookAt looks at a JSON text. Of one that is none it says something.
func lookAt(text string) (t jsonText) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			i = endOfText(text, i)
		case c == '[' || c == '{':
			depth++
			t.containers++
			t.depth = max(t.depth, depth)
		case c == ']' || c == '}':
			depth--
		case c == ',' || c == ':':
			t.values++
		case c >= '0' && c <= '9':
			end := i
			for end < len(text) && isNumeric(text[end]) {
				end++
			}
			t.long = t.long || isLong(text[i:end])
			i = end - 1
		}
	}
	return t
}

// endOfText is where the quoted text that begins at i ends.
func endOfText(text string, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'
}

// isLong reports whether a number is an integer beyond those that a double
// tells apart: above 2^53-1 by its amount.
func isLong(number string) bool {
	const most, digits = "9007199254740991", 16
	number = strings.TrimPrefix(number, "-")
	if len(number) < digits || strings.ContainsAny(number, ".eE") {
		return false
	}
	return len(number) > digits || number > most
}

// size is about what the values of the text take.
func (t jsonText) size() int64 {
	return int64(t.containers)*jsonContainer + int64(t.values)*jsonValue
}

// defineJSON puts bounded functions in the place of JSON.parse and
// JSON.stringify: those of goja recurse in Go as deep as a device's text or a
// script's function says, and know integers only as far as a double does.
func (m *machine) defineJSON() {
	o := m.vm.Get("JSON").ToObject(m.vm)
	m.parseJSON, _ = goja.AssertFunction(o.Get("parse"))
	m.plainJSON, _ = goja.AssertFunction(o.Get("stringify"))
	m.replace(o, "parse", m.jsonParse)
	m.replace(o, "stringify", m.jsonStringify)
}

// jsonParse is JSON.parse. Integers beyond 2^53 are BigInts: they keep their
// digits, are equal only to themselves, and JSON.stringify writes them as the
// numbers they were.
func (m *machine) jsonParse(c goja.FunctionCall) goja.Value {
	text := c.Argument(0)
	if _, ok := text.(goja.String); !ok {
		text = m.textValue(text)
	}
	s := text.String()
	look := lookAt(s)
	if look.depth > maxJSON {
		m.throw("JSON.parse: arrays and objects are nested more than %d deep.", maxJSON)
	}
	m.room("JSON.parse", look.size())
	v, err := m.parseJSON(c.This, text)
	if err == nil && look.long {
		v, err = m.exactly(s)
	}
	m.pass(err)
	if revive, ok := goja.AssertFunction(c.Argument(1)); ok && revive != nil {
		v, err = m.revive(goja.Undefined(), v, c.Argument(1))
		m.pass(err)
	}
	return v
}

// exactly reads a JSON text, of which goja has said that it is one, with its
// long integers.
func (m *machine) exactly(text string) (goja.Value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	return m.jsonFrom(d, t)
}

// jsonFrom is the value that begins with a token.
func (m *machine) jsonFrom(d *json.Decoder, t json.Token) (goja.Value, error) {
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return m.jsonArray(d)
		}
		return m.jsonObject(d)
	case json.Number:
		return m.jsonNumber(string(t)), nil
	case nil:
		return goja.Null(), nil
	}
	return m.vm.ToValue(t), nil
}

func (m *machine) jsonArray(d *json.Decoder) (goja.Value, error) {
	var all []any
	for {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		if t == json.Delim(']') {
			return m.vm.NewArray(all...), nil
		}
		v, err := m.jsonFrom(d, t)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
}

func (m *machine) jsonObject(d *json.Decoder) (goja.Value, error) {
	o := m.vm.NewObject()
	for {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return o, nil // the closing brace
		}
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := m.jsonFrom(d, t)
		if err != nil {
			return nil, err
		}
		// Set would find the setter of __proto__.
		if err := o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
			return nil, err
		}
	}
}

func (m *machine) jsonNumber(digits string) goja.Value {
	if !isLong(digits) {
		f, err := strconv.ParseFloat(digits, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			m.throw("JSON.parse: %.40s is no number.", digits)
		}
		return m.vm.ToValue(f)
	}
	if len(digits) > maxDigits {
		m.throw("JSON.parse: an integer has %d digits; at most %d are read.", len(digits), maxDigits)
	}
	n, _ := new(big.Int).SetString(digits, 10)
	return m.vm.ToValue(n)
}
