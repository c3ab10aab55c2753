//go:build !unix

package reload

// nonBlocking is 0: only Unix systems have pipes in the file system.
const nonBlocking = 0
