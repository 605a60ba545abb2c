// Package element is the vocabulary of Fieldline: what an element is, what its
// parameters, connections, writes and events look like, and which questions
// may be asked of it. An element is a connector (a DataMiner protocol.xml)
// brought to life against one device.
//
// The package imports the standard library only, does no input or output,
// starts no goroutine and keeps no state. Every type is plain data that may be
// copied and read from any goroutine; slices and maps inside a value are
// read-only once the value has been handed out.
//
// The JSON form of the types with json tags is the public HTTP API
// (web/openapi.json); it grows by addition only.
package element
