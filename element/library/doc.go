// Package library holds the connectors that elements can be made of: those
// that ship with the program and those people uploaded. It parses each once.
//
// Connectors never change: a file is known by its name and version, and
// another file needs another version. Shipped connectors are parsed by New;
// uploaded ones when somebody first asks for them, so that many of them do not
// delay the start. One that an earlier program stored and that cannot be read
// any more stays in the list, with its findings.
//
// The package starts no goroutine; all methods may be called from any.
package library
