package link

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"fieldline/element"

	"github.com/gorilla/websocket"
)

// Close codes of RFC 6455 §7.4.1 that never travel.
const (
	noStatus = 1005 // the Close frame had no code
	abnormal = 1006 // no Close frame was seen
)

// Who ended a session.
const (
	byDevice = "device"
	byUs     = "us"
)

const (
	lingerFor = time.Second     // how long a device may take to read our Close after it did wrong
	atOnce    = 2 * time.Second // a session that ends sooner and without a message ended at once
)

// localEnd is the end that somebody on our side asked for.
func localEnd(code int, reason string) *End {
	return &End{
		Code: code, Reason: reason, By: byUs, Cause: "local",
		Message: "We closed the connection" + CodeAndReason(code, reason) + ".",
	}
}

// CodeAndReason is " (1011: overload)", " (1011, internal error)" without a
// reason, and "" where no code came.
func CodeAndReason(code int, reason string) string {
	reason = strings.TrimRight(reason, ". ")
	switch {
	case code == 0 || code == abnormal:
		return ""
	case code == noStatus:
		return " (without a code)"
	case reason == "":
		return fmt.Sprintf(" (%d%s)", code, closeMeaning(code))
	}
	return fmt.Sprintf(" (%d: %s)", code, reason)
}

// closeMeaning says in words what a close code without a reason means
// (RFC 6455 §7.4.1 and the IANA registry).
func closeMeaning(code int) string {
	switch code {
	case 1000:
		return ", normal"
	case 1001:
		return ", going away"
	case 1002:
		return ", protocol error"
	case 1003:
		return ", kind of data not accepted"
	case 1007:
		return ", inconsistent data"
	case 1008:
		return ", policy"
	case 1009:
		return ", message too big"
	case 1010:
		return ", extension missing"
	case 1011:
		return ", internal error"
	case 1012:
		return ", service restarts"
	case 1013:
		return ", try again later"
	case 1014:
		return ", bad gateway"
	}
	return ""
}

// answerClose answers the device's Close frame with the same code
// (RFC 6455 §5.5.1), unless it is an answer itself.
func (s *Session) answerClose(code int, _ string) error {
	// A failure changes nothing: the device has said its last word.
	_ = s.wire.sendClose(code, "", time.Now().Add(lingerFor))
	return nil
}

// readFailed ends the session after a failed read. Called with reading held.
func (s *Session) readFailed(err error) *End {
	idle := s.wire.idle()
	end := s.readEnd(err)
	if end.Code == abnormal && s.End() == nil {
		end.Idle = idle
	}
	if end.By == byUs && end.Code != abnormal && end.Cause != "local" {
		s.linger(end)
	}
	s.wire.frames.release()
	return s.finish(end)
}

// linger tells the device what it did wrong and gives it a moment to read that:
// closing with unread data would reset the connection and destroy the Close
// frame on its way (RFC 6455 §7.1.1).
func (s *Session) linger(end *End) {
	by := time.Now().Add(lingerFor)
	if err := s.wire.sendClose(end.Code, end.Reason, by); err != nil && !errors.Is(err, errClosing) {
		return
	}
	if c, ok := s.wire.Conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite() // a connection that is gone needs no lingering
	}
	s.wire.endReadsBy(by)
	_, _ = io.Copy(io.Discard, s.wire.Conn) // until the device hangs up or the time is over
}

// readEnd says why a read failed. Once we have begun to close, whatever ends
// the session is the end we asked for.
func (s *Session) readEnd(err error) *End {
	s.mu.Lock()
	end, closing, broken := s.End(), s.closing, s.broken
	s.mu.Unlock()
	switch {
	case end != nil:
		return end
	case closing != nil:
		return closing
	}
	end = s.endOfRead(err)
	if broken != nil && end.Code == abnormal {
		return s.endOfWrite(broken)
	}
	if s.wire.frames.messages == 0 {
		s.explainSilence(end)
	}
	return end
}

