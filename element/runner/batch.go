package runner

import (
	"sync"

	"fieldline/element"
	"fieldline/element/link"
)

// Bounds of a batch. What falls outside is not refused: it goes in memory of
// its own, or with the next batch.
const (
	batchMessages = 64
	batchMemory   = 32 << 10
	batchLargest  = element.MaxExcerpt // larger messages may be kept whole, see Runner.listMessage
)

// batch is messages on their way from the reader to the owner. Small ones lie
// in memory of the batch, which is used again once the owner has handled all:
// whoever wants to keep something of them copies it.
type batch struct {
	messages []link.Message
	memory   []byte // its length is what is used
	pool     *sync.Pool
}

// newBatchPool makes a pool of batches, shared by all connections: a connection on
// which nothing arrives holds none.
func newBatchPool() *sync.Pool {
	s := &sync.Pool{}
	s.New = func() any {
		return &batch{messages: make([]link.Message, 0, batchMessages), memory: make([]byte, 0, batchMemory), pool: s}
	}
	return s
}

// alloc is memory for a message.
func (b *batch) alloc(size int) []byte {
	at := len(b.memory)
	if size > batchLargest || at+size > cap(b.memory) {
		return make([]byte, size)
	}
	b.memory = b.memory[:at+size]
	return b.memory[at : at+size : at+size]
}

// giveBack lets the batch be used again. Nobody may look at its messages any
// more; with the race detector on, whoever does reads what no device sends.
func (b *batch) giveBack() {
	if poisonBatches {
		for i := range b.memory {
			b.memory[i] = poison
		}
	}
	clear(b.messages) // large messages lie elsewhere and are let go
	b.messages, b.memory = b.messages[:0], b.memory[:0]
	b.pool.Put(b)
}

const poison = 0xDB
