package engine

import (
	"strconv"
	"strings"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

// MaxText bounds a value that the connector's logic puts together, in bytes.
const MaxText = 16 << 20

// mayHaveBeen is what is said of a command whose bytes are out and that nothing
// is known of.
const mayHaveBeen = "It may have been carried out."

// shownAs is a value for a sentence, with its unit; "" for what people may not see.
func shownAs(p *connector.Param, v element.Value) string {
	if p.Password {
		return ""
	}
	text, units := p.Shown(v)
	if text == "" {
		text = "an empty text"
	}
	return strings.TrimSpace(beginning(text) + " " + units)
}

// most is how much of a device's text stands in a sentence, in characters.
const most = 200

// beginning is the beginning of a text in one line.
func beginning(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), 4*most)], "\uFFFD")
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// languageName is how people write the encoding of a QAction.
func languageName(encoding string) string {
	switch strings.ToLower(encoding) {
	case "csharp":
		return "C#"
	case "vbscript":
		return "VBScript"
	case "jscript":
		return "JScript"
	case "":
		return "its language"
	default:
		return encoding
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return itoa(n) + " times"
	}
}

// named writes a parameter for a sentence: parameter 15 (Header).
func named(p *connector.Param) string {
	name := p.Description
	if name == "" {
		name = p.Name
	}
	s := "parameter " + strconv.Itoa(int(p.ID))
	if name != "" {
		s += " (" + name + ")"
	}
	return s
}

// capital makes the first letter of a sentence a capital.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// connName writes a connection for a sentence: connection 1 (WebSocket).
func connName(c *connector.Connection) string {
	s := "connection " + strconv.Itoa(c.ID)
	if c.Name != "" {
		s += " (" + c.Name + ")"
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) (int, error) { return strconv.Atoi(s) }
