package rpc

import "google.golang.org/grpc/mem"

// chunks are a long reply in pieces of gRPC's own buffers, so that its memory is no more than it takes and is used again.
type chunks struct {
	full  mem.BufferSlice
	taken *[]byte // from the pool, for the last
	last  []byte  // what was written last; it may be appended to as far as room says
}

// chunk is the size of a piece in bytes, one of those that gRPC keeps.
const chunk = 32 << 10

// room is the last piece, if it has room for a number of bytes, else a new one.
func (c *chunks) room(size int) []byte {
	if cap(c.last)-len(c.last) < size {
		c.finish()
		c.taken = mem.DefaultBufferPool().Get(max(size, chunk))
		c.last = (*c.taken)[:0]
	}
	return c.last
}

// finish is all that was written.
func (c *chunks) finish() mem.BufferSlice {
	if c.taken != nil {
		*c.taken = c.last
		c.full = append(c.full, mem.NewBuffer(c.taken, mem.DefaultBufferPool()))
	}
	c.taken, c.last = nil, nil
	return c.full
}
