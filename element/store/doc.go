// Package store keeps what must survive: elements, their saved parameters,
// uploaded connectors and the history of events, in one SQLite file with one
// writer and several readers.
package store
