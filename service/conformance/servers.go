package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"syscall"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
)

// A server is a running daemon: its gRPC address as host:port, its REST address as http://host:port or
// empty.
type server struct{ grpc, rest string }

// serving matches the line that a daemon logs when it serves.
var serving = regexp.MustCompile(`msg=serving .*grpc=(\S+)(?: rest=(\S+))?`)

// startServers starts the daemons of the options. The function stop terminates them and waits for their exit.
func startServers(ctx context.Context, o options) (all map[conformancev1.Server]server, stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	var running []*exec.Cmd
	stop = func() {
		cancel()
		for _, daemon := range running {
			_ = daemon.Wait() // the exit status of a terminated daemon does not matter
		}
	}
	all = map[conformancev1.Server]server{}
	for kind, path := range map[conformancev1.Server]string{
		conformancev1.Server_SERVER_UNSPECIFIED: o.daemon, conformancev1.Server_SERVER_NEXT_VERSION: o.nextVersion,
	} {
		if path == "" && kind == conformancev1.Server_SERVER_NEXT_VERSION {
			continue
		}
		daemon := exec.CommandContext(ctx, path)
		daemon.Env = append(os.Environ(), "CBCERR_GRPC_ADDR=127.0.0.1:0", "CBCERR_HTTP_ADDR=127.0.0.1:0")
		daemon.Cancel = func() error { return daemon.Process.Signal(syscall.SIGTERM) }
		if all[kind], err = start(daemon); err != nil {
			stop()
			return nil, nil, fmt.Errorf("daemon %q: %w", path, err)
		}
		running = append(running, daemon)
	}
	return all, stop, nil
}

// start starts a daemon and returns when it serves.
func start(daemon *exec.Cmd) (server, error) {
	log, err := daemon.StderrPipe()
	if err != nil {
		return server{}, err
	}
	if err := daemon.Start(); err != nil {
		return server{}, err
	}
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if m := serving.FindStringSubmatch(lines.Text()); m != nil {
			go func() { _, _ = io.Copy(io.Discard, log) }() // a full pipe would block the daemon
			return server{grpc: m[1], rest: m[2]}, nil
		}
	}
	return server{}, errors.Join(errors.New("exited before serving"), daemon.Wait())
}
