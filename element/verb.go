package element

// Repeatable reports whether a request with that verb may be sent twice: the
// idempotent methods of RFC 9110 §9.2.2, and PROPFIND of RFC 4918. A verb of a
// device's own is not.
func Repeatable(verb string) bool {
	switch verb {
	case "PUT", "DELETE":
		return true
	}
	return ReadsOnly(verb)
}

// ReadsOnly reports whether a request with that verb asks and does nothing else
// (RFC 9110 §9.2.1).
func ReadsOnly(verb string) bool {
	switch verb {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND":
		return true
	}
	return false
}
