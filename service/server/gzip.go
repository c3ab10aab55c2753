package server

import (
	"io"
	"runtime"
	"sync"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/gzip" // for clients that compress
)

// A gentle gzip unpacks few messages at once: each may need a thousand times the memory that it came in, before anybody can count it.
type gentle struct {
	encoding.Compressor
	places chan struct{}
}

// gRPC has one list of compressors for the whole program, which must be complete before that begins.
var _ = register(gentle{encoding.GetCompressor(gzip.Name), make(chan struct{}, runtime.GOMAXPROCS(0))})

func register(g gentle) gentle {
	encoding.RegisterCompressor(g)
	return g
}

// Decompress implements encoding.Compressor. What it returns is closed by gRPC, which reads it to its end or its limit.
func (g gentle) Decompress(packed io.Reader) (io.Reader, error) {
	g.places <- struct{}{}
	leave := sync.OnceFunc(func() { <-g.places })
	reader, err := g.Compressor.Decompress(packed)
	if err != nil {
		leave()
		return nil, err
	}
	return unpacking{reader, leave}, nil
}

type unpacking struct {
	io.Reader
	leave func()
}

// Close implements io.Closer.
func (u unpacking) Close() error {
	u.leave()
	return nil
}
