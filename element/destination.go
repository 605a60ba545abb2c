package element

import "time"

// Destination is where an opening handshake or an HTTP request goes, how, as
// whom, and what its head says. The logic fills it, the link sends it.
type Destination struct {
	Scheme  string // "ws", "wss", "http" or "https"
	Host    string // without brackets
	Port    int
	Path    string   // request target with query, starts with "/"; sent as it is
	Headers []Header // in this order and casing; duplicates are kept

	HasLogin       bool // Basic, or Digest for a host that asks for it, unless Headers hold Authorization
	User, Password string

	Proxy   Proxy
	TLS     TLS           // files by their names in the folder for certificates; for the link by their paths
	Timeout time.Duration // for the whole, each phase included
	Secrets []string      // masked wherever it is shown, beside Authorization, Cookie and tokens in the query
}

// Header is one header field, sent as it is or as received.
type Header struct{ Name, Value string }
