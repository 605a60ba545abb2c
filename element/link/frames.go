package link

import (
	"encoding/binary"
	"fmt"
)

// frames turns what a device sends into what gorilla/websocket understands:
// plain and control frames go through as they are, byte for byte; the frames of
// a compressed message (RFC 7692 §6) are collected and leave as a plain message,
// inflated piece by piece. Control frames between them do not wait.
type frames struct {
	in      *input
	deflate deflate
	limit   int64 // bytes of a message after inflating

	head    [maxHeaderSize]byte // of the frame at hand, as far as it came
	nh      int
	left    int64 // payload bytes of the frame at hand that are still to come
	collect bool  // the frame at hand belongs to a compressed message
	fin     bool  // and is its last one

	inside bool   // a compressed message began and has not ended
	op     byte   // its opcode; opContinuation once a piece of it left
	comp   []byte // its payload

	inflate   inflater
	inflating bool // comp is complete and on its way out

	messages int // data frames seen

	out, next []byte // to leave, in this order, before anything else
	err       error
}

// frameError is what a device did wrong: the connection fails with the code.
type frameError struct {
	code  int    // RFC 6455 §7.4.1
	cause string // of End
	what  string
}

func (e *frameError) Error() string { return e.what }

func protocolError(format string, args ...any) *frameError {
	return &frameError{1002, "protocol", fmt.Sprintf(format, args...)}
}

func tooLarge(limit int64) *frameError {
	return &frameError{1009, "too-large", fmt.Sprintf("a message of more than %d bytes", limit)}
}

// whole gives the next message without gorilla/websocket when all of it is one
// frame that lies in the read buffer, as most messages of devices do; data is
// valid until the next call. Anything else is left to Read. It may be called
// between messages only. It blocks while nothing has been read.
func (f *frames) whole() (data []byte, text, ok bool) {
	if f.busy() {
		return nil, false, false
	}
	if len(f.in.buf) == 0 {
		f.inflate.rest()
		if f.err = f.in.fill(); f.err != nil {
			return nil, false, false
		}
	}
	first, from, to := oneFrame(f.in.buf)
	if to == 0 || int64(to-from) > f.limit {
		return nil, false, false
	}
	data = f.in.buf[from:to]
	op := first &^ (finBit | rsv1Bit)
	if first&rsv1Bit != 0 {
		if !f.deflate.on {
			return nil, false, false
		}
		f.in.buf = f.in.buf[to:]
		f.messages++
		data, ok = f.inflated(op, data)
		return data, op == opText, ok
	}
	f.in.buf = f.in.buf[to:]
	f.messages++
	return data, op == opText, true
}

// ready reports whether a whole message lies in the read buffer, so that
// reading it waits for nothing.
func (f *frames) ready() bool {
	if f.busy() {
		return false
	}
	_, _, to := oneFrame(f.in.buf)
	return to > 0
}

// busy reports whether a frame or message has begun and not ended.
func (f *frames) busy() bool {
	return f.err != nil || f.nh > 0 || f.left > 0 || f.inside || f.inflating || len(f.out)+len(f.next) > 0
}

// oneFrame finds a whole message of one unmasked frame, compressed or not, at
// the start of b: its first byte and where its payload is; to is 0 when there
// is none.
func oneFrame(b []byte) (first byte, from, to int) {
	if len(b) < 2 {
		return 0, 0, 0
	}
	first = b[0]
	if op := first &^ rsv1Bit; op != finBit|opText && op != finBit|opBinary {
		return 0, 0, 0
	}
	size := int(b[1])
	from = 2
	if size == 126 {
		if len(b) < 4 {
			return 0, 0, 0
		}
		size = int(binary.BigEndian.Uint16(b[2:]))
		from = 4
	} else if size > 126 { // more than the buffer holds, or masked
		return 0, 0, 0
	}
	if len(b) < from+size {
		return 0, 0, 0
	}
	return first, from, from + size
}

// inflated inflates a message that came in one frame. One of several pieces
// is left to Read.
func (f *frames) inflated(op byte, comp []byte) (data []byte, ok bool) {
	f.comp = append(f.comp[:0], comp...)
	f.op, f.inflating = op, true
	f.inflate.start(&f.comp, f.deflate.noTakeover)
	data, last, err := f.nextPiece()
	switch {
	case err != nil:
		f.err = err
		return nil, false
	case last && int64(len(data)) <= f.limit:
		return data, true
	}
	f.emit(data, last)
	return nil, false
}

// Read gives plain frames, at most one at a time: whoever has read one to its
// end has nothing of what follows. It blocks only while it has nothing to give.
func (f *frames) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && f.err == nil {
		if n > 0 && !f.partly() {
			return n, nil
		}
		switch {
		case len(f.out) > 0:
			c := copy(p[n:], f.out)
			f.out = f.out[c:]
			n += c
		case len(f.next) > 0:
			f.out, f.next = f.next, nil
		case f.inflating:
			f.err = f.piece()
		case len(f.in.buf) == 0:
			if n > 0 {
				return n, nil
			}
			f.inflate.rest()
			f.err = f.in.fill()
		case f.left > 0 && !f.collect:
			c := copy(p[n:], f.payload())
			f.use(c)
			n += c
		case f.left > 0:
			f.gather(f.payload())
		default:
			f.err = f.header()
		}
	}
	if n > 0 {
		return n, nil
	}
	return 0, f.err
}

