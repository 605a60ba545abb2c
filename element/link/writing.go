package link

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Opcodes of RFC 6455 §5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa

	finBit  = 0x80
	rsv1Bit = 0x40
	maskBit = 0x80

	maxControl    = 125 // payload of a control frame
	maxHeaderSize = 14  // of a masked frame
)

// writeChunk is how much of a message is masked before it is written.
const writeChunk = 16 << 10

// writeFrame sends one masked frame, whole: devices with small WebSocket
// servers often cannot put fragments together. It waits for another frame
// that is being written.
func (w *wire) writeFrame(op byte, data []byte) error {
	w.writing.Lock()
	defer w.unlockWriting()
	return w.writeLocked(op, data)
}

// errClosing is the answer to a write after a Close frame was sent.
var errClosing = errors.New("the connection is being closed")

// writeLocked writes a frame unless one failed, which may have left half of
// itself on the wire, or a Close frame was sent: nothing may follow either.
func (w *wire) writeLocked(op byte, data []byte) error {
	if w.stuck != nil {
		return w.stuck
	}
	err := w.writeNow(op, data)
	switch {
	case err != nil:
		w.stuck = err
	case op == opClose:
		w.stuck = errClosing
	}
	return err
}

func (w *wire) writeNow(op byte, data []byte) error {
	if err := w.armWrite(); err != nil {
		return err
	}
	buf := pools.chunks.Get().(*[maxHeaderSize + writeChunk]byte)
	defer pools.chunks.Put(buf)
	var key [4]byte
	rand.Read(key[:]) // never fails
	b := appendHeader(buf[:0], op, len(data), key)
	for {
		n := min(len(data), len(buf)-len(b))
		at := len(b)
		b = append(b, data[:n]...)
		mask(b[at:], key)
		if _, err := w.Conn.Write(b); err != nil {
			return err
		}
		w.said.Store(int64(time.Since(w.start)))
		data = data[n:]
		if len(data) == 0 {
			return nil
		}
		// Chunks start at a multiple of four, so the key never turns.
		rot := n % 4
		key = [4]byte{key[rot%4], key[(rot+1)%4], key[(rot+2)%4], key[(rot+3)%4]}
		b = buf[:0]
	}
}

// sendClose sends a Close frame (RFC 6455 §5.5.1) and gives a message that is
// being written no longer than until by to leave.
func (w *wire) sendClose(code int, reason string, by time.Time) error {
	w.endWritesBy(by)
	var payload []byte
	if code != 0 && code != noStatus && code != abnormal {
		payload = binary.BigEndian.AppendUint16(nil, uint16(code))
		payload = append(payload, cutReason(reason)...)
	}
	return w.writeFrame(opClose, payload)
}

// cutReason makes a reason fit into a Close frame, at a character's border.
func cutReason(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	for len(s) > maxControl-2 {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// appendHeader writes a frame header (RFC 6455 §5.2) with FIN and mask.
func appendHeader(b []byte, op byte, size int, key [4]byte) []byte {
	b = append(b, finBit|op)
	switch {
	case size <= 125:
		b = append(b, maskBit|byte(size))
	case size <= 0xffff:
		b = append(b, maskBit|126)
		b = binary.BigEndian.AppendUint16(b, uint16(size))
	default:
		b = append(b, maskBit|127)
		b = binary.BigEndian.AppendUint64(b, uint64(size))
	}
	return append(b, key[:]...)
}

// mask applies the masking of RFC 6455 §5.3, eight bytes at a time.
func mask(b []byte, key [4]byte) {
	k := uint64(binary.LittleEndian.Uint32(key[:]))
	k |= k << 32
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^k)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i%4]
	}
}

// sendPong answers a ping. While another frame is being written the pong waits
// for its end and the reader goes on: a device that reads nothing before it
// has been read would otherwise never be. Only the latest ping is answered then
// (RFC 6455 §5.5.3).
func (w *wire) sendPong(payload []byte) {
	w.pongs.Lock()
	w.pong = append([]byte{}, payload...)
	w.pongs.Unlock()
	if w.writing.TryLock() { // otherwise the writer sends it when it unlocks
		w.unlockWriting()
	}
}

// unlockWriting sends a waiting pong and releases the writer's lock. A failure
// shows at the next write or read.
func (w *wire) unlockWriting() {
	for {
		w.pongs.Lock()
		payload := w.pong
		w.pong = nil
		if payload == nil {
			w.writing.Unlock()
			w.pongs.Unlock()
			return
		}
		w.pongs.Unlock()
		_ = w.writeLocked(opPong, payload)
	}
}
