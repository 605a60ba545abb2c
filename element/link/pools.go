package link

import (
	"compress/flate"
	"io"
	"sync"
)

// flateReader is what compress/flate makes.
type flateReader interface {
	io.Reader
	flate.Resetter
}

// pools lend memory that is needed only while something moves, so that an
// idle session stays small. They are shared because that is all a pool is for.
//
//nolint:gochecknoglobals // no state: what is lent comes back without meaning
var pools = struct{ reads, scratches, chunks, windows, flates sync.Pool }{
	reads:     sync.Pool{New: func() any { return new([bigRead]byte) }},
	scratches: sync.Pool{New: func() any { return new([scratchSize]byte) }},
	chunks:    sync.Pool{New: func() any { return new([maxHeaderSize + writeChunk]byte) }},
	windows:   sync.Pool{New: func() any { return new([windowSize]byte) }},
	flates:    sync.Pool{New: func() any { return flate.NewReader(nil) }},
}
