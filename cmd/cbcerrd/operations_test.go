package main_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// A changed file of tokens is reloaded.
func requiresTokens(t *testing.T, p program) {
	file := filepath.Join(t.TempDir(), "tokens")
	put := func(token string) {
		if err := os.WriteFile(file, fmt.Appendf(nil, "shop sha256:%x\n", sha256.Sum256([]byte(token))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("first")
	d := p.start(t, nil, append(freePorts(), "--auth-tokens", file, "--reload-interval", "10ms")...)
	statusWith := func(token string) int {
		request, err := http.NewRequest(http.MethodGet, d.rest+"/v1/locales", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		status, _ := d.send(t, request, "")
		return status
	}
	if first, second := statusWith("first"), statusWith("second"); first != http.StatusOK || second != http.StatusUnauthorized {
		t.Errorf("%d and %d, want 200 for the first token, 401 for the second", first, second)
	}
	for _, server := range []string{d.grpc, d.rest} {
		for token, want := range map[string]int{"first": 0, "second": 2, "": 2} {
			command := p.commandLine(t, "code", "CBC.0250", "--server", server)
			command.Env = append(os.Environ(), "CBCERR_TOKEN="+token)
			if output, _ := command.CombinedOutput(); command.ProcessState.ExitCode() != want {
				t.Errorf("command line with %q at %s: %s", token, server, output)
			}
		}
	}
	put("second")
	d.wantLine(t, "msg=reloaded source=tokens")
	if first, second := statusWith("first"), statusWith("second"); first != http.StatusUnauthorized || second != http.StatusOK {
		t.Errorf("%d and %d, want 401 for the first token, 200 for the second", first, second)
	}
}

// commandLine returns a run of cbcerr.
func (p program) commandLine(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	file := filepath.Join(filepath.Dir(p.file), "cbcerr")
	if _, err := os.Stat(file); err != nil {
		if output, err := exec.Command("go", "build", "-buildvcs=false", "-o", file, "../cbcerr").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	return exec.CommandContext(t.Context(), file, args...)
}

// The directory is updated like a ConfigMap's. An invalid version is not used.
func reloadsCatalog(t *testing.T, p program) {
	dir := t.TempDir()
	publish := func(version, text string) {
		versionDir := filepath.Join(dir, ".."+version)
		link := filepath.Join(dir, "..new")
		overlays := "code\tshape\tmessage\tas\nCBC.8888\t\t\tCBC.0250\n"
		for _, err := range []error{
			os.Mkdir(versionDir, 0o755),
			os.WriteFile(filepath.Join(versionDir, "nds.tsv"), []byte("key\ttext\nCBC.0250\t"+text+"\n"), 0o600),
			os.WriteFile(filepath.Join(versionDir, "overlays.tsv"), []byte(overlays), 0o600),
			os.Symlink(".."+version, link), os.Rename(link, filepath.Join(dir, "..data")),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	publish("1", "Eins.")
	for _, name := range []string{"nds.tsv", "overlays.tsv"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	d := p.start(t, nil, append(freePorts(), "--locales-dir", dir, "--overlays-dir", dir, "--reload-interval", "10ms")...)
	want := func(text string) {
		t.Helper()
		if _, reply := d.post(t, translateRaw, "nds", `{"error_code":"CBC.8888"}`); !strings.Contains(reply, `"`+text+`"`) {
			t.Errorf("no %q in %s", text, reply)
		}
	}
	want("Eins.")
	publish("2", "Zwei.")
	d.wantLine(t, "msg=reloaded source=catalog")
	want("Zwei.")
	publish("3", "")
	d.wantLine(t, "nds.tsv:2: ")
	want("Zwei.")
}

// healthcheck takes the settings of the daemon. Its status is 1 before the daemon starts and while it drains.
func healthcheck(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	free := []string{testserver.Address(t), testserver.Address(t), testserver.Address(t), testserver.Address(t)}
	for i, k := range []struct {
		name  string
		flags []string
	}{
		{"plaintext", nil},
		{"TLS", c.flags()[4:8]},
		{"admin port", append(c.flags()[4:], "--admin-addr", free[3])},
	} {
		t.Run(k.name, func(t *testing.T) {
			flags := append([]string{"--grpc-addr", "127.0.0.1:0", "--http-addr", free[i], "--drain-delay", "1h"}, k.flags...)
			check := append([]string{"healthcheck"}, flags...)
			if r := p.run(t, nil, check...); r.status != 1 || !strings.Contains(r.stderr, "refused") {
				t.Errorf("before the start: status %d, %q", r.status, r.stderr)
			}
			d := p.start(t, nil, flags...)
			if r := p.run(t, nil, check...); r.status != 0 || r.stderr != "" {
				t.Errorf("status %d, %q", r.status, r.stderr)
			}
			if err := d.command.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			deadline := time.Now().Add(testTimeout)
			for r := p.run(t, nil, check...); !strings.Contains(r.stderr, "503"); r = p.run(t, nil, check...) {
				if time.Now().After(deadline) {
					t.Fatalf("while draining: status %d, %q", r.status, r.stderr)
				}
			}
		})
	}
	if r := p.run(t, nil, append([]string{"healthcheck"}, c.flags()...)...); r.status != 1 || !strings.Contains(r.stderr, "needs --admin-addr") {
		t.Errorf("with client certificates: status %d, %q", r.status, r.stderr)
	}
}

// All metrics are initialized at startup.
func metrics(t *testing.T, p program) {
	d := p.start(t, nil, append(freePorts(), "--admin-addr", "127.0.0.1:0", "--locales-dir", t.TempDir())...)
	d.post(t, translateRaw, "", throttled)
	d.post(t, translateRaw, "", `{"error_code":"CBC.8765"}`)
	for _, address := range []string{d.rest, "http://" + d.admin} {
		text := read(t, address+"/metrics")
		for _, line := range []string{
			`cbcerr_build_info{`, `cbcerr_catalog_info{version="`, `grpc_server_handled_total{grpc_code="OK",grpc_method="TranslateRaw",grpc_service="cbc.error.v1.TranslationService",grpc_type="unary"} 2`,
			`cbcerr_translations_total{match="EXACT",reason="REQUEST_THROTTLED",status="RESOURCE_EXHAUSTED"} 1`, `cbcerr_unknown_codes_total 1`,
			`cbcerr_reload_failing{source="catalog"} 0`, `cbcerr_reloads_total{result="failed",source="catalog"} 0`,
			`cbcerr_calls_shed_total{cause="concurrency"} 0`, `go_goroutines `, `process_resident_memory_bytes `,
		} {
			if !strings.Contains(text, "\n"+line) {
				t.Errorf("%s: no %s in\n%s", address, line, text)
			}
		}
	}
	if got := read(t, "http://"+d.admin+"/unknown-codes"); !strings.Contains(got, `{"code":"CBC.8765","count":1,`) {
		t.Errorf("unknown codes: %s", got)
	}
}

// read returns the body of a GET request.
func read(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, response.Status, err)
	}
	return string(text)
}

func logIsJSON(t *testing.T, p program) {
	c := p.command(t, nil, append(freePorts(), "--log-format", "json"))
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(testTimeout, func() { _ = c.Process.Kill() }).Stop()
	var line struct{ Level, Msg, GRPC, Catalog, Version string }
	if err := json.NewDecoder(stderr).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if line.Level != "INFO" || line.Msg != "serving" || line.GRPC == "" || line.Catalog == "" || line.Version == "" {
		t.Errorf("%+v, want the startup line", line)
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	if r := p.run(t, nil, "version"); r.status != 0 || !strings.HasPrefix(r.stdout, "cbcerrd ") {
		t.Errorf("version: status %d, %q", r.status, r.stdout)
	}
}
