package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/test/fakecbc"
)

// A raisedError is what an SDK sees if the sidecar raises an error.
type raisedError struct {
	mode       string // --raise-partial for what only that raises
	status     int
	code, text string
}

// readRaised reads the table of raised errors, by the names of their scenarios.
func readRaised(file string) (map[string]raisedError, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	raised := map[string]raisedError{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 5 {
			return nil, fmt.Errorf("%s: %q has %d cells, want 5", file, line, len(cells))
		}
		status, err := strconv.Atoi(cells[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		raised[cells[0]] = raisedError{cells[1], status, cells[3], cells[4]}
	}
	return raised, nil
}

// A checker checks SDKs.
type checker struct {
	scenarios []fakecbc.Scenario
	raised    map[string]raisedError
	cbc       *fakecbc.Handler
	calls     int // before the current run
}

// A round is what was seen of all scenarios in one mode, in their order.
type round struct {
	outcomes  []outcome
	responses []response
}

// check runs an SDK in each mode. The first one tells how it behaves without the sidecar.
func (c *checker) check(ctx context.Context, sdk string, command []string, targets map[string]string) (failures error) {
	direct, err := c.run(ctx, command, targets[modeDirect])
	if err != nil {
		return fmt.Errorf("%s, %s: %w", sdk, modeDirect, err)
	}
	for _, mode := range slices.Sorted(maps.Keys(modes)) {
		seen, err := c.run(ctx, command, targets[mode])
		if err != nil {
			failures = errors.Join(failures, fmt.Errorf("%s, %s: %w", sdk, mode, err))
			continue
		}
		for i, s := range c.scenarios {
			want := direct.outcomes[i]
			if r, ok := c.raised[s.Name]; ok && mode != modeDefault && (r.mode == modeRaise || mode == modePartial) {
				if sdk != "python" || s.Method != http.MethodGet || r.status != http.StatusTooManyRequests { // it makes an error of its own
					want = r.outcome(sdk, s)
				}
			} else if err := compare(direct.responses[i], seen.responses[i], s.Want); err != nil {
				failures = errors.Join(failures, fmt.Errorf("%s, %s, %s: %w", sdk, mode, s.Name, err))
			}
			if got := seen.outcomes[i]; got != want {
				failures = errors.Join(failures, fmt.Errorf("%s, %s, %s:\n got %+v\nwant %+v", sdk, mode, s.Name, got, want))
			}
		}
	}
	return failures
}

// run makes all calls with an SDK. Each reaches the CBC once, with a valid signature.
func (c *checker) run(ctx context.Context, command []string, target string) (seen round, err error) {
	recorder, err := record(target)
	if err != nil {
		return seen, err
	}
	outcomes, err := callAll(ctx, command, c.scenarios)
	responses, broken := recorder.stop()
	calls := c.cbc.Calls()[c.calls:]
	c.calls += len(calls)
	if err := errors.Join(err, broken); err != nil {
		return seen, err
	}
	if len(calls) != len(c.scenarios) || len(responses) != len(c.scenarios) {
		return seen, fmt.Errorf("%d calls reach the CBC, %d responses the SDK, of %d scenarios", len(calls), len(responses), len(c.scenarios))
	}
	for i, s := range c.scenarios {
		if calls[i].Scenario != s.Name || calls[i].Signature != nil || responses[i].path != s.Path {
			err = errors.Join(err, fmt.Errorf("%s: scenario %q, path %s, signature: %w", s.Name, calls[i].Scenario, responses[i].path, calls[i].Signature))
		}
	}
	return round{outcomes, responses}, err
}

// outcome returns what a program sees of a raised error.
func (r raisedError) outcome(sdk string, s fakecbc.Scenario) outcome {
	o := outcome{Path: s.Path, Type: "ClientRequestException", Status: r.status, Code: r.code, Message: r.text, Request: s.Name}
	switch {
	case sdk == "go":
		o.Type = "*sdkerr.ServiceResponseError"
	case r.status >= 500:
		o.Type = "ServerResponseException"
	}
	return o
}

// compare requires that a response differs from the direct one by the headers of its error only.
func compare(direct, got response, want fakecbc.Meaning) error {
	header := got.header.Clone()
	for name, value := range map[string]string{"code": want.Code, "reason": want.Reason, "retry": want.Retry, "outcome": want.Outcome} {
		if got := header.Get("cbcerr-" + name); got != value {
			return fmt.Errorf("cbcerr-%s: %q, want %q", name, got, value)
		}
		header.Del("cbcerr-" + name)
	}
	if (header.Get("cbcerr-status-bin") != "") != want.Failed() {
		return errors.New("cbcerr-status-bin is there without an error, or not there with one")
	}
	header.Del("cbcerr-status-bin")
	if direct.header.Get("Retry-After") == "" && want.Wait > 0 {
		header.Del("Retry-After")
	}
	header["Date"] = direct.header["Date"]
	if got.status == direct.status && got.body == direct.body && (got.err == nil) == (direct.err == nil) && maps.EqualFunc(header, direct.header, slices.Equal) {
		return nil
	}
	return fmt.Errorf("\n got %d %v %q, whole: %t\nwant %d %v %q, whole: %t",
		got.status, header, got.body, got.err == nil, direct.status, direct.header, direct.body, direct.err == nil)
}
