package element

import (
	"errors"
	"fmt"
)

// Code classifies an Error. The codes are part of the public API; one table in
// package web maps them to HTTP statuses.
type Code string

// The codes.
const (
	Invalid     Code = "invalid"     // the input cannot be what it should be
	NotFound    Code = "not-found"   // no such element, parameter, connector …
	Conflict    Code = "conflict"    // the present state does not allow it
	Unavailable Code = "unavailable" // try again later: stopping, disk full, no connection
	TooLarge    Code = "too-large"   // over a documented limit
	TooMany     Code = "too-many"    // over a documented number
	Forbidden   Code = "forbidden"   // who asks may not
	Internal    Code = "internal"    // our fault; details are in the log only
)

// Error is the one error type that crosses rooms. Msg is a sentence a person
// can read and act on; it names the field, the line or the host it speaks of
// and never holds a secret.
type Error struct {
	Code     Code
	Op       string    // where it happened, for the log: "store.SaveValues"
	Field    string    // the JSON or form field at fault, "" when none
	Msg      string    // for a person
	Findings []Finding // of a refused connector
	Err      error     // the cause, for the log only
}

// Error returns the operation, the sentence and the cause.
func (e *Error) Error() string {
	s := e.Msg
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error with a code and a sentence for a person.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Msg: fmt.Sprintf(format, args...)}
}

// FieldErrorf returns an Invalid error that names the field at fault.
func FieldErrorf(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Field: field, Msg: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of err: "" for nil, Internal when err is no Error.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// MessageOf returns the sentence for a person. Errors that are none of ours
// say that something went wrong on our side.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Code != Internal {
		return e.Msg
	}
	return "Something went wrong on our side. What you entered was not applied."
}
