//go:build !unix

package files

// nonBlocking is nothing where a pipe is no file.
const nonBlocking = 0
