// What replaces functions of JavaScript that goja carries out in Go, where no
// limit holds: neither the depth of calls nor the time nor the memory. In
// JavaScript all of them count. go is what Go knows to bound: the present limits.
(function () {
	"use strict";
	var go = {};
	var descriptor = Object.getOwnPropertyDescriptor, above = Object.getPrototypeOf, apply = Reflect.apply;
	var ofTyped = descriptor(above(Uint8Array.prototype), "length").get;

	// lengthOf is the length of what is no array, as long as nobody computes it.
	function lengthOf(o) {
		for (var at = o; at !== null; at = above(at)) {
			var own = descriptor(at, "length");
			if (own === undefined) continue;
			if (own.get === ofTyped) return apply(ofTyped, o, []);
			if (own.get || own.set || typeof own.value === "object" && own.value !== null || typeof own.value === "function") throw new TypeError("the length of a list is a number here, not a function");
			return typeof own.value === "bigint" || typeof own.value === "symbol" ? 0 : Math.max(0, +own.value || 0);
		}
		return 0;
	}

	// primitive is what + makes of an object.
	function primitive(o) {
		var own = o[Symbol.toPrimitive], made;
		if (own !== undefined && own !== null) {
			made = apply(own, o, ["default"]);
			if (made === null || typeof made !== "object" && typeof made !== "function") return made;
			throw new TypeError("Cannot convert object to primitive value");
		}
		for (var name of ["valueOf", "toString"]) {
			if (typeof o[name] !== "function") continue;
			made = apply(o[name], o, []);
			if (made === null || typeof made !== "object" && typeof made !== "function") return made;
		}
		throw new TypeError("Cannot convert object to primitive value");
	}

	function start() {
	var list = Array.prototype, call = Reflect.apply, construct = Reflect.construct, isArray = Array.isArray, text = Object.prototype.toString;
	var join = list.join, push = list.push, resume = Object.getPrototypeOf(function* () {}).prototype.next;
	var string = String, is = Object.prototype.isPrototypeOf;

	function define(o, f, name) {
		Object.defineProperty(f, "name", {value: name || f.name, configurable: true});
		Object.defineProperty(o, name || f.name, {value: f, writable: true, configurable: true});
	}

	// Arrays.

	function flatten(into, from, depth) {
		for (var i = 0; i < from.length; i++) {
			if (!(i in from)) continue;
			if (depth > 0 && isArray(from[i])) flatten(into, from[i], depth - 1);
			else call(push, into, [from[i]]);
		}
		return into;
	}
	define(list, function flat(depth) { return flatten([], this, depth === undefined ? 1 : +depth); });
	define(list, function toString() { return typeof this.join === "function" ? this.join() : call(text, this, []); });
	define(list, function toLocaleString() {
		var parts = [];
		for (var i = 0; i < this.length; i++) parts[i] = this[i] == null ? "" : this[i].toLocaleString();
		return call(join, parts, []);
	});

	// collect goes through what is no array where time and memory count.
	function collect(from) {
		if (typeof from === "string" || isArray(from)) {
			go.short("...", from.length);
			return from;
		}
		var all = [], n = 0;
		for (var v of from) {
			go.short("...", ++n);
			call(push, all, [v]);
		}
		return all;
	}
	var fill = Array.from;
	define(Array, function from(items, map, self) {
		var given = items;
		if (items != null && typeof items !== "string" && !isArray(items) && items[Symbol.iterator]) given = collect(items);
		else if (items != null) go.short("from", typeof items === "object" || typeof items === "function" ? lengthOf(items) : items.length || 0);
		return call(fill, this, map === undefined ? [given] : [given, map, self]);
	});

	// Without a function, sort compares texts: in Go that may take for ever.
	function byText(a, b) {
		a = string(a);
		b = string(b);
		return a < b ? -1 : a > b ? 1 : 0;
	}
	["sort", "toSorted"].forEach(function (name) {
		var native = list[name];
		if (native) define(list, {[name](compare) { return call(native, this, [compare === undefined ? byText : compare]); }}[name]);
	});

	define(Object.getPrototypeOf(function* () {}).prototype, function next(value) { return call(resume, this, [value]); });
	delete globalThis.Proxy;

	// Texts.

	define(String, function raw(template) {
		var parts = template.raw, n = parts.length, made = "";
		for (var i = 0; i < n; i++) {
			made += string(parts[i]) + (i + 1 < n && i + 1 < arguments.length ? string(arguments[i + 1]) : "");
			go.text("raw", made.length);
		}
		return made;
	});

	// counting is a replacement whose texts are counted.
	function counting(replacement, total) {
		return function () {
			var made = string(call(replacement, undefined, arguments));
			go.text("replace", total += made.length);
			return made;
		};
	}
	// expand is GetSubstitution of ECMA-262: what $& and its like stand for. args
	// are those of a function that replaces.
	function expand(r, args) {
		var n = args.length, named = typeof args[n - 1] === "string" ? undefined : args[--n];
		var match = string(args[0]), whole = args[n - 1], at = args[n - 2], groups = n - 3;
		return call(nativeReplace, r, [/\$(\$|&|`|'|\d\d?|<[^>]*>)/g, function (all, mark) {
			if (mark === "$") return "$";
			if (mark === "&") return match;
			if (mark === "`") return call(slice, whole, [0, at]);
			if (mark === "'") return call(slice, whole, [at + match.length]);
			if (mark[0] === "<") {
				if (named === undefined) return all;
				var value = named[call(slice, mark, [1, -1])];
				return value === undefined ? "" : string(value);
			}
			var two = +mark, one = +mark[0];
			if (two >= 1 && two <= groups) return args[two] === undefined ? "" : string(args[two]);
			if (mark.length === 2 && one >= 1 && one <= groups) return (args[one] === undefined ? "" : string(args[one])) + mark[1];
			return all;
		}]);
	}
	var nativeReplace = String.prototype.replace, slice = String.prototype.slice, includes = String.prototype.includes;

	// careful is a replacement that makes no endless text of a short one.
	function careful(self, replacement) {
		if (typeof replacement === "function") return counting(replacement, 0);
		var r = string(replacement), marked = call(includes, r, ["$"]);
		if ((self.length + 1) * r.length * (marked ? self.length + 1 : 1) <= go.most) return r;
		return counting(marked ? function () { return expand(r, arguments); } : function () { return r; }, 0);
	}
	["replace", "replaceAll"].forEach(function (name) {
		var native = String.prototype[name];
		if (native) define(String.prototype, {[name](search, replacement) {
			if (this == null || search !== null && typeof search === "object") return call(native, this, [search, replacement]);
			var self = string(this);
			if (name === "replaceAll" && self.length > LONG) return replaceTexts(self, string(search), replacement);
			return call(native, self, [search, careful(self, replacement)]);
		}}[name]);
	});
	// goja looks for all matches of a pattern before it does anything with the
	// first. In a long text that is done one by one, where time and memory count.
	var LONG = 1 << 20;
	var ofPattern = RegExp.prototype[Symbol.replace], ofMatch = RegExp.prototype[Symbol.match], ofSplit = RegExp.prototype[Symbol.split];
	var exec = RegExp.prototype.exec;
	function each(p, self, take) {
		p.lastIndex = 0;
		for (var found; (found = call(exec, p, [self])) !== null;) {
			take(found);
			if (found[0] === "") p.lastIndex++;
		}
	}
	function replaceEach(p, self, replacement) {
		var parts = [], at = 0, total = 0, marked = typeof replacement !== "function";
		var r = marked ? string(replacement) : replacement;
		each(p, self, function (found) {
			var args = call(listSlice, found, []);
			call(push, args, [found.index, self]);
			if (found.groups !== undefined) call(push, args, [found.groups]);
			var made = marked ? expand(r, args) : string(call(r, undefined, args));
			call(push, parts, [call(slice, self, [at, found.index]), made]);
			go.text("replace", total += found.index - at + made.length);
			go.short("replace", parts.length);
			at = found.index + found[0].length;
		});
		call(push, parts, [call(slice, self, [at])]);
		return call(join, parts, [""]);
	}
	function replaceTexts(self, text, replacement) {
		var parts = [], at = 0, total = 0, marked = typeof replacement !== "function";
		var r = marked ? string(replacement) : replacement;
		for (var i; (i = call(indexOf, self, [text, at])) >= 0 && i + text.length <= self.length;) {
			var made = marked ? expand(r, [text, i, self]) : string(r(text, i, self));
			call(push, parts, [call(slice, self, [at, i]), made]);
			go.text("replaceAll", total += i - at + made.length);
			go.short("replaceAll", parts.length);
			at = i + text.length;
			if (text === "") {
				if (i >= self.length) break;
				call(push, parts, [self[i]]);
				at = i + 1;
			}
		}
		call(push, parts, [call(slice, self, [at])]);
		return call(join, parts, [""]);
	}
	var listSlice = list.slice, indexOf = String.prototype.indexOf;
	function bySymbol(symbol, f) {
		Object.defineProperty(RegExp.prototype, symbol, {value: f, writable: true, configurable: true});
		Object.defineProperty(f, "name", {value: "[" + symbol.description + "]", configurable: true});
	}
	bySymbol(Symbol.replace, function (self, replacement) {
		self = string(self);
		if (self.length > LONG && this.global) return replaceEach(this, self, replacement);
		return call(ofPattern, this, [self, careful(self, replacement)]);
	});
	bySymbol(Symbol.match, function (self) {
		self = string(self);
		if (self.length <= LONG || !this.global) return call(ofMatch, this, [self]);
		var all = [];
		each(this, self, function (found) {
			call(push, all, [found[0]]);
			go.short("match", all.length);
		});
		return all.length > 0 ? all : null;
	});
	bySymbol(Symbol.split, function (self, most) {
		self = string(self);
		if (self.length <= LONG) return call(ofSplit, this, [self, most]);
		most = most === undefined ? 4294967295 : most >>> 0;
		var all = [], at = 0, p = new this.constructor(this, this.flags.replace(/[gy]/g, "") + "g");
		if (most === 0) return all;
		each(p, self, function (found) {
			if (all.length >= most || found[0] === "" && (found.index === at || found.index >= self.length)) return;
			call(push, all, [call(slice, self, [at, found.index])]);
			for (var i = 1; i < found.length; i++) call(push, all, [found[i]]);
			at = found.index + found[0].length;
			go.short("split", all.length);
		});
		call(push, all, [call(slice, self, [at])]);
		return all.length > most ? call(listSlice, all, [0, most]) : all;
	});

	function pattern(p) {
		if (p === undefined || p instanceof Native) return p;
		p = string(p);
		if (p.length > 10000) throw new RangeError("a regular expression has " + p.length + " characters; at most 10000 are allowed");
		return p;
	}
	var Native = RegExp;
	function Bounded(p, flags) {
		return new.target ? construct(Native, [pattern(p), flags], new.target) : call(Native, this, [pattern(p), flags]);
	}
	Object.defineProperty(Bounded, Symbol.species, {get: function () { return this; }, configurable: true});
	Object.defineProperty(Bounded, "name", {value: "RegExp"});
	Object.defineProperty(Bounded, "prototype", {value: Native.prototype, writable: false});
	Object.defineProperty(Native.prototype, "constructor", {value: Bounded, writable: true, configurable: true});
	Object.defineProperty(globalThis, "RegExp", {value: Bounded, writable: true, configurable: true});
	delete Native.prototype.compile;
	["match", "matchAll", "search"].forEach(function (name) {
		var native = String.prototype[name];
		if (native) define(String.prototype, {[name](p) { return call(native, this, [p == null || p[Symbol[name]] ? p : pattern(p)]); }}[name]);
	});

	// Buffers and typed arrays: their constructors take memory at once.

	function wrap(name, check) {
		var Was = globalThis[name];
		if (!Was) return;
		var Made = function () {
			if (arguments.length > 0) check(arguments[0], arguments);
			if (!new.target) return call(Was, this, arguments);
			return construct(Was, arguments, new.target === Made ? Was : new.target);
		};
		Object.getOwnPropertyNames(Was).forEach(function (own) {
			if (own !== "prototype" && own !== "arguments" && own !== "caller") Object.defineProperty(Made, own, Object.getOwnPropertyDescriptor(Was, own));
		});
		Object.setPrototypeOf(Made, Object.getPrototypeOf(Was));
		Object.defineProperty(Made, "prototype", {value: Was.prototype, writable: false});
		var species = Object.getOwnPropertyDescriptor(Was, Symbol.species);
		if (species) Object.defineProperty(Made, Symbol.species, species);
		Object.defineProperty(Was.prototype, "constructor", {value: Made, writable: true, configurable: true});
		Object.defineProperty(globalThis, name, {value: Made, writable: true, configurable: true});
	}
	// goja's Number() takes the lowest 64 bits of a BigInt.
	var toFloat = parseFloat;
	wrap("Number", function (of, args) { if (typeof of === "bigint") args[0] = toFloat(string(of)); });
	wrap("BigInt", function (of, args) { if (typeof of === "object" && of !== null) args[0] = of = string(of); go.digits(typeof of === "string" ? of.length : 0); });

	var buffer = ArrayBuffer.prototype, isView = ArrayBuffer.isView;
	wrap("ArrayBuffer", function (n, args) { go.bytes("ArrayBuffer", args[0] = +n); });
	["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"].forEach(function (name) {
		var per = globalThis[name] && globalThis[name].BYTES_PER_ELEMENT;
		wrap(name, function (of, args) {
			if (of === null || typeof of !== "object" && typeof of !== "function") {
				go.bytes(name, per * (args[0] = +of));
				return;
			}
			if (call(is, buffer, [of])) return;
			if (!isArray(of) && !isView(of)) args[0] = of = Array.from(of);
			go.bytes(name, per * lengthOf(of));
		});
	});

	// What Go calls.
	var has = Object.prototype.hasOwnProperty, keys = Object.keys;
	function walk(holder, key, reviver) {
		var value = holder[key];
		if (value !== null && typeof value === "object") {
			var names = keys(value);
			for (var i = 0; i < names.length; i++) {
				var made = walk(value, names[i], reviver);
				if (made === undefined) delete value[names[i]];
				else Object.defineProperty(value, names[i], {value: made, writable: true, enumerable: true, configurable: true});
			}
		}
		return call(reviver, holder, [key, value]);
	}
	return {
		revive: function (value, reviver) { return walk({"": value}, "", reviver); },
		collect: collect
	};
	}
	return {go: go, lengthOf: lengthOf, primitive: primitive, start: start};
})()
