package present

import (
	"strconv"
	"strings"

	"fieldline/element"
)

// Element is an element in a list; on its own page with Page, in the overview
// with Row.
type Element struct {
	ID    element.ID `json:"id"`
	Name  string     `json:"name"`
	Word  string     `json:"word"`  // its state in one or two words
	Shape string     `json:"shape"` // the mark that repeats Word
	Page  *Page      `json:"page,omitempty"`
	Row   *FleetRow  `json:"row,omitempty"`
}

// Page is what the page of an element shows of the element as a whole.
type Page struct {
	State       element.State `json:"state"`            // by which there are orders to give
	Banner      string        `json:"banner,omitempty"` // which sentence about it stands there: "stopped", "paused", "timeout"; "" for none
	Frozen      bool          `json:"frozen,omitempty"` // the device does not respond: what is set cannot reach it
	Faults      string        `json:"faults,omitempty"`
	Connections []Connection  `json:"connections,omitempty"`
}

// FleetRow is the row of an element in the overview. What is zero is not told.
type FleetRow struct {
	Hop                    // of the connection that the row shows
	Address   string       `json:"address"`
	Heard     element.Time `json:"heard,omitzero"`      // of the last message
	Others    string       `json:"others,omitempty"`    // how the connections are that the row does not show
	Note      string       `json:"note,omitempty"`      // what stands out
	Attention bool         `json:"attention,omitempty"` // somebody should look at it
	Faulty    bool         `json:"faulty,omitempty"`    // Note tells of a fault
}

// ForPage is an element as its own page shows it.
func ForPage(e element.Element) Element {
	p := &Page{State: e.State, Faults: faults(e), Banner: banner(e), Frozen: Frozen(e)}
	for _, c := range e.Connections {
		p.Connections = append(p.Connections, ConnectionOf(c, e.State))
	}
	shown := Listed(e)
	shown.Page = p
	return shown
}

// ForOverview is an element as the overview shows it.
func ForOverview(e element.Element) Element {
	shown := Listed(e)
	shown.Row = rowOf(e, shown.Shape)
	return shown
}

// Listed is an element in a list of names.
func Listed(e element.Element) Element {
	shown := Element{ID: e.ID, Name: Visible(e.Name)}
	shown.Word, shown.Shape = state(e)
	return shown
}

func state(e element.Element) (word, shape string) {
	switch {
	case e.State == element.Stopped:
		return "Stopped", ShapeOff
	case e.State == element.Paused:
		return "Paused", ShapePaused
	case e.Timeout:
		return "Timeout", ShapeTimeout
	}
	word, shape = "Active", ShapeOpen
	for _, c := range e.Connections {
		switch HopOf(c, e.State).Shape {
		case ShapeDown:
			return "Disconnected", ShapeDown
		case ShapeTrying:
			word, shape = "Connecting", ShapeTrying
		}
	}
	return word, shape
}

func banner(e element.Element) string {
	switch {
	case e.State != element.Active:
		return string(e.State)
	case Frozen(e):
		return "timeout"
	}
	return ""
}

// Frozen reports whether the device of an element does not respond, so that
// what is set cannot reach it.
func Frozen(e element.Element) bool { return e.State == element.Active && e.Timeout }

// faults are what of an element does not do what it is for, in a row.
func faults(e element.Element) string {
	var all []string
	for _, f := range e.Faults {
		all = append(all, f.Message)
	}
	return Visible(strings.Join(all, " "))
}

func rowOf(e element.Element, shape string) *FleetRow {
	r := &FleetRow{
		Others: others(e), Note: note(e), Faulty: len(e.Faults) > 0,
		Attention: shape == ShapeDown || shape == ShapeTimeout || shape == ShapeTrying || len(e.Faults) > 0,
	}
	c, ok := worst(e)
	if !ok {
		r.Hop, r.Address = Hop{Shape: ShapeOff}, "no connection"
		return r
	}
	r.Hop, r.Address, r.Heard = HopOf(c, e.State), address(c), c.LastMessageAt
	r.Slow = "" // slow poll is told of whichever connection is in it
	for _, c := range e.Connections {
		if r.Slow == "" {
			r.Slow = slowPoll(c, e.State)
		}
	}
	return r
}

// worst is the connection whose hop a row shows: the one that is farthest from
// being open, of several the one with the most attempts.
func worst(e element.Element) (w element.Connection, ok bool) {
	rank := func(c element.Connection) int {
		switch HopOf(c, e.State).Shape {
		case ShapeDown:
			return 2
		case ShapeTrying:
			return 1
		}
		return 0
	}
	for i, c := range e.Connections {
		if a, b := rank(c), rank(w); i == 0 || a > b || a == b && c.Attempt > w.Attempt {
			w = c
		}
	}
	return w, len(e.Connections) > 0
}

// others says how the connections are that a row does not show; "" when there is
// only one, or when none is wanted.
func others(e element.Element) string {
	n := len(e.Connections) - 1
	if n < 1 || e.State == element.Stopped {
		return ""
	}
	shown, _ := worst(e)
	closed := 0
	for _, c := range e.Connections {
		if c.ID != shown.ID && c.Status != element.ConnOpen {
			closed++
		}
	}
	words := Plural(n, "other", "others")
	if closed > 0 {
		return words + ", " + strconv.Itoa(closed) + " not open"
	}
	return words + " open"
}

// note is what stands out about an element: its faults, else what stands out
// about one of the connections, whichever its row shows.
func note(e element.Element) string {
	if words := faults(e); words != "" {
		return words
	}
	for _, c := range e.Connections {
		if c.Note != "" {
			return Visible(c.Note)
		}
	}
	return ""
}
