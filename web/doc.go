// Package web is how people and scripts reach elements: pages, forms, the JSON
// API, the browser's socket, health and metrics, all under one base path.
//
// Reader's tour: server.go (what it is made of), service.go (whom it asks),
// routes.go (every address and its handlers), middleware.go (what happens to
// each request), guard.go (who may ask), request.go and body.go (what a request
// says), errors.go (the one table from codes to statuses), api_*.go, pages_*.go
// and socket*.go.
//
// # Goroutines
//
// Requests run on the goroutines of net/http. A socket has, beside the
// goroutine of its request, which reads it, one writer and one waiter for each
// topic; the request's goroutine starts and awaits them. Server.Close tells all
// sockets to end (1012) and waits for them. The package starts no other
// goroutine and has no global state.
package web
