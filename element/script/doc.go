// Package script runs the QActions of a connector that are written in JScript,
// on an embedded JavaScript engine (goja). A Compiler belongs to the program
// and keeps what it compiled; an Element belongs to one element, has one
// virtual machine, and is what package engine calls through its interface
// Scripts.
//
// A script sees JavaScript's own objects, the object protocol and the names
// LogType and LogLevel. It has no file, no network, no require, no eval, no
// Proxy and no timer. docs/scripts.md says what protocol can do.
//
// A call has a budget of CPU time, and so have all calls of one input of the
// engine. Call depth, the size of the code and of what it hands over are
// bounded. goja has no limit for its heap: what functions and operators would
// make is asked before it is made (limits.go; builtins.go and builtins.js put
// bounded functions in the place of JavaScript's, operators.go has operands
// checked), the heap of the process is watched while a call runs and machines are weighed
// between calls (memory.go, weigh.go). A function in Go that does not return
// cannot be stopped; Running says that it is there.
//
// Goroutines: an Element belongs to its element's owner goroutine. The clock of
// a budget is a timer, whose goroutine lives for the instants in which it looks
// at a call. Regular expressions that look around or refer back run in
// regexp2, whose clock is a goroutine that ends by itself a few seconds after
// the last match.
package script
