//go:build e2e

package e2e

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"text/template"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testserver"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

const (
	replicas     = 3
	drainDelay   = 2 * time.Second // several health checks of the balancer
	minReady     = time.Second     // between the start of a replica and the next stop, like minReadySeconds of Kubernetes
	rollingCalls = 20_000
)

// TestRollingRestart_NoCallFails restarts three replicas one after another, during calls through nginx, HAProxy,
// Envoy and round_robin. It ends after 20,000 calls and two restarts of every replica.
func TestRollingRestart_NoCallFails(t *testing.T) {
	var all []*daemon
	for range replicas {
		all = append(all, startDaemon(t, "--drain-delay", drainDelay.String()))
	}
	nginx, haproxy, envoy := startNginx(t, all), startHAProxy(t, all), startEnvoy(t, all)
	paths := map[string]callFunc{
		"gRPC, round_robin":    overGRPC(dialRoundRobin(t, all)),
		"gRPC through nginx":   overGRPC(dial(t, nginx.GRPC, nil)),
		"REST through nginx":   overREST(new(http.Client), "http://"+nginx.REST, ""),
		"gRPC through HAProxy": overGRPC(dial(t, haproxy.GRPC, nil)),
		"REST through HAProxy": overREST(new(http.Client), "http://"+haproxy.REST, ""),
		"gRPC through Envoy":   overGRPC(dial(t, envoy.GRPC, nil)),
		"REST through Envoy":   overREST(new(http.Client), "http://"+envoy.REST, ""),
	}
	tallies, total := map[string]*tally{}, func() (n int64) { return 0 }
	for name, call := range paths {
		c, others := new(tally), total
		tallies[name], total = c, func() int64 { return others() + c.calls.Load() }
		stop := c.run(2*time.Millisecond, call, call, call, call)
		defer stop()
	}
	restarts := 0
	for ; restarts < 2*replicas || total() < rollingCalls; restarts++ {
		d := all[restarts%replicas]
		d.stop(t)
		d.start(t)
		time.Sleep(minReady)
		if t.Failed() || restarts > 100 {
			break
		}
	}
	for name, c := range tallies {
		c.requireNoFailure(t, name)
	}
	t.Logf("%d calls, %d restarts", total(), restarts)
}

// requireNoFailure fails the test unless there were calls and all succeeded.
func (c *tally) requireNoFailure(t *testing.T, name string) {
	t.Helper()
	calls := c.calls.Load()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.failed) > 0 || calls == 0 {
		t.Errorf("%s: %d calls, failed: %v", name, calls, c.failed)
	}
	t.Logf("%s: %d calls", name, calls)
}

// A balancer is a load balancer in front of the replicas.
type balancer struct {
	Dir, GRPC, REST string
	Replicas        []replica
}

// A replica is a daemon in the configuration of a balancer.
type replica struct{ GRPC, REST, AdminPort string }

func startNginx(t *testing.T, all []*daemon) *balancer {
	b := newBalancer(t, all)
	file := b.configure(t, "nginx.conf.tmpl")
	b.start(t, "nginx", "-p", b.Dir, "-c", file)
	return b
}

func startHAProxy(t *testing.T, all []*daemon) *balancer {
	b := newBalancer(t, all)
	b.start(t, "haproxy", "-db", "-f", b.configure(t, "haproxy.cfg.tmpl"))
	return b
}

func newBalancer(t *testing.T, all []*daemon) *balancer {
	b := &balancer{Dir: t.TempDir(), GRPC: testserver.Address(t), REST: testserver.Address(t)}
	for _, d := range all {
		_, port, err := net.SplitHostPort(d.admin)
		if err != nil {
			t.Fatal(err)
		}
		b.Replicas = append(b.Replicas, replica{d.grpc, d.rest, port})
	}
	return b
}

func (b *balancer) configure(t *testing.T, templateFile string) (name string) {
	t.Helper()
	parsed, err := template.ParseFiles(filepath.Join("testdata", templateFile))
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join(b.Dir, "config")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := parsed.Execute(file, b); err != nil {
		t.Fatal(err)
	}
	return name
}

// start starts the balancer, and returns once it serves.
func (b *balancer) start(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("this test needs %s: %v", program, err)
	}
	p := start(t, filepath.Join(b.Dir, "log"), path, args...)
	rest, conn := overREST(new(http.Client), "http://"+b.REST, ""), overGRPC(dial(t, b.GRPC, nil))
	await(t, program, func() bool {
		select {
		case <-p.exited:
			t.Fatalf("%s: %v: %s", program, p.err, p.tail())
		default:
		}
		return rest(t.Context(), &samples[0]) == nil && conn(t.Context(), &samples[0]) == nil
	})
}

// dialRoundRobin connects to all replicas with the service config of deploy/operations.md.
func dialRoundRobin(t *testing.T, all []*daemon) *grpc.ClientConn {
	t.Helper()
	var state resolver.State
	for _, d := range all {
		state.Addresses = append(state.Addresses, resolver.Address{Addr: d.grpc})
	}
	names := manual.NewBuilderWithScheme("replicas")
	names.InitialState(state)
	conn, err := grpc.NewClient("replicas:///all", grpc.WithResolvers(names), grpc.WithDefaultServiceConfig(documentedConfig(t)),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// documentedConfig returns the service config in the documents of deploy.
func documentedConfig(t *testing.T) string {
	t.Helper()
	documents, err := filepath.Glob("../../../deploy/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile("(?s)```json\n([^`]*round_robin[^`]*)```").FindSubmatch(text); m != nil {
			return string(m[1])
		}
	}
	t.Fatal("no document of deploy has a service config with round_robin")
	return ""
}
