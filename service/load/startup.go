package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/machine"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
)

// patience is how long a daemon may take until its first answer.
const patience = 10 * time.Second

// A daemon is a cbcerrd as it is shipped, and how long it took until its first right answers.
type daemon struct {
	endpoint
	process    *exec.Cmd
	grpc, rest time.Duration // since it was started
}

// build builds the daemon into a folder.
func build(folder string) (string, error) {
	path := filepath.Join(folder, "cbcerrd")
	out, err := exec.Command("go", "build", "-o", path, "github.com/cbcerr/cbcerr/cmd/cbcerrd").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
}

// startDaemon starts a daemon, with clients that ask from then on, and returns when both have had an answer.
func startDaemon(path string, q questions) (d *daemon, err error) {
	free, err := machine.Addresses(2)
	if err != nil {
		return nil, err
	}
	d = &daemon{endpoint: endpoint{GRPC: free[0], REST: free[1]}}
	conn, err := grpc.NewClient(d.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithConnectParams(grpc.ConnectParams{
		Backoff: backoff.Config{BaseDelay: time.Millisecond, Multiplier: 1, MaxDelay: time.Millisecond}, MinConnectTimeout: time.Second,
	}))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	d.process = exec.Command(path, "--grpc-addr", d.GRPC, "--http-addr", d.REST)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	if err := d.process.Start(); err != nil {
		return nil, err
	}
	asked := make(chan error, 1)
	go func() {
		err := firstPage(ctx, d.endpoint, q)
		d.rest = time.Since(start)
		asked <- err
	}()
	reply, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, q[0], grpc.WaitForReady(true))
	d.grpc = time.Since(start)
	if err := errors.Join(translated(reply.GetTranslation(), err), <-asked); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// firstPage asks over REST every millisecond until there is an answer.
func firstPage(ctx context.Context, e endpoint, q questions) error {
	for {
		err := askOnce(e, q)
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

func askOnce(e endpoint, q questions) error {
	w, err := newWire(e)
	if err != nil {
		return err
	}
	defer w.conn.Close()
	p, err := w.page(q[0], asJSON)
	if err == nil && len(p.Body) == 0 {
		err = errors.New("an empty answer")
	}
	return err
}

// stop ends the daemon at once, and waits until it has ended.
func (d *daemon) stop() {
	_ = d.process.Process.Signal(syscall.SIGKILL)
	_ = d.process.Wait() // that it was killed is no fault
}

// A start is what one daemon took to start, and what it has when it idles.
type start struct{ grpc, rest, idle float64 }

// measureStarts starts the daemon again and again, and then puts fresh ones under load for their memory.
func measureStarts(q questions, o *options) (all []named, err error) {
	folder, err := os.MkdirTemp("", "load")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path, err := build(folder)
	if err != nil {
		return nil, err
	}
	o.progress("start")
	var starts []start
	for range o.starts {
		s, err := startOnce(path, q)
		if err != nil {
			return nil, err
		}
		starts = append(starts, s)
	}
	all = []named{
		{"start, first answer over gRPC", "ms", figureOver(starts, func(s start) float64 { return s.grpc })},
		{"start, first answer over REST", "ms", figureOver(starts, func(s start) float64 { return s.rest })},
		{"memory, idle", "MiB", figureOver(starts, func(s start) float64 { return s.idle })},
	}
	loaded, err := measureMemory(path, q, o)
	return append(all, loaded...), err
}

func startOnce(path string, q questions) (s start, err error) {
	d, err := startDaemon(path, q)
	if err != nil {
		return s, err
	}
	defer d.stop()
	s.idle, err = machine.Memory(d.process.Process.Pid, resident)
	s.grpc, s.rest = micros(d.grpc)/1000, micros(d.rest)/1000
	return s, err
}
