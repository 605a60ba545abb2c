// Package simulator is a device that we can run ourselves: an AMWA IS-07
// event source over WebSocket, or a Player, a music server with JSON-RPC, with
// ways to misbehave on demand and an exact record of what its clients sent. REST
// is a third one, for HTTP. People run it (the simulate and demo
// commands); tests dial it.
//
// What it speaks. A client that sends a subscription command is answered with
// the current state of each source it names, again on each re-send, and then
// hears every change. A health command is answered at once. A client that has
// sent either must send health every 5 s: after 12 s without one its
// subscription is dropped and the session closed, as IS-07 v1.0 asks. A
// client that has never sent one is not held to IS-07: it may stay connected
// for ever. A client that has not subscribed is greeted with a state message
// on opening and one every Options.Greeting, so that a generic client sees
// something move. Other messages are logged and answered with nothing.
//
// The device accepts every Origin and asks for no login unless told to: it
// holds invented values and can do nothing.
//
// Goroutines. Serve starts one that accepts connections and one that lets the
// sources change; net/http runs one for each connection, which becomes the
// session's reader; each open session has one writer, started and awaited by
// its reader. All of them have ended when Serve returns.
package simulator
