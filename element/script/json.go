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

// jsonFunctions are JSON.parse and JSON.stringify with limits: those of goja
// recurse in Go as deep as a device's text or a script's function says, and know
// integers only as far as a double does.
type jsonFunctions struct {
	js       *values
	limits   *limits
	builtins *builtins
	bigInts  *goja.Object // BigInt.prototype
	// Of JavaScript, as they were before a script could change them.
	plainParse, plainStringify goja.Callable
}

func newJSONFunctions(b *builtins) *jsonFunctions {
	j := &jsonFunctions{js: b.js, limits: b.limits, builtins: b, bigInts: b.prototype("BigInt")}
	o := b.js.vm.Get("JSON").ToObject(b.js.vm)
	j.plainParse, _ = goja.AssertFunction(o.Get("parse"))
	j.plainStringify, _ = goja.AssertFunction(o.Get("stringify"))
	return j
}

func (j *jsonFunctions) install() {
	o := j.js.vm.Get("JSON").ToObject(j.js.vm)
	j.builtins.replace(o, "parse", j.parse)
	j.builtins.replace(o, "stringify", j.stringify)
}

// parse is JSON.parse. Integers beyond 2^53 are BigInts: they keep their
// digits, are equal only to themselves, and JSON.stringify writes them as the
// numbers they were.
func (j *jsonFunctions) parse(c goja.FunctionCall) goja.Value {
	text := c.Argument(0)
	if _, ok := text.(goja.String); !ok {
		text = j.js.toText(text)
	}
	s := text.String()
	look := lookAt(s)
	if look.depth > maxJSON {
		j.js.throw("JSON.parse: arrays and objects are nested more than %d deep.", maxJSON)
	}
	j.limits.checkMemory("JSON.parse", look.size())
	v, err := j.plainParse(c.This, text)
	if err == nil && look.long {
		v, err = j.exactly(s)
	}
	j.js.rethrow(err)
	if revive, ok := goja.AssertFunction(c.Argument(1)); ok && revive != nil {
		v, err = j.builtins.revive(goja.Undefined(), v, c.Argument(1))
		j.js.rethrow(err)
	}
	return v
}

// exactly reads a JSON text, of which goja has said that it is one, with its
// long integers.
func (j *jsonFunctions) exactly(text string) (goja.Value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	return j.from(d, t)
}

// from is the value that begins with a token.
func (j *jsonFunctions) from(d *json.Decoder, t json.Token) (goja.Value, error) {
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return j.array(d)
		}
		return j.object(d)
	case json.Number:
		return j.number(string(t)), nil
	case nil:
		return goja.Null(), nil
	}
	return j.js.vm.ToValue(t), nil
}

func (j *jsonFunctions) array(d *json.Decoder) (goja.Value, error) {
	var all []any
	for {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		if t == json.Delim(']') {
			return j.js.vm.NewArray(all...), nil
		}
		v, err := j.from(d, t)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
}

func (j *jsonFunctions) object(d *json.Decoder) (goja.Value, error) {
	o := j.js.vm.NewObject()
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
		v, err := j.from(d, t)
		if err != nil {
			return nil, err
		}
		// Set would find the setter of __proto__.
		if err := o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
			return nil, err
		}
	}
}

func (j *jsonFunctions) number(digits string) goja.Value {
	if !isLong(digits) {
		f, err := strconv.ParseFloat(digits, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			j.js.throw("JSON.parse: %.40s is not a number.", digits)
		}
		return j.js.vm.ToValue(f)
	}
	if len(digits) > maxDigits {
		j.js.throw("JSON.parse: an integer has %d digits; at most %d are read.", len(digits), maxDigits)
	}
	n, _ := new(big.Int).SetString(digits, 10)
	return j.js.vm.ToValue(n)
}
