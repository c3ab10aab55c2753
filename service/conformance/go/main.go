// Command go is the executor of the Go client. It answers each request with the observations of the client.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/protobuf/proto"
)

func main() {
	if err := serve(bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// serve answers each request before it reads the next.
func serve(in io.Reader, out io.Writer) error {
	for {
		req := new(conformancev1.Request)
		if err := read(in, req); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := write(out, do(context.Background(), req)); err != nil {
			return err
		}
	}
}

func read(in io.Reader, m proto.Message) error {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return err
	}
	content := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err := io.ReadFull(in, content); err != nil {
		return fmt.Errorf("incomplete request: %w", err)
	}
	return proto.Unmarshal(content, m)
}

func write(out io.Writer, m proto.Message) error {
	content, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	_, err = out.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), content...))
	return err
}

func do(ctx context.Context, req *conformancev1.Request) *conformancev1.Response {
	entryPoint, known := entryPoints[req.GetEntryPoint()]
	if !known {
		return &conformancev1.Response{Name: req.GetName(), Failure: fmt.Sprintf("unknown entry point: %v", req.GetEntryPoint())}
	}
	observations, err := entryPoint(ctx, req)
	if err != nil {
		return &conformancev1.Response{Name: req.GetName(), Failure: err.Error()}
	}
	return &conformancev1.Response{Name: req.GetName(), Observations: observations}
}
