// Package examples holds the connectors that come with the program.
package examples

import _ "embed" // for the connectors below

//go:embed generic-websocket.xml
var genericWebSocket []byte

//go:embed is07.xml
var is07 []byte

//go:embed json-rpc.xml
var jsonRPC []byte

//go:embed rest-poller.xml
var restPoller []byte

// File is one connector: the name of its file and its bytes.
type File struct {
	Name string
	XML  []byte
}

// All returns the connectors that come with the program. The bytes are the
// caller's to keep, not to change.
func All() []File {
	return []File{
		{Name: "generic-websocket.xml", XML: genericWebSocket},
		{Name: "is07.xml", XML: is07},
		{Name: "json-rpc.xml", XML: jsonRPC},
		{Name: "rest-poller.xml", XML: restPoller},
	}
}
