package script_test

import (
	"strings"
	"testing"
)

// TestGuardedOperatorsDoAsBefore: what stands around operands changes nothing.
func TestGuardedOperatorsDoAsBefore(t *testing.T) {
	const long = `var long = ("a".repeat(100000) + "b").repeat(30); `
	const small = `var o = {n: 3, s: "b", get once() { this.n++; return this.n }}, d = new Date(0), a = [1, 2], g = function () { return arguments.length };`
	for expression, want := range map[string]string{
		`o.n * o.n + o.s + (o.n - 1) + [o.n] + {}`:                                                       "9b23[object Object]",
		`d + a === d.toString() + a.toString()`:                                                          "true",
		`(o.once, o.n += o.n, o.n *= o.n, o.n **= 2, o.n)`:                                               "4096",
		`(function (x) { x **= 3; x <<= x; return x })(2)`:                                               "2048",
		`2 ** -1 + 3 * "4" + (5 << "1") + (-9 >> 1) + (-9 >>> 28)`:                                       "32.5",
		`2n ** 10n * 3n + (1n << 5n) + (64n >> 2n) + (-1n) ** 3n`:                                        "3119",
		`(0n ** 0n) + (0n ** 4n) + (1n ** 99999999n) + (-1n) ** 99999998n + ((-1n) ** 99999999n)`:        "2",
		`[...a, ..."xy", ...new Set([7])].join() + g(...a, ...[]) + new Array(...[3, 4]).join()`:         "1,2,x,y,723,4",
		`JSON.stringify({...o, ...{z: 1}})`:                                                              `{"n":3,"s":"b","once":4,"z":1}`,
		"`${o.n}-${a}-${{toString: function () { return 't' }}}`":                                        "3-1,2-t",
		`(function (f, ...r) { var [h, ...q] = r; return f + h + q.length })(1, 2, 3, 4)`:                "5",
		`1 + {valueOf: function () { return 2 }, toString: function () { return "no" }} + (true + null)`: "4",
		`o.n + {[Symbol.toPrimitive]: function (hint) { return hint }}`:                                  "3default",
		`(function () { try { return o.n * 1n } catch (e) { return e.name } })()`:                        "TypeError",
		`(function () { try { return o.n ** BigInt(1) } catch (e) { return e.name } })()`:                "TypeError",
		`(function () { try { return BigInt(2) ** -BigInt(1) } catch (e) { return e.name } })()`:         "RangeError",
		`[Number(BigInt("123")), Number("4"), Number(), new Number(5) + 1, Number.MAX_SAFE_INTEGER, Number.isInteger(3), BigInt(7), typeof BigInt("8"), 5..constructor === Number]`:                                                                                                      "123,4,0,6,9007199254740991,true,7,bigint,true",
		`"abc".replace("b", "[$&$$$'$` + "`" + `]") + "aXbX".replace(/x/gi, function (m, i) { return i }) + "a-b".replace(/(?<l>\w)-(\w)/, "$2$<l>$1$3")`:                                                                                                                                "a[b$ca]ca1b3baa$3",
		`new Uint8Array([1, 2, 3]).map(function (x) { return x + 1 }).join() + new Uint8Array(new ArrayBuffer(4), 1).length + Uint8Array.from([1, 2]).length + new Float64Array(2).slice(1).length + new Uint8Array(new Set([1, 2, 3])).length`:                                          "2,3,43213",
		`[ArrayBuffer.isView(new Uint8Array(1)), new ArrayBuffer(3).slice(1).byteLength, Uint16Array.BYTES_PER_ELEMENT, new DataView(new ArrayBuffer(2)).byteLength, Uint8Array.name, new Uint8Array(1) instanceof Uint8Array, Object.prototype.toString.call(new Int8Array(1))].join()`: "true,2,2,2,Uint8Array,true,[object Int8Array]",
		// Longer than what goja looks through at once.
		`long.replace(/b/g, "y$&").length - long.length`: "30",
		`long.replace(/(?<n>b)(c)?/g, function (m, n, c, at, all, named) { return at < 200000 ? m + n + named.n + c : m }).indexOf("bbbundefined")`: "100000",
		`long.split(/b/).length + "," + long.split(/(b)/, 2).map(function (s) { return s.length }) + "," + long.split("b").length`:                  "31,100000,1,31",
		`long.match(/b/g).join("") + long.match(/c/g) + long.match(/b/).index`:                                                                      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbnull100000",
		`long.replaceAll("b", "cd").length - long.length + "," + (long.replaceAll("b", function (m, at) { return at }).length - long.length)`:       "30,171",
	} {
		before := small
		if strings.Contains(expression, "long") {
			before = long + small
		}
		if got := evaluate(t, before, expression); got != want {
			t.Errorf("%s: %s, want %s", expression, got, want)
		}
	}
}
