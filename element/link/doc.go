// Package link is one session with a device: the opening handshake byte for
// byte as the connector says it (RFC 6455 §4.1), messages, permessage-deflate
// as RFC 7692 allows a server to answer it, ping, close. It never retries and
// never decides: whoever dials owns what follows.
package link
