// Package connector reads a DataMiner connector (protocol.xml) into an
// immutable Definition and says, with line and column, what of it cannot be
// read and what this program does not run; package lint judges the whole, and
// library.Parse does both. It is also the place where values are checked:
// Param.Decode turns what a person typed into an element.Value
// or a sentence.
//
// Parse is the door for files: whatever it returns without an error can be
// run. References inside a Definition are resolved: an item that Parse kept
// refers only to items that exist; an item with a disabling finding is not in
// the Definition.
//
// A file without s defines what a Definition has (param.go, session.go, items.go),
// one with s has its reader (parameters.go, sessions.go, groups.go …). The
// readers share a draft (draft.go), the Definition while it is read. Parse runs
// them in the order of parse.go: each part of the file, then what ties the parts
// together: twins of parameters, references that lead nowhere (resolve.go),
// what feeds connections (feeds.go), pages.
//
// Marks says of each line of a text what becomes of it; package diff compares
// two Definitions. testdata/constructs.txt lists every construct of the language with what is
// made of it here; tests hold it to the tables that Parse reads by and to
// scripts that prove it (docs/constructs.md).
//
// The package starts no goroutine. A Definition is read-only after Parse and
// may be shared by any number of elements and goroutines.
package connector
