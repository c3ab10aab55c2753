//go:build !linux

package main_test

import "testing"

// hang skips the test: only Linux can be told to have a file system that never answers.
func hang(t *testing.T, _ string) (release func()) {
	t.Skip("no file system that hangs")
	return nil
}
