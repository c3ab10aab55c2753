package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// serveCommand is the argument that makes this program a server. The next argument is its kind.
const serveCommand = "serve"

// loopbackAddr is an address with a free port.
const loopbackAddr = "127.0.0.1:0"

// An endpoint is the addresses of a server, as host:port. A protocol that it does not serve is empty.
type endpoint struct{ GRPC, REST string }

// A process is a server that runs beside this program.
type process struct {
	endpoint
	command *exec.Cmd
	stop    func()
}

// root returns the directory of the module.
func root() (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Dir(strings.TrimSpace(string(mod))), err
}

func build(binary string) error {
	command := exec.Command("go", "build", "-o", binary, "github.com/cbcerr/cbcerr/cmd/cbcerrd")
	command.Stderr = os.Stderr
	return command.Run()
}

// startSelf starts this program as a server.
func startSelf(kind string, a *replies, env ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{command: exec.Command(self, serveCommand, kind)}
	p.command.Stderr, p.command.Env = os.Stderr, append(os.Environ(), env...)
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	p.stop = func() {
		in.Close() // the server exits at the end of its input
		_ = p.command.Wait()
	}
	if err := errors.Join(json.NewEncoder(in).Encode(a), json.NewDecoder(out).Decode(&p.endpoint)); err != nil {
		p.stop()
		return nil, fmt.Errorf("server %s: %w", kind, err)
	}
	return p, nil
}

// serving and proxying match the startup lines of the daemon and of the sidecar.
var (
	serving  = regexp.MustCompile(`msg=serving grpc=(\S+) rest=http://(\S+)`)
	proxying = regexp.MustCompile(`msg=proxying ()address=(\S+)`)
)

// startDaemon starts cbcerrd with its defaults.
func startDaemon(binary string, env ...string) (*process, error) {
	command := exec.Command(binary, "--grpc-addr", loopbackAddr, "--http-addr", loopbackAddr)
	command.Env = append(os.Environ(), env...)
	return startLogged(command, serving)
}

// startSidecar starts the sidecar with its defaults.
func startSidecar(binary, upstream string) (*process, error) {
	return startLogged(exec.Command(binary, "proxy", "--addr", loopbackAddr, "--upstream", "http://"+upstream), proxying)
}

// startLogged starts a program whose log has a line with its addresses.
func startLogged(command *exec.Cmd, addresses *regexp.Regexp) (*process, error) {
	p := &process{command: command}
	log, err := p.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	p.stop = func() {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := addresses.FindStringSubmatch(lines.Text()); m != nil {
			p.GRPC, p.REST = m[1], m[2]
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return p, nil
		}
	}
	p.stop()
	return nil, errors.New("cbcerrd has logged no startup line")
}

// ticksPerSecond is the unit of /proc/PID/stat: USER_HZ, which is 100 on all of Go's Linux ports.
const ticksPerSecond = 100

// cpu returns the CPU time of the process.
func (p *process) cpu() (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(rest)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticksPerSecond, errors.Join(err1, err2)
}

// memory returns a line of /proc/PID/status, such as VmRSS, in MiB.
func (p *process) memory(line string) (float64, error) {
	text := procField(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid), line)
	kib, err := strconv.ParseFloat(strings.TrimSuffix(text, " kB"), 64)
	return kib / 1024, err
}

// procField returns the value of the first line "name: value" of a file, empty without one.
func procField(file, name string) string {
	content, _ := os.ReadFile(file)
	for line := range strings.Lines(string(content)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
