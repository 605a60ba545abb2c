package connectortest

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// node is an element of XML.
type node struct {
	name       string
	attributes []attribute
	text       string
	children   []*node
}

type attribute struct{ name, value string }

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return n.add(name, "")
}

// add adds a child, one of its name or not.
func (n *node) add(name, text string) *node {
	c := &node{name: name, text: text}
	n.children = append(n.children, c)
	return c
}

// set sets what a path names: CHILD/CHILD, with @ATTRIBUTE behind it or alone.
func (n *node) set(path, value string) {
	path, name, isAttribute := strings.Cut(path, "@")
	at := n
	for step := range strings.SplitSeq(path, "/") {
		if step != "" {
			at = at.child(step)
		}
	}
	if !isAttribute {
		at.text = value
		return
	}
	at.attributes = append(at.attributes, attribute{name, value})
}

func (n *node) write(out *strings.Builder) {
	out.WriteString("<" + n.name)
	for _, a := range n.attributes {
		fmt.Fprintf(out, ` %s="%s"`, a.name, escaped(a.value))
	}
	out.WriteString(">" + escaped(n.text))
	for _, c := range n.children {
		c.write(out)
	}
	out.WriteString("</" + n.name + ">")
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
