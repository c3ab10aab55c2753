package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// testTimeout bounds the wait for an event that must happen, on a slow machine.
const testTimeout = 30 * time.Second

// TestDaemon builds the program once, and runs it in each test.
func TestDaemon(t *testing.T) {
	t.Parallel()
	p := build(t)
	for name, test := range map[string]func(*testing.T, program){
		"serves without flags":               servesWithoutFlags,
		"stops on a signal":                  stopsOnSignal,
		"help lists all flags":               helpListsAllFlags,
		"environment sets flags":             environmentSetsFlags,
		"warns of unknown variables":         warnsOfUnknownVariables,
		"flag overrides environment":         flagOverridesEnvironment,
		"flag overrides list in environment": flagOverridesListInEnvironment,
		"varies by origin":                   variesByOrigin,
		"invalid environment":                invalidEnvironment,
		"invalid command lines":              invalidCommandLines,
		"additional language":                additionalLanguage,
		"invalid languages":                  invalidLanguages,
		"errors about long lines are short":  longLines,
		"public URL":                         publicURL,
		"methods of pages":                   pageMethods,
		"pages for browsers":                 pagesForBrowsers,
		"rate of explanations":               explanationRate,
		"reflection lists services":          reflectionListsServices,
		"reflection resolves details":        reflectionResolvesDetails,
		"requires client certificates":       requiresClientCertificates,
		"reloads certificates":               reloadsCertificates,
		"rejects a directory of authorities": rejectsDirectoryOfAuthorities,
		"requires tokens":                    requiresTokens,
		"reloads the catalog":                reloadsCatalog,
		"pipe replaces tokens":               pipeReplacesTokens,
		"hung mount replaces tokens":         hungMountReplacesTokens,
		"pipes at startup":                   pipesAtStartup,
		"hung mount at startup":              hungMountAtStartup,
		"healthcheck":                        healthcheck,
		"metrics":                            metrics,
		"late clients":                       lateClients,
		"clients during a pause":             clientsDuringPause,
		"log is JSON":                        logIsJSON,
		"log pipe closes":                    logPipeCloses,
		"reference lists all flags":          referenceListsAllFlags,
		"reference lists all metrics":        referenceListsAllMetrics,
		"references name existing metrics":   referencesNameExistingMetrics,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// A program is the built daemon.
type program struct{ file string }

func build(t *testing.T) program {
	t.Helper()
	statSources(t)
	file := filepath.Join(t.TempDir(), "cbcerrd")
	// The tests may run without a repository, and without git.
	if output, err := exec.Command("go", "build", "-buildvcs=false", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return program{file}
}

// statSources stats every source file of the program. go test caches results by the files that a test itself opens or stats.
func statSources(t *testing.T) {
	t.Helper()
	for _, dir := range []string{".", "../cbcerr", "../../service", "../../gen", "../../deploy"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// command returns a run of the program, without the CBCERR_ variables of this process.
func (p program) command(t *testing.T, environment, args []string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), p.file, args...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "CBCERR_") {
			c.Env = append(c.Env, variable)
		}
	}
	c.Env = append(c.Env, environment...)
	return c
}

// A result is the exit status and the output of a run.
type result struct {
	status         int
	stdout, stderr string
}

// run runs the program until it exits.
func (p program) run(t *testing.T, environment []string, args ...string) result {
	t.Helper()
	return finish(t, p.command(t, environment, args), new(bytes.Buffer))
}

// finish runs a command until it exits, or kills it after the test timeout.
func finish(t *testing.T, c *exec.Cmd, stderr interface {
	io.Writer
	fmt.Stringer
}) result {
	t.Helper()
	var stdout bytes.Buffer
	c.Stdout, c.Stderr = &stdout, stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(testTimeout, func() { _ = c.Process.Kill() }).Stop()
	if err := c.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A daemon is the running program.
type daemon struct {
	started           string // startup line
	grpc, rest, admin string // addresses in the startup line
	command           *exec.Cmd
	stderr            *bufio.Reader
	pipe              io.Closer // underlying pipe of stderr
}

// freePorts returns flags that pick free ports.
func freePorts() []string {
	return []string{"--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}
}

// serving matches the startup line.
var serving = regexp.MustCompile(`msg=serving grpc=(\S+) rest=(\S+) admin=(\S+) `)

// start starts the program. It is killed when the test ends.
func (p program) start(t *testing.T, environment []string, args ...string) *daemon {
	t.Helper()
	d, addresses := p.launch(t, serving, environment, args)
	d.grpc, d.rest, d.admin = addresses[1], addresses[2], addresses[3]
	return d
}

// launch starts the program, and matches its startup line.
func (p program) launch(t *testing.T, pattern *regexp.Regexp, environment, args []string) (d *daemon, match []string) {
	t.Helper()
	d = &daemon{command: p.command(t, environment, args)}
	stderr, err := d.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.pipe = stderr
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.command.Process.Kill() })
	defer time.AfterFunc(testTimeout, func() { _ = d.command.Process.Kill() }).Stop()
	d.stderr = bufio.NewReader(stderr)
	d.started, _ = d.stderr.ReadString('\n')
	if match = pattern.FindStringSubmatch(d.started); match == nil {
		t.Fatalf("no startup line but %q", d.started)
	}
	return d, match
}

// stop sends a signal, and returns the exit status and the rest of the log.
func (d *daemon) stop(t *testing.T, signal syscall.Signal) (status int, log string) {
	t.Helper()
	if err := d.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(testTimeout, func() { _ = d.command.Process.Kill() }).Stop()
	text, err := io.ReadAll(d.stderr)
	if err != nil {
		t.Error(err)
	}
	if err := d.command.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return d.command.ProcessState.ExitCode(), string(text)
}

func (d *daemon) dial(t *testing.T) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(d.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// post sends a POST request with an Accept-Language.
func (d *daemon) post(t *testing.T, path, language, body string) (status int, reply string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, d.rest+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", language)
	return d.send(t, request, "")
}
