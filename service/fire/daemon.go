package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
)

// build builds the daemon as everybody does, and has it know its revision, which go build may not read from the repository (-buildvcs).
func build(dir, revision string) (binary string, err error) {
	binary = filepath.Join(dir, "cbcerrd")
	command := exec.Command("go", "build", "-o", binary, "-ldflags", "-X 'main.revision="+revision+"'", "github.com/cbcerr/cbcerr/cmd/cbcerrd")
	command.Stderr = os.Stderr
	return binary, command.Run()
}

// A daemon is one replica, at ports that it keeps when it is started again.
type daemon struct {
	grpc, rest, admin string // host:port
	binary, dir       string
	args, env         []string
	*process
}

// podMemory is what a pod may have by deploy/kubernetes/base, in MiB: a daemon with more is killed. It knows of the 256 that the pod requests.
const podMemory = 384

// daemon makes one that is not started yet.
func (f *fire) daemon(name string, args ...string) (*daemon, error) {
	ports, err := machine.Addresses(3)
	if err != nil {
		return nil, err
	}
	d := &daemon{env: []string{"GOMEMLIMIT=256MiB"}, grpc: ports[0], rest: ports[1], admin: ports[2], binary: f.binary, dir: filepath.Join(f.dir, name)}
	d.args = append([]string{"--grpc-addr", d.grpc, "--http-addr", d.rest, "--admin-addr", d.admin}, args...)
	return d, os.MkdirAll(d.dir, 0o755)
}

// started makes a daemon and starts it.
func (f *fire) started(name string, args ...string) (*daemon, error) {
	d, err := f.daemon(name, args...)
	if err != nil {
		return nil, err
	}
	return d, d.start()
}

// start starts the daemon and returns when it is ready.
func (d *daemon) start() (err error) {
	if d.process, err = startProcess(d.binary, d.args, d.env, filepath.Join(d.dir, "log")); err != nil {
		return err
	}
	if err = d.awaitReady(); err != nil {
		d.kill()
	}
	return err
}

// patience is how long anything may take that has to come.
const patience = 30 * time.Second

func (d *daemon) awaitReady() error {
	for start := time.Now(); time.Since(start) < patience; time.Sleep(5 * time.Millisecond) {
		if d.ready() {
			return nil
		}
		if d.exited() {
			break
		}
	}
	log, _ := os.ReadFile(d.log)
	return fmt.Errorf("the daemon is not ready: %s", last(string(log), 500))
}

// ready asks the admin port, which is there however the others are guarded.
func (d *daemon) ready() bool {
	text, err := d.get("/readyz")
	return err == nil && strings.TrimSpace(text) == "ok"
}

// get asks the admin port, on a connection of its own: one that stays open would be one more to drain.
func (d *daemon) get(path string) (string, error) {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Get("http://" + d.admin + path)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, reply.Status)
	}
	return string(text), err
}

// terminate asks the daemon to stop and waits until it has; it says how long that took and how it ended.
func (d *daemon) terminate() (time.Duration, error) {
	start := time.Now()
	if err := d.signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	err := d.wait(patience)
	return time.Since(start), err
}

func last(text string, n int) string { return text[max(0, len(text)-n):] }
