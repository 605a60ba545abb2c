package script_test

import (
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"fieldline/element/script"
)

// heap is how much the objects of the process take.
func heap() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// peak returns the most that the process held while do ran, above what it held
// before.
func peak(do func()) int64 {
	before, most := heap(), int64(0)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, heap()-before)
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	do()
	close(done)
	<-ended
	return most
}

// TestOneCallIsBounded: each of these is one function of JavaScript's own that
// would take more memory than there is, or would not return. They are no larger
// than it takes to be refused.
func TestOneCallIsBounded(t *testing.T) {
	const long = `var long = "x"; while (long.length < 1 << 23) long += long; `
	for _, code := range []string{
		`"x".repeat(2 ** 40)`, `var s = "xé".repeat(1 << 21); for (;;) s += s`, `var s = "xé".repeat(1 << 21); for (;;) s = s + s`,
		"var s = 'xé'.repeat(1 << 21); for (;;) s = `${s}${s}`", `var s = "xé".repeat(1 << 21); for (;;) s = s + {toString: function () { return s }}`,
		`"xy".repeat({valueOf: function () { return 1e12 }})`,
		`"x".padStart(1e12)`, `"x".padEnd(2 ** 31, "abc")`,
		`var s = long; s.concat(s, s, s)`,
		`new ArrayBuffer(2 ** 40)`, `new Uint8Array(2 ** 33)`, `new Float64Array(1e10)`, `new Uint8Array({length: 2 ** 33})`, `new BigInt64Array(1e9)`,
		`new Float64Array(new Uint8Array(64 * 1024 * 1024))`, `new Uint8Array({valueOf: function () { return 2 ** 40 }, length: 2 ** 40})`,
		`Uint8Array.from({length: 2 ** 33})`, `Uint8Array.of.apply(null, {length: 1e9})`,
		`new (Uint8Array.prototype.constructor)(2 ** 40)`, `new (new Uint8Array(1).subarray(0).constructor)(2 ** 40)`,
		`Reflect.construct(ArrayBuffer, [2 ** 40])`, `class A extends ArrayBuffer {} new A(2 ** 40)`,
		`2n ** (2n ** 40n)`, `1n << (1n << 40n)`, `1n >> -(1n << 40n)`, `var x = 3n; x **= 1n << 33n`, `var o = {x: 3n}; o.x **= 1n << 33n`, `var x = 1n; x <<= 1n << 40n`,
		`var x = 3n; for (;;) x = x * x`, `var x = 3n; for (;;) x *= x`, `BigInt("9".repeat(1e6))`, `BigInt({toString: function () { return "9".repeat(1e7) }})`,
		`BigInt.asUintN(2 ** 40, -1n)`, `var x = JSON.parse("9007199254740993"); for (;;) x = x * x`, `JSON.parse("9".repeat(1e6))`,
		`new Array(1e5).join("x".repeat(1000))`, `new Array(1e4).fill("x".repeat(1e6)).join()`, `[].join.call({length: 1e5, 0: "a"}, "x".repeat(1e6))`,
		`new Uint8Array(4e6).join("x".repeat(1e6))`, `String(new Array(1e4).fill("x".repeat(1e6)))`,
		`var a = new Array(4e6); [].concat(a, a, a, a, a, a)`,
		`var n = 0; [].fill.call({get length() { return n++ ? 1e15 : 1 }}, 0)`, `var n = 0; [].indexOf.call({length: {valueOf: function () { return n++ ? 1e15 : 1 }}}, 0)`,
		`Math.max.apply(null, {length: 1e9})`, `Reflect.apply(Math.max, null, {length: 1e9})`, `Reflect.construct(Array, {length: 1e9})`, `Math.max(...{[Symbol.iterator]: function* () { for (;;) yield 1 }})`,
		`[...{[Symbol.iterator]: function () { return {next: function () { return {done: false} }} }}]`,
		`var s = "x".repeat(1 << 22); s.replace(/x/g, s)`, `var s = "x".repeat(1 << 22); s.replaceAll("x", s)`, `var s = "x".repeat(1 << 15); s.replace(/x/g, "$&$'")`,
		`var s = "x".repeat(1 << 22); s.replace(/x/g, s.valueOf.bind(s))`, `var s = "x".repeat(1 << 22); /x/g[Symbol.replace](s, s)`, `var s = "x".repeat(1 << 20); s.replace("x", "$'".repeat(1 << 20))`,
		`long.split("")`, `long.split(/(?:)/)`,
		`String.raw({raw: {length: 1e15}})`, `String.raw({raw: new Array(1000).fill("x".repeat(1e6))})`, `"\ufdfa".repeat(1 << 24).normalize("NFKC")`,
		`var a = [1, 1]; for (var i = 0; i < 60; i++) a = [a, a]; JSON.stringify(a)`, `var s = "x".repeat(1 << 20); JSON.stringify(new Array(100).fill(s))`,
		`JSON.stringify([], function f(k, v) { return [1] })`, `JSON.stringify({toJSON: function f() { return {x: this} }})`, `JSON.parse("[1,2]", function (k, v) { this[1] = this; return v })`,
		`JSON.parse("[" + "[],".repeat(1e6) + "1]")`, `var o = {}; for (var i = 0; i < 20000; i++) o["k" + i] = undefined; var a = new Array(1e5).fill(o); JSON.stringify(a)`,
		`Object.entries(long)`, `Object.assign({}, long)`, `Object.getOwnPropertyDescriptors(new Array(1e9))`, `Array.from(long)`,
		`Object.keys(new Uint8Array(64 * 1024 * 1024))`, `var a = []; a.length = 4294967295; a.sort()`, `new Array(1e6).fill(0).map(String).sort()`,
		`var o = {}; o[Symbol.iterator] = function* () { for (;;) yield 1 }; Array.from(o)`, `new Set(new Array(1e6).fill(0).entries())`,
	} {
		before := ""
		if strings.Contains(code, "long") {
			before = long
		}
		r := build(t, script.Options{Budget: 100 * time.Millisecond}, qaction(1, "11", "", before+code))
		var got string
		began := time.Now()
		most := peak(func() { got = strings.Join(r.set("x"), "\n") })
		if took := time.Since(began); took > 2*time.Minute || most > 600<<20 {
			t.Errorf("%s took %v and %d MiB", code, took, most>>20)
		}
		if !strings.Contains(got, ": line 21: ") {
			t.Errorf("%s: %s", code, got)
		}
	}
}
