package connectortest

import (
	"fmt"
	"strconv"
	"strings"
)

// word is one word of a line, and whether it stood in quotes.
type word struct {
	text   string
	quoted bool
}

// words are those of one line that are not read yet.
type words struct{ left []word }

// split splits a line; a word, or what follows its =, may stand in quotes.
func split(line string) (words, error) {
	var all words
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		before := ""
		if at := strings.IndexAny(line, `" `); at > 0 && line[at] == '"' {
			before, line = line[:at], line[at:]
		}
		if line[0] != '"' {
			plain, rest, _ := strings.Cut(line, " ")
			all.left, line = append(all.left, word{text: plain}), rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return all, fmt.Errorf("the quotes of %s do not end", line)
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return all, err
		}
		all.left, line = append(all.left, word{before + text, before == ""}), line[len(quoted):]
	}
	return all, nil
}

// next takes the next word; "" when there is none.
func (w *words) next() string {
	if len(w.left) == 0 {
		return ""
	}
	first := w.left[0].text
	w.left = w.left[1:]
	return first
}

// name takes the next word when it stands in quotes.
func (w *words) name() (string, bool) {
	if len(w.left) == 0 || !w.left[0].quoted {
		return "", false
	}
	return w.next(), true
}

// oneOf takes the next word when it is one of these.
func (w *words) oneOf(known ...string) string {
	for _, k := range known {
		if len(w.left) > 0 && !w.left[0].quoted && w.left[0].text == k {
			return w.next()
		}
	}
	return ""
}

// id takes the next word when it names items: 3, 3;4, each.
func (w *words) id() string {
	if len(w.left) == 0 || w.left[0].quoted {
		return ""
	}
	if t := w.left[0].text; t == "each" || strings.Trim(t, "0123456789;-") == "" {
		return w.next()
	}
	return ""
}

// ids takes all words up to the first that names no item.
func (w *words) ids() []string {
	var all []string
	for id := w.id(); id != ""; id = w.id() {
		all = append(all, id)
	}
	return all
}

// options sets on an item what the words that are left say; own takes those
// that have a meaning of their own there.
func (w *words) options(item *node, own func(key, value string) bool) error {
	for len(w.left) > 0 {
		key, value, isSetting := strings.Cut(w.next(), "=")
		switch {
		case own != nil && own(key, value):
		case !isSetting:
			return fmt.Errorf("%q means nothing here", key)
		case strings.ToLower(key) == key && !strings.Contains(key, "@"):
			return fmt.Errorf("%q is not a setting of this item", key)
		default:
			item.set(key, value)
		}
	}
	return nil
}
