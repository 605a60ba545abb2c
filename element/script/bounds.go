package script

import (
	"github.com/dop251/goja"
)

// bounds replaces what JavaScript's own functions do by recursion in Go, which
// no limit of goja holds: too deep a recursion would end the whole program. In
// JavaScript maxCalls counts it. A Proxy can make any access recurse, and so
// can a regular expression its parser; those in the code are bounded with it.
const bounds = `(function () {
	"use strict";
	var list = Array.prototype, call = Reflect.apply, isArray = Array.isArray, text = Object.prototype.toString;
	var join = list.join, push = list.push, resume = Object.getPrototypeOf(function* () {}).prototype.next;
	function define(o, f) {
		Object.defineProperty(o, f.name, {value: f, writable: true, configurable: true});
	}
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
	define(Object.getPrototypeOf(function* () {}).prototype, function next(value) { return call(resume, this, [value]); });
	delete globalThis.Proxy;
	function pattern(p) {
		if (p === undefined || p instanceof Native) return p;
		p = string(p);
		if (p.length > 10000) throw new RangeError("a regular expression has " + p.length + " characters; at most 10000 are allowed");
		return p;
	}
	var Native = RegExp, string = String, construct = Reflect.construct;
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
})()`

// walkers are the functions of arrays that go through all indexes in Go, where
// no budget interrupts them.
func walkers() []string {
	return []string{
		"concat", "copyWithin", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach",
		"includes", "indexOf", "join", "lastIndexOf", "map", "reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort",
		"splice", "toReversed", "toSorted", "toSpliced", "unshift", "with",
	}
}

// bound makes what runs in Go end: functions of arrays refuse those that only
// their length makes large.
func (m *machine) bound(bounds *goja.Program) {
	list := m.vm.Get("Array").ToObject(m.vm)
	of := list.Get("prototype").ToObject(m.vm)
	for _, name := range walkers() {
		if walk, ok := goja.AssertFunction(of.Get(name)); ok {
			m.replace(of, name, func(c goja.FunctionCall) goja.Value {
				m.mustBeShort(name, c.This)
				v, err := walk(c.This, c.Arguments...)
				m.pass(err)
				return v
			})
		}
	}
	from, _ := goja.AssertFunction(list.Get("from"))
	m.replace(list, "from", func(c goja.FunctionCall) goja.Value {
		m.mustBeShort("from", c.Argument(0))
		v, err := from(c.This, c.Arguments...)
		m.pass(err)
		return v
	})
	_, err := m.vm.RunProgram(bounds)
	m.must(err)
}

// replace puts f in the place of a function, under its name.
func (m *machine) replace(o *goja.Object, name string, f function) {
	made, was := m.vm.ToValue(f).ToObject(m.vm), o.Get(name).ToObject(m.vm)
	for _, same := range []string{"name", "length"} {
		m.must(made.DefineDataProperty(same, was.Get(same), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	m.must(o.DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

func (m *machine) mustBeShort(name string, list goja.Value) {
	o, ok := list.(*goja.Object)
	if !ok {
		return
	}
	if n := o.Get("length"); n != nil && n.ToFloat() > maxWalk {
		m.throw("%s: the array has %.0f entries; at most %d are gone through.", name, n.ToFloat(), maxWalk)
	}
}