// explainSilence adds to an end without any message what that is typical of.
func (s *Session) explainSilence(end *End) {
	sentence := strings.TrimSuffix(end.Message, ".")
	atOnce := end.By == byDevice && time.Since(s.wire.start) < atOnce
	switch {
	case end.Cause == "timeout" && s.wire.heard.Load() == 0:
		end.Message = fmt.Sprintf("We closed the connection: nothing came from the device for %s, neither an answer to a ping nor any message ever since it opened. "+
			"It may wait for a command, or want another path.", element.FormatSeconds(s.wire.readTimeout))
	case atOnce:
		end.Message = sentence + " at once, before any message"
		if wants := s.mayWant(end); wants != "" {
			end.Message += ": it may want " + wants
			end.Hint = "It may want " + wants + "."
		}
		end.Message += "."
	}
}

// mayWant guesses what the device misses that ended the session at once, "" where
// it said why.
func (s *Session) mayWant(end *End) string {
	switch {
	case end.Code == 1008 && end.Reason == "":
		return "a login"
	case saysWhy(end):
		return ""
	case s.wire.subprotocols:
		return "another subprotocol, another path or a login"
	}
	return "a subprotocol (header Sec-WebSocket-Protocol), another path or a login"
}

// saysWhy reports whether the device itself gave a reason, in words or by a code
// that has a meaning.
func saysWhy(end *End) bool {
	switch end.Code {
	case 1000, 1001, 1002, noStatus, abnormal:
		return end.Reason != ""
	}
	return true
}

func (s *Session) endOfRead(err error) *End {
	if c, ok := errors.AsType[*websocket.CloseError](err); ok && c.Code != abnormal {
		return &End{
			Code: c.Code, Reason: c.Text, By: byDevice, Cause: "closed", Err: err,
			Message: "The device closed the connection" + CodeAndReason(c.Code, c.Text) + ".",
		}
	}
	if f, ok := errors.AsType[*frameError](err); ok {
		return wrong(f, err)
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		return wrong(tooLarge(s.wire.frames.limit), err)
	}
	if w, ok := errors.AsType[*errWire](err); ok {
		return s.endOfWire(w.err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || websocket.IsCloseError(err, abnormal) {
		return s.endOfWire(io.EOF)
	}
	return wrong(wrongFrame(err), err)
}

// wrong is the end after the device did what it may not.
func wrong(f *frameError, err error) *End {
	return &End{
		Code: f.code, Reason: f.what, By: byUs, Cause: f.cause, Err: err,
		Message: fmt.Sprintf("We closed the connection (%d): the device sent %s.", f.code, f.what),
	}
}

// endOfWire is the end of a connection without a Close frame.
func (s *Session) endOfWire(err error) *End {
	end := &End{Code: abnormal, By: byDevice, Err: err}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		end.By, end.Cause = byUs, "timeout"
		end.Message = fmt.Sprintf("We closed the connection: nothing came from the device for %s, not even the answer to a ping. %s",
			element.FormatSeconds(s.wire.readTimeout), s.wire.whySilent())
	case errors.Is(err, syscall.ECONNRESET):
		end.Cause = "reset"
		end.Message = "The device reset the connection."
	case isAlert(err):
		end.Cause = "reset"
		end.Message = "The device ended the TLS connection: " + plain(err) + "."
	case errors.Is(err, net.ErrClosed):
		end.By, end.Cause = byUs, "local"
		end.Message = "We closed the connection."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		end.Cause = "eof"
		end.Message = "The device ended the connection without a Close frame."
	default:
		end.Cause = "reset"
		end.Message = "The connection to the device broke: " + plain(err) + "."
	}
	return end
}

// endOfWrite is the end of a session whose write failed.
func (s *Session) endOfWrite(err error) *End {
	end := &End{Code: abnormal, By: byUs, Cause: "write", Err: err}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		end.Message = fmt.Sprintf("We closed the connection: the device took nothing from us for %s.", element.FormatSeconds(s.wire.writeTimeout))
	} else {
		end.By = byDevice
		end.Message = "The connection broke while we were sending: " + plain(err) + "."
	}
	return end
}

// plain takes the addresses and operations off a network error.
func plain(err error) string {
	if e, ok := errors.AsType[syscall.Errno](err); ok {
		return e.Error()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return strings.TrimPrefix(err.Error(), "tls: ")
}

func isAlert(err error) bool {
	_, ok := alertOf(err)
	return ok
}
