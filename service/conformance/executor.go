package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/protobuf/proto"
)

// Limits of an executor.
const (
	maxResponse = 64 << 20        // bytes; a larger size means garbage on standard output
	timeout     = 5 * time.Minute // for all requests
)

// An executor is a running program that answers requests.
type executor struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     io.Reader
	cancel  context.CancelFunc
}

func startExecutor(ctx context.Context, command []string) (*executor, error) {
	if len(command) == 0 {
		return nil, errors.New("no command")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	e := &executor{process: exec.CommandContext(ctx, command[0], command[1:]...), cancel: cancel}
	e.process.Stderr = os.Stderr
	var errIn, errOut error
	e.in, errIn = e.process.StdinPipe()
	e.out, errOut = e.process.StdoutPipe()
	if err := errors.Join(errIn, errOut, e.process.Start()); err != nil {
		cancel()
		return nil, err
	}
	return e, nil
}

// do sends a request and returns the response.
func (e *executor) do(request *conformancev1.Request) (*conformancev1.Response, error) {
	content, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	if _, err := e.in.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), content...)); err != nil {
		return nil, fmt.Errorf("%s: write the request: %w", request.GetName(), err)
	}
	response, err := e.response()
	if err == nil && response.GetName() != request.GetName() {
		err = fmt.Errorf("response to %q", response.GetName())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", request.GetName(), err)
	}
	return response, nil
}

func (e *executor) response() (*conformancev1.Response, error) {
	var size [4]byte
	if _, err := io.ReadFull(e.out, size[:]); err != nil {
		return nil, fmt.Errorf("no response: %w", err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxResponse {
		return nil, fmt.Errorf("response of %d bytes, at most %d", n, maxResponse)
	}
	content := make([]byte, n)
	if _, err := io.ReadFull(e.out, content); err != nil {
		return nil, fmt.Errorf("incomplete response: %w", err)
	}
	response := new(conformancev1.Response)
	return response, proto.Unmarshal(content, response)
}

// close ends the input, on which the executor exits.
func (e *executor) close() error {
	defer e.cancel()
	if err := e.in.Close(); err != nil {
		return err
	}
	return e.process.Wait()
}
