package views

import (
	"fmt"
	"strings"

	"fieldline/element"
	"fieldline/views/present"
)

// longValue is the number of bytes from which a value is a text to be read, not
// a reading to be seen (static/live/texts.js has the same).
const longValue = 60

// isLong reports whether a value is a text to be read: long, or of several
// lines.
func isLong(s string) bool { return len(s) > longValue || strings.Contains(s, "\n") }

// isCode reports whether a text is for machines: JSON, XML or bytes. Such a
// text is drawn in a font of one width.
func isCode(s string) bool {
	t := strings.TrimSpace(s)
	if t != "" && strings.ContainsRune("{[<", rune(t[0])) && len(t) > 1 {
		return true
	}
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == '\uFFFD' || r < ' ' && r != '\n' && r != '\r' && r != '\t'
	})
}

// size is a number of bytes for a person: "417 bytes", "5.2 MB".
func size(n int) string {
	switch {
	case n < 1000:
		return present.Plural(n, "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}

// shownPart says how much of a text of n bytes is shown; n is 0 when it was
// not cut.
func shownPart(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("The first %d KiB of %s.", element.MaxExcerpt>>10, size(n))
}

// excerpt is the parameter as the page shows it.
func (r row) excerpt() element.Parameter { return r.param.Excerpt() }

// cut reports whether the row, its editor included, has the beginning of its
// value and no more; the script brings the whole when the editor is opened.
func (r row) cut() bool {
	return r.readable() && r.canSet && !r.form.open() && r.excerpt().Truncated
}

// readable reports whether the row's value may be a text to be read.
func (r row) readable() bool {
	return r.hasRead && r.cellAt == nil && !r.instant() && !r.read.IsNumber && !r.read.Password && len(r.chooses().Discreets) == 0
}
