package element

// Order is what a person wants an element to do.
type Order string

// The orders.
const (
	Start     Order = "start"
	Stop      Order = "stop"
	Pause     Order = "pause"
	Restart   Order = "restart"
	Reconnect Order = "reconnect"
)

// Orders returns all orders.
func Orders() []Order { return []Order{Start, Stop, Pause, Restart, Reconnect} }
