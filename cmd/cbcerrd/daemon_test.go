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

// patience is how long a test waits for what must come, on the slowest of machines.
const patience = 30 * time.Second

// TestDaemon builds the program once and runs it for real in each test below.
func TestDaemon(t *testing.T) {
	t.Parallel()
	p := build(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, program)
	}{
		{"serves without settings", servesWithoutSettings},
		{"stops at a signal", stopsAtASignal},
		{"help lists all flags", helpListsAllFlags},
		{"environment sets flags", environmentSetsFlags},
		{"unknown variables are named", unknownVariablesAreNamed},
		{"flag overrides environment", flagOverridesEnvironment},
		{"flag overrides list in environment", flagOverridesListInEnvironment},
		{"answers depend on the origin", answersDependOnTheOrigin},
		{"bad environment", badEnvironment},
		{"bad command lines", badCommandLines},
		{"further language", furtherLanguage},
		{"broken languages", brokenLanguages},
		{"long lines", longLines},
		{"public address", publicAddress},
		{"pages and verbs", pagesAndVerbs},
		{"reflection lists services", reflectionListsServices},
		{"reflection knows details", reflectionKnowsDetails},
		{"clients need certificates", clientsNeedCertificates},
		{"certificates change", certificatesChange},
		{"authorities are never a folder", authoritiesAreNeverAFolder},
		{"callers need tokens", callersNeedTokens},
		{"catalogue changes", catalogueChanges},
		{"pipe in place of tokens", pipeInPlaceOfTokens},
		{"hung mount in place of tokens", hungMountInPlaceOfTokens},
		{"pipes at the start", pipesAtTheStart},
		{"hung mount at the start", hungMountAtTheStart},
		{"healthcheck", healthcheck},
		{"metrics", metrics},
		{"late clients", lateClients},
		{"clients of a pause", clientsOfAPause},
		{"log is JSON", logIsJSON},
		{"reader of the log goes away", logReaderGoesAway},
		{"page lists all flags", pageListsAllFlags},
		{"pages know the metrics", pagesKnowTheMetrics},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, p)
		})
	}
}

// A program is the built daemon.
type program struct{ file string }

func build(t *testing.T) program {
	t.Helper()
	lookAtSources(t)
	file := filepath.Join(t.TempDir(), "cbcerrd")
	// Without the stamp of a repository, as there may be none and no git to ask.
	if output, err := exec.Command("go", "build", "-buildvcs=false", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return program{file}
}

// lookAtSources makes the result of these tests depend on every file that the program is built from: go test keeps results
// and sees only what a test itself has looked at.
func lookAtSources(t *testing.T) {
	t.Helper()
	for _, folder := range []string{".", "../cbcerr", "../../service", "../../gen", "../../deploy"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
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

// command is the program with these settings and none of the machine's.
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

// A result is how a run of the program ended.
type result struct {
	status         int
	stdout, stderr string
}

// run runs the program to its end, which must come by itself.
func (p program) run(t *testing.T, environment []string, args ...string) result {
	t.Helper()
	return finish(t, p.command(t, environment, args), new(bytes.Buffer))
}

// finish runs a command to its end, or kills it if that takes too long.
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
	defer time.AfterFunc(patience, func() { _ = c.Process.Kill() }).Stop()
	if err := c.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A daemon is the running program.
type daemon struct {
	started           string // the start-up line
	grpc, rest, admin string // the addresses that it names
	command           *exec.Cmd
	stderr            *bufio.Reader
	pipe              io.Closer // what stderr reads
}

// freePorts let any number of daemons run at once.
func freePorts() []string {
	return []string{"--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}
}

// serving is the start-up line.
var serving = regexp.MustCompile(`msg=serving grpc=(\S+) rest=(\S+) admin=(\S+) `)

// start runs the program until the test ends or stops it.
func (p program) start(t *testing.T, environment []string, args ...string) *daemon {
	t.Helper()
	d := &daemon{command: p.command(t, environment, args)}
	stderr, err := d.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.pipe = stderr
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.command.Process.Kill() })
	defer time.AfterFunc(patience, func() { _ = d.command.Process.Kill() }).Stop()
	d.stderr = bufio.NewReader(stderr)
	d.started, _ = d.stderr.ReadString('\n')
	named := serving.FindStringSubmatch(d.started)
	if named == nil {
		t.Fatalf("no start-up line but %q", d.started)
	}
	d.grpc, d.rest, d.admin = named[1], named[2], named[3]
	return d
}

// stop sends a signal and answers with the exit status and what the program still said.
func (d *daemon) stop(t *testing.T, signal syscall.Signal) (status int, said string) {
	t.Helper()
	if err := d.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience, func() { _ = d.command.Process.Kill() }).Stop()
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

// post asks over REST in a language.
func (d *daemon) post(t *testing.T, path, language, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, d.rest+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", language)
	return d.send(t, request, "")
}
