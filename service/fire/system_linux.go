package main

import (
	"os/exec"
	"syscall"
	"time"
)

// dieWithUs has a process end when this one does, so that nothing outlives a run that is broken off.
func dieWithUs(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// nap sleeps more exactly than time.Sleep, which can be a millisecond late. It keeps a thread to itself meanwhile.
func nap(d time.Duration) {
	if d > 0 {
		ts := syscall.NsecToTimespec(int64(d))
		_ = syscall.Nanosleep(&ts, nil) // a signal ends it too early, which whoever naps looks at anyway
	}
}
