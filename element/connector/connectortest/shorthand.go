package connectortest

import (
	"fmt"
	"strings"
)

// sections returns the element around the items of each name.
func sections() map[string]string {
	return map[string]string{
		"Connection": "Connections", "Param": "Params", "Command": "Commands", "Response": "Responses", "Pair": "Pairs",
		"Group": "Groups", "Timer": "Timers", "Trigger": "Triggers", "Action": "Actions", "QAction": "QActions", "Session": "HTTP",
	}
}

// XML returns the XML of a connector in shorthand: what stands inside Protocol,
// line by line. Errors name the line.
func XML(shorthand string) (string, error) {
	var x expansion
	for n, line := range strings.Split(strings.TrimSuffix(shorthand, "\n"), "\n") {
		if err := x.line(line); err != nil {
			return "", fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	x.open("")
	return x.out.String(), nil
}

// expansion is the XML so far.
type expansion struct {
	out strings.Builder
	// section is the one that shorthand opened; "" when it opened none.
	section string
	closing string // of the section in XML that is not at its end; "" outside
}

func (x *expansion) line(line string) error {
	if x.out.Len() > 0 {
		x.out.WriteByte('\n')
	}
	switch {
	case x.closing != "":
		x.pass(line)
		return nil
	case strings.TrimSpace(line) == "":
		return nil
	case strings.HasPrefix(line, "<"):
		x.xml(line)
		return nil
	}
	item, err := parse(line)
	if err != nil {
		return err
	}
	x.open(sections()[item.name])
	item.write(&x.out)
	return nil
}

// xml takes a line of XML: one item of a section, or the beginning of one.
func (x *expansion) xml(line string) {
	name := strings.TrimPrefix(line, "<")
	if end := strings.IndexAny(name, " />"); end >= 0 {
		name = name[:end]
	}
	if section, ok := sections()[name]; ok {
		x.open(section)
		x.out.WriteString(line)
		return
	}
	x.open("")
	if !strings.HasPrefix(name, "?") && !strings.HasPrefix(name, "!") && !strings.HasSuffix(strings.TrimSpace(line), "/>") {
		x.closing = "</" + name + ">"
	}
	x.pass(line)
}

// pass takes a line as it is.
func (x *expansion) pass(line string) {
	x.out.WriteString(line)
	if strings.Contains(line, x.closing) {
		x.closing = ""
	}
}

// open ends the present section and begins another one; "" begins none.
func (x *expansion) open(section string) {
	if x.section == section {
		return
	}
	if x.section != "" {
		x.out.WriteString("</" + x.section + ">")
	}
	if section != "" {
		x.out.WriteString("<" + section + ">")
	}
	x.section = section
}
