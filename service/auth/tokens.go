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

// Tokens are the bearer tokens of callers: those whose digests are in a file, and those that somebody signed whose keys are
// known. The zero value knows none.
type Tokens struct {
	static atomic.Pointer[map[[sha256.Size]byte]string]
	signed atomic.Pointer[signers]
}

// Client finds out whose token it is. The error says what is wrong with it and never repeats it.
func (t *Tokens) Client(token string) (client string, err error) {
	if known := t.static.Load(); known != nil {
		if client, ok := (*known)[sha256.Sum256([]byte(token))]; ok {
			return client, nil
		}
	}
	if s := t.signed.Load(); s != nil && strings.Count(token, ".") == 2 {
		return s.client(token)
	}
	return "", errors.New("the token is not known")
}

// digestPrefix names the kind of digest in the file.
const digestPrefix = "sha256:"

// UseStatic takes lines such as "invoicing sha256:9f86d0…": a client's name and its token's SHA-256 in hex. A plain digest
// will do for tokens that nobody can guess, which are what openssl rand makes, and will not do for passwords. A client may have several lines,
// for the time of a change; a line that begins with # is a comment.
func (t *Tokens) UseStatic(file []byte) error {
	known := map[[sha256.Size]byte]string{}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		client, digest, err := tokenLine(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err) // and never what it holds, which may be a token
		}
		if other, ok := known[digest]; ok {
			return fmt.Errorf("line %d: the same token as that of %s", n, other)
		}
		known[digest] = client
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if len(known) == 0 {
		return errors.New("there is no token in it")
	}
	t.static.Store(&known)
	return nil
}

func tokenLine(line string) (client string, digest [sha256.Size]byte, err error) {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return "", digest, errors.New("not a client and a digest")
	}
	text, ok := strings.CutPrefix(fields[1], digestPrefix)
	sum, err := hex.DecodeString(text)
	if !ok || err != nil || len(sum) != sha256.Size {
		return "", digest, fmt.Errorf("the digest is not %s and 64 digits of hex", digestPrefix)
	}
	if digest = [sha256.Size]byte(sum); digest == sha256.Sum256(nil) {
		return "", digest, errors.New("the digest is that of no token at all")
	}
	return fields[0], digest, nil
}
