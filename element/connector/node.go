package connector

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"fieldline/element"
)

// Limits of a file, beside MaxSize. Real connectors stay far below them.
const (
	MaxDepth      = 64      // elements inside each other
	MaxElements   = 400_000 // elements in all
	MaxAttributes = 64      // attributes of one element
	MaxName       = 500     // characters of the connector's Name, and of its Version
)

// node is an element of the file. Reading a child or an attribute marks it as
// used; what stays unused when Parse is done is named by a finding, so that
// nothing is ignored in silence. All methods accept a nil node.
type node struct {
	name   string
	canon  string // the schema's casing when it differs
	text   string
	attrs  []xml.Attr
	kids   []*node
	folded []foldedAttr
	seen   uint64 // attributes read
	pos    Pos
	line   int // of text
	end    int // line of its end
	used   bool
}

type foldedAttr struct{ have, want string }

// scan reads the file into a tree. declared is the encoding that the XML
// declaration names when it is not UTF-8. The error is an Invalid
// *element.Error with one finding.
func scan(src []byte) (root *node, declared string, err error) {
	if slices.ContainsFunc([]string{"\xff\xfe", "\xfe\xff", "<\x00", "\x00<"}, func(s string) bool { return bytes.HasPrefix(src, []byte(s)) }) {
		return nil, "", refusal("FL-03", Pos{1, 1}, "The file is UTF-16; save it as UTF-8.")
	}
	for range 2 {
		src = bytes.TrimPrefix(src, []byte("\ufeff"))
	}
	s := &scanner{d: xml.NewDecoder(bytes.NewReader(src))}
	s.d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		s.declared = label
		return in, nil
	}
	root, err = s.tree()
	return root, s.declared, err
}

type scanner struct {
	d        *xml.Decoder
	declared string // encoding of the XML declaration, "" for UTF-8
	stack    []*node
	texts    [][]byte // of the open elements, reused
	slab     []node
	count    int
	root     *node
}

func (s *scanner) tree() (*node, error) {
	for {
		line, column := s.d.InputPos()
		at := Pos{line, column}
		t, err := s.d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, s.broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = s.open(t, at)
		case xml.EndElement:
			s.end(at)
		case xml.CharData:
			err = s.chars(t, at)
		case xml.Directive:
			err = refusal("FL-04", at, "Line %d: the file has a document type declaration (<!%.20s…); connectors have none, remove it.", line, printable(t))
		}
		if err != nil {
			return nil, err
		}
	}
	if s.root == nil {
		return nil, refusal("1.1.1", Pos{1, 1}, "The file is empty: a connector is an XML file with the root element Protocol.")
	}
	return s.root, nil
}

func printable(b []byte) string { return strings.ToValidUTF8(string(b[:min(len(b), 20)]), "?") }

// broken turns an error of the XML reader into a sentence with the line.
func (s *scanner) broken(err error) error {
	line, column := s.d.InputPos()
	msg := err.Error()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		line, msg = syntax.Line, syntax.Msg
	}
	if strings.HasSuffix(msg, "invalid UTF-8") {
		msg += "; save it as UTF-8"
		if s.declared != "" {
			msg += ", not in " + Shorten(s.declared) + " as its declaration says"
		}
	}
	return refusal("FL-03", Pos{line, column}, "Line %d: the file is not well-formed XML: %s.", line, strings.TrimPrefix(msg, "xml: "))
}

func (s *scanner) open(t xml.StartElement, at Pos) error {
	s.count++
	switch {
	case len(s.stack) >= MaxDepth:
		return refusal("FL-05", at, "Line %d: elements are nested deeper than %d.", at.Line, MaxDepth)
	case s.count > MaxElements:
		return refusal("FL-05", at, "Line %d: the file has more than %d elements.", at.Line, MaxElements)
	case len(t.Attr) > MaxAttributes:
		return refusal("FL-05", at, "Line %d: element %.40s has %d attributes; at most %d are read.", at.Line, t.Name.Local, len(t.Attr), MaxAttributes)
	}
	if len(s.slab) == 0 {
		s.slab = make([]node, 256)
	}
	n := &s.slab[0]
	s.slab = s.slab[1:]
	n.name, n.attrs, n.pos = t.Name.Local, t.Attr, at
	if len(s.stack) > 0 {
		up := s.stack[len(s.stack)-1]
		up.kids = append(up.kids, n)
	} else {
		if s.root != nil {
			return refusal("FL-03", at, "Line %d: the file has a second root element %.40s.", at.Line, n.name)
		}
		s.root = n
	}
	s.stack = append(s.stack, n)
	if len(s.texts) < len(s.stack) {
		s.texts = append(s.texts, nil)
	}
	return nil
}

func (s *scanner) end(at Pos) {
	top := len(s.stack) - 1
	s.stack[top].end = at.Line
	if len(s.texts[top]) > 0 {
		s.stack[top].text = string(s.texts[top])
		s.texts[top] = s.texts[top][:0]
	}
	s.stack = s.stack[:top]
}

