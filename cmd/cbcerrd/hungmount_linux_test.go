package main_test

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
)

// hang mounts a file system that never responds over a file, like a hung network mount. Any access to the file blocks until release.
// It skips the test where mounts are not allowed, and fails it if REQUIRE_MOUNT is set.
func hang(t *testing.T, file string) (release func()) {
	t.Helper()
	unavailable := t.Skip
	if os.Getenv("REQUIRE_MOUNT") != "" {
		unavailable = t.Fatal
	}
	device, err := syscall.Open("/dev/fuse", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		unavailable("no file system in user space here: ", err)
	}
	if err := syscall.Mount("hung", file, "fuse", 0, fmt.Sprintf("fd=%d,rootmode=100000,user_id=0,group_id=0", device)); err != nil {
		syscall.Close(device)
		unavailable("mounting is not allowed here: ", err)
	}
	release = sync.OnceFunc(func() { // a second Close might close another file
		_ = syscall.Unmount(file, syscall.MNT_DETACH)
		_ = syscall.Close(device)
	})
	t.Cleanup(release)
	return release
}
