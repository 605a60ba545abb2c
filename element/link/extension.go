package link

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// extension is one element of a Sec-WebSocket-Extensions list (RFC 6455 §9.1).
type extension struct {
	name   string
	params []param
}

// param is one parameter of an extension.
type param struct {
	name, value string
	hasValue    bool
}

func (e extension) param(name string) (param, bool) {
	for _, p := range e.params {
		if strings.EqualFold(p.name, name) {
			return p, true
		}
	}
	return param{}, false
}

const permessageDeflate = "permessage-deflate"

// The parameters of RFC 7692 §7.1.
const (
	serverNoTakeover = "server_no_context_takeover"
	clientNoTakeover = "client_no_context_takeover"
	serverWindow     = "server_max_window_bits"
	clientWindow     = "client_max_window_bits"
)

// deflate is what was agreed on receiving compressed messages. What the server
// asks of our compressor needs no keeping: we never compress.
type deflate struct {
	on         bool
	noTakeover bool // each message starts with an empty window
}

// agree checks the extensions of an answer against those that were offered:
// only permessage-deflate is implemented, once, with legal parameters.
func agree(offers, answer []extension) (deflate, error) {
	var d deflate
	for _, a := range answer {
		if !offered(offers, a.name) {
			return d, fmt.Errorf("the extension %s, which was not offered", a.name)
		}
		if !strings.EqualFold(a.name, permessageDeflate) {
			return d, fmt.Errorf("the extension %s, which Fieldline does not know", a.name)
		}
		if d.on {
			return d, errors.New("permessage-deflate twice")
		}
		if err := checkDeflate(a); err != nil {
			return d, err
		}
		if err := matchOffer(offers, a); err != nil {
			return d, err
		}
		d.on = true
		_, d.noTakeover = a.param(serverNoTakeover)
	}
	return d, nil
}

func offered(offers []extension, name string) bool {
	for _, o := range offers {
		if strings.EqualFold(o.name, name) {
			return true
		}
	}
	return false
}

// checkDeflate checks the parameters of an answer by themselves (RFC 7692 §7.1).
func checkDeflate(a extension) error {
	seen := map[string]bool{}
	for _, p := range a.params {
		name := strings.ToLower(p.name)
		if seen[name] {
			return fmt.Errorf("permessage-deflate with %s twice", name)
		}
		seen[name] = true
		switch name {
		case serverNoTakeover, clientNoTakeover:
			if p.hasValue {
				return fmt.Errorf("permessage-deflate with %s=%s, which takes no value", name, p.value)
			}
		case serverWindow, clientWindow:
			if windowBits(p) == 0 {
				return fmt.Errorf("permessage-deflate with %s=%q, which must be 8 to 15", name, p.value)
			}
		default:
			return fmt.Errorf("permessage-deflate with the unknown parameter %s", name)
		}
	}
	return nil
}

// matchOffer reports why no offer of permessage-deflate allows the answer.
func matchOffer(offers []extension, a extension) error {
	var first error
	for _, o := range offers {
		if !strings.EqualFold(o.name, permessageDeflate) {
			continue
		}
		err := allows(o, a)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// allows reports why the offer o does not allow the answer a: a client's
// window may be limited only when the offer says it can be (RFC 7692
// §7.1.2.2); what the offer demands of the server must be granted (§7.1.1.1,
// §7.1.2.1).
func allows(o, a extension) error {
	if _, limited := a.param(clientWindow); limited {
		if _, can := o.param(clientWindow); !can {
			return errors.New("permessage-deflate with client_max_window_bits, which was not offered")
		}
	}
	if _, asked := o.param(serverNoTakeover); asked {
		if _, granted := a.param(serverNoTakeover); !granted {
			return errors.New("permessage-deflate without server_no_context_takeover, which was asked for")
		}
	}
	if asked, ok := o.param(serverWindow); ok && windowBits(asked) != 0 {
		granted, ok := a.param(serverWindow)
		if !ok || windowBits(granted) > windowBits(asked) {
			return fmt.Errorf("permessage-deflate without server_max_window_bits of at most %s, which was asked for", asked.value)
		}
	}
	return nil
}

// windowBits reads 8 to 15 without leading zeros; 0 is anything else.
func windowBits(p param) int {
	n, err := strconv.Atoi(p.value)
	if err != nil || n < 8 || n > 15 || strconv.Itoa(n) != p.value {
		return 0
	}
	return n
}

// parseExtensions reads the value of a Sec-WebSocket-Extensions field. It
// returns what could be read before an error.
func parseExtensions(s string) ([]extension, error) {
	var out []extension
	p := tokens{rest: s}
	for {
		p.space()
		if p.rest == "" {
			return out, nil
		}
		if p.take(',') {
			continue // empty list elements are legal (RFC 9110 §5.6.1.2)
		}
		e := extension{name: p.token()}
		if e.name == "" {
			return out, fmt.Errorf("an extension that cannot be read: %q", s)
		}
		for p.space(); p.take(';'); p.space() {
			pa, ok := p.param()
			if !ok {
				return out, fmt.Errorf("an extension parameter that cannot be read: %q", s)
			}
			e.params = append(e.params, pa)
		}
		out = append(out, e)
		if p.rest != "" && !p.take(',') {
			return out, fmt.Errorf("an extension that cannot be read: %q", s)
		}
	}
}

// tokens reads tokens and quoted strings (RFC 9110 §5.6).
type tokens struct{ rest string }

func (t *tokens) space() { t.rest = strings.TrimLeft(t.rest, " \t") }

func (t *tokens) take(c byte) bool {
	if t.rest == "" || t.rest[0] != c {
		return false
	}
	t.rest = t.rest[1:]
	return true
}

func (t *tokens) token() string {
	i := 0
	for i < len(t.rest) && isTokenChar(t.rest[i]) {
		i++
	}
	s := t.rest[:i]
	t.rest = t.rest[i:]
	return s
}

func (t *tokens) quoted() (string, bool) {
	if !t.take('"') {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(t.rest); i++ {
		switch c := t.rest[i]; c {
		case '"':
			t.rest = t.rest[i+1:]
			return b.String(), true
		case '\\':
			i++
			if i < len(t.rest) {
				b.WriteByte(t.rest[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

func (t *tokens) param() (param, bool) {
	t.space()
	p := param{name: t.token()}
	if p.name == "" {
		return p, false
	}
	t.space()
	if !t.take('=') {
		return p, true
	}
	p.hasValue = true
	t.space()
	if strings.HasPrefix(t.rest, `"`) {
		var ok bool
		p.value, ok = t.quoted()
		return p, ok
	}
	p.value = t.token()
	return p, p.value != ""
}
