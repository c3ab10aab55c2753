//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// hangTimeout bounds each wait of a test.
const hangTimeout = time.Minute

// podMemory is the memory limit of a pod in deploy/kubernetes in MiB. podEnvironment has the GOMEMLIMIT that cbcerrd sets there.
const podMemory = 384

var podEnvironment = []string{"GOMEMLIMIT=307MiB"}

// program is the path of cbcerrd, which TestMain builds.
var program string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "cbcerrd")
	build := exec.Command("go", "build", "-o", program, "github.com/cbcerr/cbcerr/cmd/cbcerrd")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "go build:", err)
		return 1
	}
	return m.Run()
}

// A process is a running program. It is killed when the test ends.
type process struct {
	*exec.Cmd
	log    string // file of its output
	exited chan struct{}
	err    error // valid once exited is closed
}

func start(t *testing.T, log, name string, args ...string) *process {
	t.Helper()
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := &process{Cmd: exec.Command(name, args...), log: log, exited: make(chan struct{})}
	p.Stdout, p.Stderr, p.Env = file, file, append(os.Environ(), podEnvironment...)
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.exited
	})
	return p
}

// awaitExit waits for the exit of the process and returns its error.
func (p *process) awaitExit() error {
	select {
	case <-p.exited:
		return p.err
	case <-time.After(hangTimeout):
		return fmt.Errorf("still runs after %v: %s", hangTimeout, p.tail())
	}
}

// tail returns the end of the log.
func (p *process) tail() string {
	text, _ := os.ReadFile(p.log)
	return string(text[max(0, len(text)-1000):])
}

// A daemon is a cbcerrd. It keeps its addresses when it restarts.
type daemon struct {
	grpc, rest, admin string
	args              []string
	log               string
	*process
}

// startDaemon starts cbcerrd and returns when it is ready.
func startDaemon(t *testing.T, args ...string) *daemon {
	t.Helper()
	d := &daemon{grpc: testserver.Address(t), rest: testserver.Address(t), admin: testserver.Address(t), log: filepath.Join(t.TempDir(), "log")}
	d.args = append([]string{"--grpc-addr", d.grpc, "--http-addr", d.rest, "--admin-addr", d.admin}, args...)
	d.start(t)
	return d
}

func (d *daemon) start(t *testing.T) {
	t.Helper()
	d.process = start(t, d.log, program, d.args...)
	d.awaitReady(t)
}

func (d *daemon) awaitReady(t *testing.T) {
	t.Helper()
	await(t, "a daemon that is ready", func() bool { return strings.TrimSpace(d.get("/readyz")) == "ok" })
}

// stop sends SIGTERM, and requires exit status 0.
func (d *daemon) stop(t *testing.T) {
	t.Helper()
	if err := d.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := d.awaitExit(); err != nil {
		t.Errorf("the daemon ended with %v: %s", err, d.tail())
	}
}

// get returns a page of the admin port, empty on an error. It uses a new connection.
func (d *daemon) get(path string) string {
	client := http.Client{Timeout: hangTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Get("http://" + d.admin + path)
	if err != nil {
		return ""
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		return ""
	}
	return string(text)
}

// metric returns the sum of all series of a metric. A name with {labels} selects one series.
func (d *daemon) metric(name string) (total float64, found bool) {
	for line := range strings.Lines(d.get("/metrics")) {
		series, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		family, _, _ := strings.Cut(series, "{")
		if n, err := strconv.ParseFloat(value, 64); err == nil && (family == name || series == name) {
			total, found = total+n, true
		}
	}
	return total, found
}

// peak returns the peak memory of the process in MiB.
func (p *process) peak(t *testing.T) float64 {
	t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(content)
	if m == nil {
		t.Fatalf("no VmHWM: the daemon has exited: %s", p.tail())
	}
	kib, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return float64(kib) / 1024
}

// await waits until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(hangTimeout); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", hangTimeout, what)
		}
	}
}

// defaultOf returns the default of a flag, from the daemon's help.
func defaultOf(t *testing.T, flag string) int {
	t.Helper()
	help, err := exec.Command(program, "-h").Output()
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`\s--` + flag + `\s(?:[^-]|-[^-])*?\(default (\d+)\)`).FindSubmatch(help) // before the next flag
	if m == nil {
		t.Fatalf("-h has no --%s with a default", flag)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
