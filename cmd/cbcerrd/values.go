package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// flagError returns an error of the command line that says how a value must look.
func flagError(err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := invalid.GetFlag()
		return valueError("--"+f.Name, invalid.GetValue(), f.Value, invalid.Unwrap())
	}
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	return fmt.Errorf("%w; see -h", err)
}

// valueError returns the error of a value that a flag or its variable does not accept.
func valueError(name, text string, value pflag.Value, err error) error {
	switch value.Type() {
	case "int":
		err = fmt.Errorf("not a whole number of at most %d", maxLimit)
	case "duration":
		err = errors.New("not a duration such as 30s")
	case "bool":
		err = errors.New("neither true nor false")
	}
	return fmt.Errorf("%s=%.64q: %w", name, text, err)
}

// maxLimit is the maximum of each limit: no protobuf message has more bytes or elements.
const maxLimit = 1 << 30

// checkRange rejects negative numbers, limits of 0, and limits above maxLimit.
func checkRange(f *pflag.Flag) error {
	value := f.Value.String()
	switch f.Value.Type() {
	case "int":
		n, err := strconv.Atoi(value)
		if minimum := minimumOf(f); err != nil || n < minimum || n > maxLimit {
			return fmt.Errorf("--%s=%s: must be %d to %d", f.Name, value, minimum, maxLimit)
		}
	case "duration":
		d, err := time.ParseDuration(value)
		switch minimum := minimumOf(f); {
		case err != nil || d < 0 && minimum == 0:
			return fmt.Errorf("--%s=%s: must be 0s or more", f.Name, value)
		case d <= 0 && minimum > 0:
			return fmt.Errorf("--%s=%s: must be more than 0s", f.Name, value)
		}
	}
	return nil
}

// minHeader is the minimum of max-header. With less, gRPC, which allows a quarter, would refuse the headers of each call.
const minHeader = 4 << 10

// minimumOf returns the minimum of a limit: 1 if it must not be 0.
func minimumOf(f *pflag.Flag) int {
	if f.Name == "max-header" {
		return minHeader
	}
	isLimit := strings.HasPrefix(f.Name, "max-") || strings.HasSuffix(f.Name, "-timeout") || strings.HasSuffix(f.Name, "-interval")
	if isLimit && f.DefValue != "0" && f.DefValue != "0s" {
		return 1
	}
	return 0
}
