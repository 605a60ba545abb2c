package link

import (
	"bytes"
	"errors"
	"io"
)

const (
	maxWindow   = 32 << 10 // of deflate (RFC 1951 §2), whatever smaller one was agreed
	pieceSize   = 8 << 10  // most that is inflated at once
	windowSize  = maxWindow + 2*pieceSize
	keptComp    = 16 << 10 // a larger buffer of compressed data is not kept between messages
	finalBlocks = 64       // final deflate blocks in one message; senders use none or one
)

// tail is what a sender leaves away (RFC 7692 §7.2.2), then a final empty block,
// so that the reader ends by itself.
const tail = "\x00\x00\xff\xff" + "\x01\x00\x00\xff\xff"

var errFinalBlocks = errors.New("too many final blocks")

// inflater inflates the messages of one session, one after the other.
type inflater struct {
	src    bytes.Reader
	comp   []byte
	reader flateReader
	finals int
	// window begins with the inflated data that the next piece may refer to.
	// Between messages it is kept only when context is taken over.
	window *[windowSize]byte
	used   int
	forget bool
}

// start takes the payload of a compressed message.
func (z *inflater) start(comp *[]byte, forget bool) {
	z.comp = append(*comp, tail...)
	z.src.Reset(z.comp)
	z.finals = 0
	z.forget = forget
	if z.window == nil {
		z.window = pools.windows.Get().(*[windowSize]byte)
		z.used = 0
	}
	if forget {
		z.used = 0
	}
	if z.reader == nil {
		z.reader = pools.flates.Get().(flateReader)
	}
	z.reset()
}

func (z *inflater) reset() {
	// Reset of a flate reader never fails.
	_ = z.reader.Reset(&z.src, z.window[max(0, z.used-maxWindow):z.used])
}

// piece returns the next at most pieceSize bytes, valid until the next call,
// and whether they are the last.
func (z *inflater) piece() (b []byte, last bool, err error) {
	if len(z.window)-z.used < pieceSize {
		copy(z.window[:], z.window[z.used-maxWindow:z.used])
		z.used = maxWindow
	}
	from := z.used
	for z.used-from < pieceSize {
		n, err := z.reader.Read(z.window[z.used : from+pieceSize])
		z.used += n
		switch {
		case errors.Is(err, io.EOF) && z.src.Len() <= len(tail):
			return z.window[from:z.used], true, nil
		case errors.Is(err, io.EOF):
			// The sender ended its deflate stream inside the message
			// (RFC 7692 §7.2.3.4): it goes on with a new one, the window stays.
			if z.finals++; z.finals > finalBlocks {
				return nil, false, errFinalBlocks
			}
			z.reset()
		case err != nil:
			return nil, false, err
		}
	}
	return z.window[from:z.used], false, nil
}

// finish ends a message. It returns the buffer for the next compressed one.
// The last piece stays valid until then.
func (z *inflater) finish() []byte {
	pools.flates.Put(z.reader)
	z.reader = nil
	comp := z.comp[:0]
	z.comp = nil
	if cap(comp) > keptComp {
		return nil
	}
	return comp
}

// rest gives the window back while nothing is on its way, if the next message
// begins with an empty one anyway.
func (z *inflater) rest() {
	if z.forget && z.reader == nil && z.window != nil {
		pools.windows.Put(z.window)
		z.window = nil
	}
}

// release gives everything back.
func (z *inflater) release() {
	if z.reader != nil {
		pools.flates.Put(z.reader)
		z.reader = nil
	}
	if z.window != nil {
		pools.windows.Put(z.window)
		z.window = nil
	}
}
