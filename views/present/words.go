package present

import (
	"strconv"
	"strings"
)

// Plural is a number with its noun: "1 row", "3 rows".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Count is what a number of things is called; # stands for the number. A page
// holds it beside the number, so that its scripts can count anew.
type Count struct{ None, One, Many string }

// Of is the words for n things.
func (c Count) Of(n int) string {
	switch n {
	case 0:
		return c.None
	case 1:
		return c.One
	}
	return strings.ReplaceAll(c.Many, "#", strconv.Itoa(n))
}
