// Package link is one session with a device: the opening handshake byte for
// byte as the connector says it (RFC 6455 §4.1), messages, permessage-deflate
// as RFC 7692 allows a server to answer it, ping, close. It never retries and
// never decides: whoever dials owns what follows.
//
// # How it is built
//
// The handshake is ours, because gorilla/websocket sorts header fields, refuses
// Sec-WebSocket-Extensions and fails on most answers to it. What follows is
// gorilla's: it reads frames from a net.Conn of ours (wire) that answers
// gorilla's own handshake, lets plain and control frames through and makes plain
// ones of compressed ones. One shortcut: a message that is one frame and whole in
// the read buffer is taken from there between two of gorilla's messages
// (frames.whole). Messages we send are never compressed (RFC 7692 §6
// leaves that to the sender) and always one frame.
//
// # Goroutines
//
// None of its own: Dial returns when it is over (net's dialer and the watcher of
// the context have ended then), and Session works in its callers' goroutines.
// Read and ReadMany belong to one goroutine; Write, Ping, Close, End and LastHeard may be
// called from any at any time. Pings are answered while somebody reads.
//
// # Causes
//
// The phases and codes of a Failure, stable:
//
//	address  invalid-path, invalid-host
//	header   invalid-header
//	dns      not-found, timeout, failed, canceled
//	tcp      refused, no-route, timeout, reset, no-files, failed, canceled
//	proxy    settings, login, http-status, tls, timeout, failed, canceled, and
//	         the codes of dns and tcp when the proxy itself cannot be reached
//	tls      expired, unknown-authority, wrong-name, common-name, certificate,
//	         fingerprint, no-cipher, old-version, handshake, not-tls, hung-up, timeout, settings, canceled
//	http     http-status, login, login-scheme, redirect, not-websocket, wrong-accept,
//	         extension, subprotocol, silent, hung-up, not-http, head-too-large,
//	         broken, canceled
//
// # Memory
//
// An idle session holds 5 KiB of buffers, and 48 KiB more once a message came
// compressed with context takeover: that is the window of RFC 7692 §7.1.1.
// Everything else is borrowed while something moves. A message that arrives
// costs no more than Config.MaxMessage until it is whole, however small it was
// when compressed; then it is put in memory of its size, which ReadMany lets its caller
// give.
package link
