package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
)

// A process is one that runs beside this program.
type process struct {
	command *exec.Cmd
	log     string        // file of all that it says
	ended   chan struct{} // closed when it has
	err     error         // how, once it has
}

// startProcess starts a program. What it says goes behind what an earlier one has said to the same file.
func startProcess(program string, args, env []string, log string) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p := &process{command: exec.Command(program, args...), log: log, ended: make(chan struct{})}
	p.command.Stdout, p.command.Stderr, p.command.Env = file, file, append(os.Environ(), env...)
	dieWithUs(p.command)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *process) signal(s os.Signal) error { return p.command.Process.Signal(s) }

func (p *process) pid() int { return p.command.Process.Pid }

func (p *process) exited() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// wait waits for the end of the process.
func (p *process) wait(patience time.Duration) error {
	select {
	case <-p.ended:
		return p.err
	case <-time.After(patience):
		return errors.New("the process does not end")
	}
}

// kill ends the process at once, whatever it does; one that has ended stays so.
func (p *process) kill() {
	if p == nil {
		return
	}
	_ = p.signal(syscall.SIGKILL) // that it has ended is all that counts
	<-p.ended
}

// resident is the memory in use, in MiB; 0 where there is no process any more.
func (p *process) resident() float64 {
	mib, err := machine.Memory(p.pid(), "VmRSS")
	if err != nil {
		return 0
	}
	return mib
}

// cpu is the processor time that the process has had, in ticks of a hundredth of a second.
func (p *process) cpu() time.Duration {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid()))
	_, behind, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(behind)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	kernel, _ := strconv.Atoi(fields[12])
	return time.Duration(user+kernel) * 10 * time.Millisecond
}
