package runner

import "strconv"

// maxTextNotes bounds what is remembered of what a device said of its texts.
const maxTextNotes = 20

// noteText logs what is wrong with the text of an answer, each thing once: what
// is not what it is said to be must not only be seen by who knows how it should
// look.
func (c *connection) noteText(note string) {
	if note == "" || c.textNotes[note] || len(c.textNotes) >= maxTextNotes {
		return
	}
	if c.textNotes == nil {
		c.textNotes = map[string]bool{}
	}
	c.textNotes[note] = true
	c.r.logged("warning", "Connection "+strconv.Itoa(c.id)+", body of an answer: "+note)
}