func (s *scanner) chars(t xml.CharData, at Pos) error {
	blank := len(bytes.TrimSpace(t)) == 0
	if len(s.stack) == 0 {
		if !blank {
			return refusal("FL-03", at, "Line %d: there is text outside the root element.", at.Line)
		}
		return nil
	}
	top := len(s.stack) - 1
	n, text := s.stack[top], s.texts[top]
	if blank && (len(n.kids) > 0 || bytes.IndexByte(t, '\n') >= 0 && len(text) == 0) {
		return nil
	}
	if n.line == 0 {
		n.line = at.Line
	}
	s.texts[top] = append(text, t...)
	return nil
}

// refusal is the error of a file that is not taken, with its one finding.
func refusal(id string, pos Pos, format string, args ...any) *element.Error {
	err := element.Errorf(element.Invalid, format, args...)
	err.Findings = []element.Finding{{ID: id, Severity: element.Critical, Line: pos.Line, Column: pos.Column, Message: err.Msg}}
	return err
}

// child returns the first child of that name, exact casing first.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			k.used = true
			return k
		}
	}
	for _, k := range n.kids {
		if strings.EqualFold(k.name, name) {
			k.used, k.canon = true, name
			return k
		}
	}
	return nil
}

// children returns all children of that name in any casing.
func (n *node) children(name string) []*node {
	if n == nil {
		return nil
	}
	var list []*node
	for _, k := range n.kids {
		if k.is(name) {
			list = append(list, k)
		}
	}
	return list
}

// is reports whether the node has that name, and marks it as used if so.
func (n *node) is(name string) bool {
	if n.name != name {
		if !strings.EqualFold(n.name, name) {
			return false
		}
		n.canon = name
	}
	n.used = true
	return true
}

// path follows children: path("Interprete", "RawType").
func (n *node) path(names ...string) *node {
	for _, name := range names {
		n = n.child(name)
	}
	return n
}

// value is the trimmed text of the child of that name, "" without one.
func (n *node) value(name string) string { return n.child(name).trimmed() }

// word is value in lower case, for enumerated values.
func (n *node) word(name string) string { return strings.ToLower(n.value(name)) }

func (n *node) trimmed() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// lookup returns an attribute, trimmed, and whether it is there.
func (n *node) lookup(name string) (string, bool) {
	if n == nil {
		return "", false
	}
	at := -1
	for i := range n.attrs {
		if n.attrs[i].Name.Local == name {
			at = i
			break
		}
		if at < 0 && strings.EqualFold(n.attrs[i].Name.Local, name) {
			at = i
		}
	}
	if at < 0 {
		return "", false
	}
	if have := n.attrs[at].Name.Local; have != name && n.seen&(1<<at) == 0 {
		n.folded = append(n.folded, foldedAttr{have, name})
	}
	n.seen |= 1 << at
	return strings.TrimSpace(n.attrs[at].Value), true
}

// has reports whether an attribute is there, in any casing, and leaves open
// whether it was read.
func (n *node) has(name string) bool {
	if n == nil {
		return false
	}
	for i := range n.attrs {
		if strings.EqualFold(n.attrs[i].Name.Local, name) {
			return true
		}
	}
	return false
}

// padded reports whether blanks stand around the value of an attribute: it is
// read without them, and the validator of DataMiner names it.
func (n *node) padded(name string) bool {
	for i := range n.attrs {
		if a := &n.attrs[i]; strings.EqualFold(a.Name.Local, name) && strings.TrimSpace(a.Value) != a.Value {
			return true
		}
	}
	return false
}

// attr is lookup without the second result.
func (n *node) attr(name string) string {
	v, _ := n.lookup(name)
	return v
}

// skip marks children that say nothing a program could act on.
func (n *node) skip(names ...string) {
	for _, name := range names {
		for _, k := range n.children(name) {
			k.skipAll()
		}
	}
}

func (n *node) skipAll() {
	n.used, n.seen = true, ^uint64(0)
	for _, k := range n.kids {
		k.skipAll()
	}
}

// unread returns the children of that name, in any casing, and leaves them
// unread: for checks of what has no effect here.
func (n *node) unread(name string) []*node {
	if n == nil {
		return nil
	}
	var list []*node
	for _, k := range n.kids {
		if strings.EqualFold(k.name, name) {
			list = append(list, k)
		}
	}
	return list
}

// peek is the value of an attribute, in any casing, that stays unread.
func (n *node) peek(name string) string {
	for _, a := range n.attrs {
		if strings.EqualFold(a.Name.Local, name) {
			return a.Value
		}
	}
	return ""
}

// at is the place of the node, or of nothing.
func (n *node) at() Pos {
	if n == nil {
		return Pos{1, 1}
	}
	return n.pos
}
