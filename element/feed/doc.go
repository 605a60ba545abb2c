// Package feed carries news from elements to screens. A Hub has one stream for
// each element and one for the fleet; each stream keeps the newest Patch per
// key and a bounded ring of events, so a reader, however slow, costs no memory
// and slows nobody: it asks for what is after its cursor.
package feed
