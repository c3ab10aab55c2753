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
	maxReport = 64 << 20        // a report of more is taken for garbage on standard output
	patience  = 5 * time.Minute // for all tasks; what hangs fails instead of holding everybody up
)

// An executor is a running program that does tasks.
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
	ctx, cancel := context.WithTimeout(ctx, patience)
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

// do has one task done.
func (e *executor) do(task *conformancev1.Task) (*conformancev1.Report, error) {
	content, err := proto.Marshal(task)
	if err != nil {
		return nil, err
	}
	if _, err := e.in.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), content...)); err != nil {
		return nil, fmt.Errorf("%s: the executor does not read: %w", task.GetName(), err)
	}
	report, err := e.report()
	if err == nil && report.GetName() != task.GetName() {
		err = fmt.Errorf("the report is about %q", report.GetName())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", task.GetName(), err)
	}
	return report, nil
}

func (e *executor) report() (*conformancev1.Report, error) {
	var size [4]byte
	if _, err := io.ReadFull(e.out, size[:]); err != nil {
		return nil, fmt.Errorf("no report: %w", err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxReport {
		return nil, fmt.Errorf("a report of %d bytes, at most %d", n, maxReport)
	}
	content := make([]byte, n)
	if _, err := io.ReadFull(e.out, content); err != nil {
		return nil, fmt.Errorf("the report broke off: %w", err)
	}
	report := new(conformancev1.Report)
	return report, proto.Unmarshal(content, report)
}

// close ends the input, which ends the executor.
func (e *executor) close() error {
	defer e.cancel()
	if err := e.in.Close(); err != nil {
		return err
	}
	return e.process.Wait()
}
