package main_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A fixture is a daemon with a file of tokens and a file of a language.
type fixture struct {
	*daemon
	tokens, language string
}

// startWithFiles starts a daemon that accepts the token "first". It checks its files every 10 ms.
func startWithFiles(t *testing.T, p program) *fixture {
	t.Helper()
	f := &fixture{tokens: filepath.Join(t.TempDir(), "tokens"), language: filepath.Join(t.TempDir(), "nds.tsv")}
	f.setToken(t, "first")
	f.setText(t, "Eins.")
	f.daemon = p.start(t, nil, append(freePorts(), "--admin-addr", "127.0.0.1:0", "--auth-tokens", f.tokens,
		"--locales-dir", filepath.Dir(f.language), "--reload-interval", "10ms")...)
	return f
}

// setToken replaces the file of tokens.
func (f *fixture) setToken(t *testing.T, token string) {
	t.Helper()
	replace(t, f.tokens, fmt.Sprintf("shop sha256:%x\n", sha256.Sum256([]byte(token))))
}

// setText replaces the file of the language.
func (f *fixture) setText(t *testing.T, text string) {
	t.Helper()
	replace(t, f.language, "key\ttext\nCBC.0250\t"+text+"\n")
}

// replace writes a file atomically.
func replace(t *testing.T, file, content string) {
	t.Helper()
	unfinished := filepath.Join(filepath.Dir(file), ".unfinished")
	if err := errors.Join(os.WriteFile(unfinished, []byte(content), 0o600), os.Rename(unfinished, file)); err != nil {
		t.Fatal(err)
	}
}

// statusWith returns the status of a request with a token.
func (f *fixture) statusWith(t *testing.T, token string) (status int) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, f.rest+"/v1/locales", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	status, _ = f.send(t, request, "")
	return status
}

// wantMetric waits for a line of the metrics page.
func (f *fixture) wantMetric(t *testing.T, line string) {
	t.Helper()
	for deadline := time.Now().Add(testTimeout); !strings.Contains(read(t, "http://"+f.admin+"/metrics"), "\n"+line+"\n"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %s", line)
		}
	}
}

// checkInvalidTokens checks that an unreadable file of tokens affects no other source, and that the next good version is loaded. The
// caller has made the file unreadable; repair undoes that.
func checkInvalidTokens(t *testing.T, f *fixture, message string, repair func()) {
	t.Helper()
	f.wantLine(t, `msg="reload failed, the last good version stays in use" source=tokens error="`+f.tokens+": "+message)
	f.wantMetric(t, `cbcerr_reload_failing{source="tokens"} 1`)
	f.setText(t, "Zwei.")
	f.wantLine(t, "msg=reloaded source=catalog")
	f.wantMetric(t, `cbcerr_reload_failing{source="catalog"} 0`)
	if got := f.statusWith(t, "first"); got != http.StatusOK {
		t.Errorf("with the token of the last good version: %d, want 200", got)
	}
	repair()
	f.setToken(t, "second")
	for deadline := time.Now().Add(testTimeout); f.statusWith(t, "second") != http.StatusOK; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the next good version is not loaded")
		}
	}
	if got := f.statusWith(t, "first"); got != http.StatusUnauthorized {
		t.Errorf("with the revoked token: %d, want 401", got)
	}
	f.wantMetric(t, `cbcerr_reload_failing{source="tokens"} 0`)
}

func pipeReplacesTokens(t *testing.T, p program) {
	f := startWithFiles(t, p)
	if err := errors.Join(os.Remove(f.tokens), syscall.Mkfifo(f.tokens, 0o600)); err != nil {
		t.Fatal(err)
	}
	checkInvalidTokens(t, f, "not a regular file", func() {})
}

func hungMountReplacesTokens(t *testing.T, p program) {
	f := startWithFiles(t, p)
	release := hang(t, f.tokens)
	checkInvalidTokens(t, f, "not read within 5s", release)
	if status, _ := f.stop(t, syscall.SIGTERM); status != 0 {
		t.Errorf("status %d, want 0", status)
	}
}

// The error names the flag, the file and the reason.
func pipesAtStartup(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	pipe := filepath.Join(t.TempDir(), "pipe.tsv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	tls := append(c.flags(), "--tls-cert", c.path("server.pem"))
	signed := []string{"--auth-issuer", "x", "--auth-audience", "y"}
	for _, k := range []struct {
		flags      []string
		flag, path string
		message    string
	}{
		{freePorts(), "auth-tokens", pipe, "--auth-tokens: " + pipe + ": not a regular file: prw-------"},
		{freePorts(), "auth-tokens", "/dev/zero", "--auth-tokens: /dev/zero: not a regular file: Dc"},
		{append(freePorts(), signed...), "auth-jwks", pipe, "--auth-jwks: " + pipe + ": not a regular file"},
		{tls, "tls-cert", pipe, "--tls-cert, --tls-key or --tls-client-ca: " + pipe + ": not a regular file"},
		{tls, "tls-key", pipe, "--tls-cert, --tls-key or --tls-client-ca: " + pipe + ": not a regular file"},
		{tls, "tls-client-ca", pipe, "--tls-cert, --tls-key or --tls-client-ca: " + pipe + ": not a regular file"},
		{freePorts(), "locales-dir", filepath.Dir(pipe), "--locales-dir or --overlays-dir: " + pipe + ": not a regular file"},
		{freePorts(), "overlays-dir", pipe, "--locales-dir or --overlays-dir: " + pipe + ": not a regular file"},
	} {
		t.Run(k.flag+" "+k.path, func(t *testing.T) {
			r := p.run(t, nil, append(k.flags, "--"+k.flag, k.path)...)
			if r.status != 1 || !strings.Contains(r.stderr, "cbcerrd: "+k.message) {
				t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, k.message)
			}
		})
	}
}

// A hung mount is an error after a timeout. SIGTERM ends the wait.
func hungMountAtStartup(t *testing.T, p program) {
	file := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	hang(t, file)
	flags := append(freePorts(), "--auth-tokens", file)
	r := p.run(t, nil, flags...)
	if want := "cbcerrd: --auth-tokens: " + file + ": not read within 5s"; r.status != 1 || !strings.Contains(r.stderr, want) {
		t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, want)
	}
	r = p.runUntil(t, `msg="memory limit"`, append(flags, "--log-level", "debug")...) // the last line before the files are read
	if r.status != 0 || !strings.Contains(r.stderr, "msg=\"stopped during startup\"") {
		t.Errorf("after SIGTERM: status %d, %q, want 0 and the last line", r.status, r.stderr)
	}
}

// runUntil runs the program until it exits. It sends SIGTERM once the program has logged the line.
func (p program) runUntil(t *testing.T, line string, args ...string) result {
	t.Helper()
	c := p.command(t, nil, args)
	return finish(t, c, &lineWaiter{line: line, found: sync.OnceFunc(func() { _ = c.Process.Signal(syscall.SIGTERM) })})
}

// A lineWaiter is a log that calls a function once it contains a line.
type lineWaiter struct {
	text  bytes.Buffer // not embedded: os/exec would use its ReadFrom
	line  string
	found func()
}

// Write implements io.Writer.
func (w *lineWaiter) Write(p []byte) (int, error) {
	n, err := w.text.Write(p)
	if strings.Contains(w.text.String(), w.line) {
		w.found()
	}
	return n, err
}

// String implements fmt.Stringer.
func (w *lineWaiter) String() string { return w.text.String() }
