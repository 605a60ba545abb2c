package link

const (
	smallRead = 4 << 10  // held by every session, enough for most messages of a device
	bigRead   = 64 << 10 // borrowed while data streams in
)

// input reads ahead. An idle session waits in a small buffer; one that was
// filled to the brim is followed by reads into a big one from a pool, until a
// read leaves room in it.
type input struct {
	read  func([]byte) (int, error)
	buf   []byte // what was read and not yet used
	small [smallRead]byte
	big   *[bigRead]byte
	full  bool // the last read filled its buffer
}

// fill reads more. It is called when buf is empty.
func (in *input) fill() error {
	b := in.small[:]
	switch {
	case in.full:
		if in.big == nil {
			in.big = pools.reads.Get().(*[bigRead]byte)
		}
		b = in.big[:]
	case in.big != nil:
		in.release()
	}
	n, err := in.read(b)
	in.buf, in.full = b[:n], n == len(b)
	return err
}

// release gives the big buffer back. What is in it is lost.
func (in *input) release() {
	if in.big == nil {
		return
	}
	in.buf = nil
	pools.reads.Put(in.big)
	in.big = nil
}
