//go:build !linux

package main_test

import "testing"

// hang skips the test: it is implemented for Linux only.
func hang(t *testing.T, _ string) (release func()) {
	t.Skip("hung mounts are tested on Linux only")
	return nil
}
