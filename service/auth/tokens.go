package auth

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
)

// Tokens are the accepted bearer tokens: static ones, known by their digests, and tokens that an issuer has signed. The zero
// value accepts none. Tokens is safe for concurrent use.
type Tokens struct {
	static atomic.Pointer[map[[sha256.Size]byte]string]
	signed atomic.Pointer[jwtVerifier]
}

// Client returns the client of a token. The error states why the token is rejected, and never contains it.
func (t *Tokens) Client(token string) (client string, err error) {
	if known := t.static.Load(); known != nil {
		if client, ok := (*known)[sha256.Sum256([]byte(token))]; ok {
			return client, nil
		}
	}
	if v := t.signed.Load(); v != nil && strings.Count(token, ".") == 2 {
		return v.verify(token)
	}
	return "", errors.New("the token is not known")
}

// digestPrefix names the digest algorithm in the file.
const digestPrefix = "sha256:"

// SetStatic sets the static tokens from lines such as "invoicing sha256:9f86d0…": a client's name and the SHA-256 of its
// token in hex. A client may have several lines, for a rotation. A line that begins with # is a comment. Tokens must be random:
// an unsalted digest does not protect passwords. On an error the current tokens stay in use.
func (t *Tokens) SetStatic(file []byte) error {
	known := map[[sha256.Size]byte]string{}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		client, digest, err := parseTokenLine(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err) // without the line's text, which may be a token
		}
		if other, ok := known[digest]; ok {
			return fmt.Errorf("line %d: the token is that of %s", n, other)
		}
		known[digest] = client
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if len(known) == 0 {
		return errors.New("no tokens in the file")
	}
	t.static.Store(&known)
	return nil
}

func parseTokenLine(line string) (client string, digest [sha256.Size]byte, err error) {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return "", digest, errors.New("not a client name and a digest")
	}
	text, ok := strings.CutPrefix(fields[1], digestPrefix)
	sum, err := hex.DecodeString(text)
	if !ok || err != nil || len(sum) != sha256.Size {
		return "", digest, fmt.Errorf("the digest is not %s and 64 digits of hex", digestPrefix)
	}
	if digest = [sha256.Size]byte(sum); digest == sha256.Sum256(nil) {
		return "", digest, errors.New("the digest is that of an empty token")
	}
	return fields[0], digest, nil
}
