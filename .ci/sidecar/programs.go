package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"syscall"

	"github.com/cbcerr/cbcerr/service/test/fakecbc"
)

// The modes of a run.
const (
	modeDirect  = "direct" // without the sidecar
	modeDefault = "default"
	modeRaise   = "--raise"
	modePartial = "--raise-partial"
)

// modes are the flags of the sidecar in each mode. The language is not that of the fake's texts.
var modes = map[string][]string{
	modeDefault: {"--locale", "zh-CN"},
	modeRaise:   {"--locale", "zh-CN", "--raise"},
	modePartial: {"--locale", "zh-CN", "--raise", "--raise-partial"},
}

// proxying matches the log line of a sidecar that serves.
var proxying = regexp.MustCompile(`msg=proxying address=(\S+) `)

// startSidecar starts a sidecar, which ends with this program, and returns its address.
func startSidecar(daemon string, flags []string) (address string, err error) {
	program := exec.Command(daemon, append([]string{"proxy", "--upstream", "https://" + upstreamHost, "--addr", "127.0.0.1:0"}, flags...)...)
	program.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := program.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := program.Start(); err != nil {
		return "", err
	}
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if match := proxying.FindStringSubmatch(lines.Text()); match != nil {
			go func() { _, _ = io.Copy(io.Discard, log) }() // it logs each failure
			return match[1], nil
		}
	}
	return "", errors.New("the sidecar does not start")
}

// An outcome is what a program sees of a call: a result, or the parts of an exception.
type outcome struct {
	Path, Result, Type string

	Status                 int
	Code, Message, Request any // null, a text or a number
}

// callAll runs a program that makes the calls of all scenarios in order, and returns their outcomes.
func callAll(ctx context.Context, command []string, scenarios []fakecbc.Scenario) (outcomes []outcome, err error) {
	args := slices.Concat(command[1:], []string{"http://" + upstreamHost, fakecbc.TestKeys.Access, fakecbc.TestKeys.Secret})
	for _, s := range scenarios {
		args = append(args, s.Method+"="+s.Path)
	}
	program := exec.CommandContext(ctx, command[0], args...)
	var log bytes.Buffer
	program.Stderr = &log
	out, err := program.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, &log)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var o outcome
		if err := d.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, o)
	}
	if len(outcomes) != len(scenarios) {
		return nil, fmt.Errorf("%d outcomes of %d calls", len(outcomes), len(scenarios))
	}
	return outcomes, nil
}