// partly reports whether more of a frame is to leave that Read has begun to
// give.
func (f *frames) partly() bool {
	return len(f.out)+len(f.next) > 0 || f.left > 0 && !f.collect
}

// payload is what of the payload at hand has been read.
func (f *frames) payload() []byte {
	return f.in.buf[:min(f.left, int64(len(f.in.buf)))]
}

func (f *frames) use(n int) {
	f.in.buf = f.in.buf[n:]
	f.left -= int64(n)
}

// gather keeps payload of a compressed message; with its last byte the message
// is ready to leave.
func (f *frames) gather(b []byte) {
	f.comp = append(f.comp, b...)
	f.use(len(b))
	if f.left == 0 && f.fin {
		f.inside = false
		f.inflating = true
		f.inflate.start(&f.comp, f.deflate.noTakeover)
	}
}

// header reads on in the header of a frame (RFC 6455 §5.2). When it is
// complete it says what becomes of the frame.
func (f *frames) header() error {
	for f.nh < f.headerSize() {
		n := copy(f.head[f.nh:f.headerSize()], f.in.buf)
		if n == 0 {
			return nil
		}
		f.nh += n
		f.in.buf = f.in.buf[n:]
	}
	size := f.nh
	f.nh = 0
	if err := f.measure(); err != nil {
		return err
	}
	first, op := f.head[0], f.head[0]&0x0f
	f.fin = first&finBit != 0
	if op == opText || op == opBinary {
		f.messages++
	}
	switch {
	case op == opClose && f.left == 1:
		return protocolError("a Close frame with half a code")
	case f.deflate.on && !f.inside && first&rsv1Bit != 0 && (op == opText || op == opBinary):
		f.inside, f.op, f.comp = true, op, f.comp[:0]
	case f.inside && op == opContinuation && first&rsv1Bit == 0:
	case f.inside && op < opClose:
		return protocolError("a frame with opcode %d inside a compressed message", op)
	default:
		f.collect = false
		f.out = f.head[:size]
		return nil
	}
	return f.compressed()
}

// compressed checks a frame of a compressed message.
func (f *frames) compressed() error {
	f.collect = true
	switch {
	case f.head[0]&0x30 != 0:
		return protocolError("%s", frameWords("RSV2 set"))
	case f.head[1]&maskBit != 0:
		return protocolError("%s", frameWords("bad MASK"))
	case f.left+int64(len(f.comp)) > maxCompressed(f.limit):
		return tooLarge(f.limit)
	}
	if f.left == 0 {
		f.gather(nil)
	}
	return nil
}

// maxCompressed is the most that deflate makes of a message of limit bytes
// when it stores each 16 KiB as it is, as a server with little memory would.
func maxCompressed(limit int64) int64 { return limit + limit>>11 + 1<<10 }

// headerSize is the size of the header at hand, as far as it is known.
func (f *frames) headerSize() int {
	if f.nh < 2 {
		return 2
	}
	size := 2
	switch f.head[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if f.head[1]&maskBit != 0 {
		size += 4 // no server may; gorilla/websocket says so
	}
	return size
}

// measure reads the payload length of a complete header.
func (f *frames) measure() error {
	switch n := f.head[1] & 0x7f; n {
	case 126:
		f.left = int64(binary.BigEndian.Uint16(f.head[2:]))
	case 127:
		f.left = int64(binary.BigEndian.Uint64(f.head[2:]))
		if f.left < 0 {
			return protocolError("a frame longer than frames can be")
		}
	default:
		f.left = int64(n)
	}
	return nil
}

// piece lets the next piece of an inflated message out as one plain frame.
func (f *frames) piece() error {
	data, last, err := f.nextPiece()
	if err != nil {
		return err
	}
	f.emit(data, last)
	return nil
}

// nextPiece inflates the next piece of a message.
func (f *frames) nextPiece() (data []byte, last bool, err error) {
	data, last, err = f.inflate.piece()
	if err != nil {
		return nil, false, &frameError{1007, "bad-data", "a compressed message that cannot be decompressed"}
	}
	if last {
		f.inflating = false
		f.comp = f.inflate.finish()
	}
	return data, last, nil
}

// emit lets a piece of an inflated message out as one plain frame.
func (f *frames) emit(data []byte, last bool) {
	first := f.op
	f.op = opContinuation
	if last {
		first |= finBit
	}
	f.out = appendPlainHeader(f.head[:0], first, len(data))
	f.next = data
}

// appendPlainHeader writes the header of an unmasked frame below 64 KiB.
func appendPlainHeader(b []byte, first byte, size int) []byte {
	if size <= maxControl {
		return append(b, first, byte(size))
	}
	return binary.BigEndian.AppendUint16(append(b, first, 126), uint16(size))
}

// release gives borrowed buffers back. No Read may follow.
func (f *frames) release() {
	f.in.release()
	f.out, f.next = nil, nil
	f.inflate.release()
}
