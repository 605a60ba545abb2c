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
	full  bool   // the last read filled its buffer
	slab  []byte // what is left of the memory for messages, only while big is here
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

// own copies a message into memory that is the receiver's. While data streams
// in, small ones share an allocation of slabSize, which lives as long as one of
// them.
func (in *input) own(data []byte) []byte {
	n := len(data)
	if in.big == nil || n > maxCarved {
		return append(make([]byte, 0, n), data...)
	}
	if len(in.slab) < n {
		in.slab = make([]byte, slabSize)
	}
	m := in.slab[:n:n]
	in.slab = in.slab[n:]
	copy(m, data)
	return m
}

// release gives the big buffer back. What is in it is lost.
func (in *input) release() {
	if in.big == nil {
		return
	}
	in.buf, in.slab = nil, nil
	pools.reads.Put(in.big)
	in.big = nil
}
