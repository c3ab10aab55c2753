package server

import "golang.org/x/sys/unix"

// dropAll has the kernel drop all that comes for a listener from now on: whoever tries to connect meanwhile tries again, and finds nobody.
// Where it cannot be done, a connection that the kernel makes after the last was taken is reset.
func dropAll(fd int) {
	nothing := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K}
	_ = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &nothing})
}
