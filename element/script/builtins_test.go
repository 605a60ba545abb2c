package script_test

import (
	"strings"
	"testing"
	"time"

	"fieldline/element/script"
)

// TestRecursionInGoIsBounded: each of these would end the whole program or
// never end, because it recurses or loops where goja counts nothing.
func TestRecursionInGoIsBounded(t *testing.T) {
	const deep = "functions call one another more than 1000 deep"
	for _, tc := range []struct{ code, says string }{
		{`var a = []; a[0] = a; a.flat(Infinity)`, deep},
		{`var a = []; a.push(a, a); a.flat(50)`, "longer than"},
		{`var a = []; for (var i = 0; i < 3000; i++) a = [a]; "" + a`, deep},
		{`var a = []; for (var i = 0; i < 3000; i++) a = [a]; a.toLocaleString()`, deep},
		{`[].toString.call({join: [].toString})`, deep},
		{`var o = {}; Object.setPrototypeOf(o, new Proxy(o, {})); o.x`, "Proxy is not defined"},
		{`function* f() { yield* f() } f().next()`, deep},
		{`new RegExp("(?=a)" + "(".repeat(1000000) + ")".repeat(1000000))`, "a regular expression has 2000005 characters; at most 10000 are allowed"},
		{`"a".match("(".repeat(20000))`, "a regular expression has 20000 characters"},
		{`"a".search({toString: function () { return "(".repeat(20000) }})`, "a regular expression has 20000 characters"},
		{`new (/a/.constructor)("(".repeat(20000))`, "a regular expression has 20000 characters"},
		{`new (Object.getPrototypeOf(RegExp))("(".repeat(20000))`, "not a constructor"},
		{`new Array(4294967295).join("x")`, "join: the array has 4294967295 entries; at most 4194304 are gone through"},
		{`[].includes.call({length: 9e15}, 1)`, "includes: the array has 9000000000000000 entries"},
		{`[].forEach.call({length: 9e15}, function () {})`, "forEach: the array has"},
		{`Array.from({length: 1e9})`, "from: the array has 1000000000 entries"},
		{`[1].forEach(function () { for (;;) {} })`, "longer than"},
		{`[1].map(function () { throw new Error("mine") })`, "Error: mine"},
	} {
		r := build(t, script.Options{Budget: time.Second}, qaction(1, "11", "", tc.code))
		if got := strings.Join(r.set("x"), "\n"); !strings.Contains(got, tc.says) {
			t.Errorf("%s: %s", tc.code, got)
		}
	}
}

// TestBoundedFunctionsDoAsBefore: what replaces a function of JavaScript gives
// what that gave.
func TestBoundedFunctionsDoAsBefore(t *testing.T) {
	for code, want := range map[string]string{
		`[1, [2, [3, [4]]], , 5].flat().map(function (x) { return Array.isArray(x) ? "a" + x.length : x }).join()`: "1,2,a2,5",
		`[1, [2, [3, [4]]]].flat(Infinity).join()`:                                    "1,2,3,4",
		`[[1], 2].flat(0).length + [[1]].flat("1")[0]`:                                "3",
		`"" + [1, [2, 3], null, undefined] + [].toString.call(5)`:                     "1,2,3,,[object Number]",
		`[1, null, "b", [2]].toLocaleString()`:                                        "1,,b,2",
		`Object.keys([].flat.prototype || {}).length + " " + Object.keys([7]).join()`: "0 0",
		`function* g() { var x = yield 1; yield x; return 9 } var i = g(); [i.next().value, i.next(5).value, i.next().value, i.next().done].join()`:                                        "1,5,9,true",
		`function* g() { yield* [1, 2]; yield* h() } function* h() { yield 3 } Array.from(g()).join() + [...g()].length`:                                                                   "1,2,33",
		`Array.from({length: 2}, function (_, i) { return i }).join() + Array.from("ab").join() + Array.from.call(Array, [1])[0]`:                                                          "0,1a,b1",
		`[3, 1, 2].sort(function (a, b) { return a - b }).reverse().concat([0]).slice(1).indexOf(0) + [].slice.call("abc", 1).join()`:                                                      "2b,c",
		`[/a/ instanceof RegExp, new RegExp("b", "g") instanceof RegExp, new RegExp(/c/i).flags, RegExp("d").source, new RegExp().source, RegExp.name]`:                                    "true,true,i,d,(?:),RegExp",
		`["abcb".match("b").index, "abcb".match(/b/g).length, "abc".search("c"), "abc".match(), "abab".split(/b/).length, Array.from("abab".matchAll(/a/g)).length, "xnull".search(null)]`: "1,2,2,,3,2,1",
		`typeof [].fill.call("x".split(""), 1) + [].map.length + [].map.name`:                                                                                                              "object1map",
	} {
		r := build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "11", "", `protocol.Log(String(`+code+`))`))
		if strings.HasPrefix(code, "function") {
			at := strings.LastIndexAny(code, "};") + 1
			r = build(t, script.Options{Budget: 5 * time.Second}, qaction(1, "11", "", code[:at]+` protocol.Log(String(`+code[at:]+`))`))
		}
		if got := strings.Join(r.set("x"), "\n"); got != "10 = x\ninfo: "+want && got != "info: "+want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}
