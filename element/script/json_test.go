package script_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element/script"
)

// evaluate logs what an expression is, as the QAction of an element.
func evaluate(t *testing.T, before, expression string) string {
	t.Helper()
	r := build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "11", "", before+"\nprotocol.Log(String("+expression+"))"))
	got := strings.Join(r.set("x"), "\n")
	got = strings.TrimPrefix(got, "10 = x\n")
	return strings.TrimPrefix(got, "info: ")
}

// TestIntegersKeepTheirDigits: what a double cannot tell apart stays apart, and
// goes back as the number it was.
func TestIntegersKeepTheirDigits(t *testing.T) {
	for expression, want := range map[string]string{
		`JSON.parse("4611686018427387905")`:                                                                               "4611686018427387905",
		`JSON.parse("[4611686018427387905]")[0] === JSON.parse("[4611686018427387906]")[0]`:                               "false",
		`JSON.parse("9007199254740993") === JSON.parse("9007199254740993")`:                                               "true",
		`JSON.parse("9007199254740993") == "9007199254740993"`:                                                            "true",
		`typeof JSON.parse("9007199254740991") + typeof JSON.parse("-9007199254740991")`:                                  "numbernumber",
		`typeof JSON.parse("9007199254740992") + typeof JSON.parse("-9007199254740992")`:                                  "bigintbigint",
		`"/objects/" + JSON.parse('{"id":18446744073709551615}').id`:                                                      "/objects/18446744073709551615",
		`({[JSON.parse("9007199254740993")]: 1})["9007199254740993"]`:                                                     "1",
		`new Map([[JSON.parse("9007199254740993"), "a"]]).get(JSON.parse("9007199254740993"))`:                            "a",
		`JSON.stringify(JSON.parse('{"a":{"id":-4611686018427387905,"b":[1,9007199254740993,null,"x",true,1.5]}}'))`:      `{"a":{"id":-4611686018427387905,"b":[1,9007199254740993,null,"x",true,1.5]}}`,
		`JSON.stringify({id: JSON.parse("9007199254740993"), n: Object(JSON.parse("9007199254740995"))})`:                 `{"id":9007199254740993,"n":9007199254740995}`,
		`Number(JSON.parse("18446744073709551616"))`:                                                                      "18446744073709552000",
		`JSON.parse("9007199254740993.0") + JSON.parse("1e300") + JSON.parse("12345678901234567e2")`:                      "1e+300",
		`JSON.parse('"4611686018427387905"') + typeof JSON.parse('["4611686018427387905"]')[0]`:                           "4611686018427387905string",
		`JSON.parse('{"a\\"4611686018427387905":1}')['a"4611686018427387905']`:                                            "1",
		`JSON.parse('{"__proto__":9007199254740993}').hasOwnProperty("__proto__")`:                                        "true",
		`JSON.parse('{"a":1,"a":9007199254740993}').a`:                                                                    "9007199254740993",
		`JSON.parse('{"a":9007199254740993,"b":2}', function (k, v) { return typeof v === "bigint" ? "big " + v : v }).a`: "big 9007199254740993",
	} {
		if got := evaluate(t, "", expression); got != want {
			t.Errorf("%s: %s, want %s", expression, got, want)
		}
	}
	r := build(t, script.Options{}, qaction(1, "20", "", `var o = JSON.parse(protocol.GetParameter(20));
protocol.SetParameter(13, o.a); protocol.SetParameter(12, o.a); protocol.AddRow(1000, [o.a, o.a, o.a]); protocol.AddRow(1000, o.b);`))
	got := strings.Join(r.hear(`{"a":4611686018427387905,"b":4611686018427387906}`), "\n")
	if !strings.Contains(got, "13 = 4611686018427387905") || !strings.Contains(got, "12 = 4611686018427388000") && !strings.Contains(got, "12 = 4.6") {
		t.Errorf("got %s", got)
	}
	table, _ := r.Table(1000)
	if len(table.Rows) != 2 || table.Rows[0].Key != "4611686018427387905" || table.Rows[1].Key != "4611686018427387906" {
		t.Errorf("rows %v", table.Rows)
	}
}

// TestJSONDoesAsBefore: what stands in the place of JSON's functions gives what
// those gave.
func TestJSONDoesAsBefore(t *testing.T) {
	for expression, want := range map[string]string{
		`JSON.stringify({a: undefined, b: function () {}, c: Symbol("x"), d: [undefined, function () {}], e: NaN, f: -Infinity, g: null, h: -0})`: `{"d":[null,null],"e":null,"f":null,"g":null,"h":0}`,
		`JSON.stringify(undefined) + JSON.stringify(function () {}) + JSON.stringify("a\u2028\"\\\n\u0001é\ud800")`:                               `NaN"a` + "\u2028" + `\"\\\n\u0001é\ud800"`,
		`JSON.stringify([1, {a: [2, {}], b: []}], null, 2)`:                                                                                       "[\n  1,\n  {\n    \"a\": [\n      2,\n      {}\n    ],\n    \"b\": []\n  }\n]",
		`JSON.stringify({a: 1, b: {a: 2, c: 3}}, ["b", "a", "a"])`:                                                                                `{"b":{"a":2},"a":1}`,
		`JSON.stringify({a: 1, b: 2}, function (k, v) { return k === "a" ? undefined : k === "b" ? v + this.a : v })`:                             `{"b":3}`,
		`JSON.stringify({toJSON: function (k) { return "k" + k }}) + JSON.stringify({a: {toJSON: function (k) { return k }}})`:                    `"k"{"a":"a"}`,
		`JSON.stringify(new Date(0)) + JSON.stringify([new Number(3), new String("s"), new Boolean(false), JSON.rawJSON("1.0")])`:                 `"1970-01-01T00:00:00.000Z"[3,"s",false,1.0]`,
		`JSON.stringify({a: [1]}, null, "--").split("\n").join("|") + JSON.stringify({}, null, 3) + JSON.stringify([], null, 3)`:                  `{|--"a": [|----1|--]|}{}[]`,
		`JSON.parse('[1,{"a":[2,3]}]', function (k, v) { return Array.isArray(v) ? v.length : v === 2 ? undefined : v })`:                         "2",
		`JSON.parse(" [1 , 2 ] ").length + JSON.parse({toString: function () { return "7" }}) + JSON.parse(8)`:                                    "17",
		`JSON.parse.name + JSON.parse.length + JSON.stringify.name + JSON.stringify.length`:                                                       "parse2stringify3",
		`(function () { try { JSON.parse("[1,") } catch (e) { return e.name } })()`:                                                               "SyntaxError",
		`(function () { var a = []; a[0] = a; try { JSON.stringify(a) } catch (e) { return e.name + e.message } })()`:                             "TypeErrorConverting circular structure to JSON",
	} {
		if got := evaluate(t, "", expression); got != want {
			t.Errorf("%s:\n%s, want\n%s", expression, got, want)
		}
	}
}
