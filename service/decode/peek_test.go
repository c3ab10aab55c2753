package decode_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cbcerr/cbcerr/service/decode"
)

// A closedBody counts how often it is closed.
type closedBody struct {
	io.Reader
	closed int
}

// Close implements io.Closer.
func (b *closedBody) Close() error {
	b.closed++
	return nil
}

// TestPeek tests that the beginning is returned, and that the whole body can be read after it, an error included.
func TestPeek(t *testing.T) {
	const text, limit = "abcdefgh", 4
	broken := errors.New("broken")
	for _, k := range []struct {
		name             string
		body             io.Reader
		head, whole      string
		headErr, readErr error
	}{
		{"empty", strings.NewReader(""), "", "", nil, nil},
		{"shorter", strings.NewReader(text[:3]), "abc", "abc", nil, nil},
		{"of the limit", strings.NewReader(text[:limit]), "abcd", "abcd", nil, nil},
		{"longer", strings.NewReader(text), "abcd", text, nil, nil},
		{"broken once before the limit", iotest.TimeoutReader(strings.NewReader(text[:3])), "abc", "abc", iotest.ErrTimeout, iotest.ErrTimeout},
		{"broken after the limit", io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), "abcd", text, nil, broken},
	} {
		t.Run(k.name, func(t *testing.T) {
			body := &closedBody{Reader: k.body}
			head, again, err := decode.Peek(body, limit)
			if string(head) != k.head || !errors.Is(err, k.headErr) {
				t.Errorf("%q, %v; want %q, %v", head, err, k.head, k.headErr)
			}
			if all, err := io.ReadAll(again); string(all) != k.whole || !errors.Is(err, k.readErr) {
				t.Errorf("read again: %q, %v; want %q, %v", all, err, k.whole, k.readErr)
			}
			if err := again.Close(); err != nil || body.closed != 1 {
				t.Errorf("closed %d times, %v", body.closed, err)
			}
		})
	}
}
