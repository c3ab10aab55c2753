package decode

import (
	"bytes"
	"io"
)

// Peek reads a body until it ends or limit bytes are read. Then again delivers the whole body, and closes it. The error is
// that of a body which breaks off; again ends with it. (bufio.Reader.Peek would allocate limit bytes for any body.)
func Peek(body io.ReadCloser, limit int) (head []byte, again io.ReadCloser, err error) {
	head, err = io.ReadAll(io.LimitReader(body, int64(limit)))
	rest := io.Reader(body)
	if err != nil {
		rest = errorReader{err}
	}
	return head, readCloser{io.MultiReader(bytes.NewReader(head), rest), body}, err
}

// A readCloser reads from one source and closes another.
type readCloser struct {
	io.Reader
	io.Closer
}

// An errorReader returns the error that ended a body.
type errorReader struct{ err error }

// Read implements io.Reader.
func (r errorReader) Read([]byte) (int, error) { return 0, r.err }
