package element

// HandshakePreview is what the opening handshake of a connection would say now,
// without a connection being made. Secrets are masked.
type HandshakePreview struct {
	At      Time     `json:"at"`
	URL     string   `json:"url"`     // "" when the parameters hold no address
	Request string   `json:"request"` // head byte for byte, CRLF and all; "" when it cannot be written
	Proxy   string   `json:"proxy"`   // URL of the proxy it would go through, "" for none
	Notes   []string `json:"notes"`   // sentences: where the path is from, which header is left out
	Error   *Cause   `json:"error"`   // why no connection can be made, nil when one can be tried
}
