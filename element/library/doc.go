// Package library holds the connectors that elements can be made of: those
// that ship with the program and those people uploaded. It parses each once.
package library
