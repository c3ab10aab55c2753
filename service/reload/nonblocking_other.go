//go:build !unix

package reload

// nonBlocking is nothing where a pipe is no file.
const nonBlocking = 0
