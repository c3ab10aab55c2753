//go:build e2e

package e2e

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	envoyCalls   = 2000 // before a replica is killed, and again after it
	envoyClients = 10   // of each API
)

// TestEnvoy_ReplicaKilled kills one of three replicas behind the Envoy of deploy/examples/envoy. No call fails.
func TestEnvoy_ReplicaKilled(t *testing.T) {
	var all []*daemon
	for range replicas {
		all = append(all, startDaemon(t))
	}
	envoy := startEnvoy(t, all)
	grpc, rest := new(tally), new(tally)
	for range envoyClients {
		defer grpc.run(time.Millisecond, overGRPC(dial(t, envoy.GRPC, nil)))()
		defer rest.run(time.Millisecond, overREST(new(http.Client), "http://"+envoy.REST, ""))()
	}

	awaitCalls(t, envoyCalls, grpc, rest)
	for _, d := range all { // Envoy may find a replica healthy later than the others
		await(t, "calls of each replica", func() bool {
			n, _ := d.metric("grpc_server_handled_total")
			return n >= envoyCalls/replicas/2
		})
	}
	if err := all[0].Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-all[0].exited
	awaitCalls(t, 2*envoyCalls, grpc, rest)
	for name, c := range map[string]*tally{"gRPC": grpc, "REST": rest} {
		c.requireNoFailure(t, name)
	}
}

// awaitCalls waits until each tally has n calls.
func awaitCalls(t *testing.T, n int64, tallies ...*tally) {
	t.Helper()
	for _, c := range tallies {
		await(t, "calls", func() bool { return c.calls.Load() >= n })
	}
}

// startEnvoy starts Envoy with the configuration of deploy/examples/envoy, whose addresses become those of the replicas.
func startEnvoy(t *testing.T, all []*daemon) *balancer {
	t.Helper()
	content, err := os.ReadFile("../../../deploy/examples/envoy/envoy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := newBalancer(t, all)
	b.REST = b.GRPC // one port for both
	var grpc, rest []string
	for _, r := range b.Replicas {
		grpc, rest = append(grpc, r.GRPC), append(rest, r.REST)
	}
	config := replaceAddress(t, string(content), "0.0.0.0", "8000", b.GRPC)
	config = replaceAddress(t, config, "cbcerrd", "9090", grpc...)
	config = replaceAddress(t, config, "cbcerrd", "8080", rest...)
	file := filepath.Join(b.Dir, "envoy.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start(t, "envoy", "-c", file, "--disable-hot-restart", "--concurrency", "2", "--log-level", "warn")
	return b
}

// replaceAddress replaces the only line with an address by a line for each of the new addresses.
func replaceAddress(t *testing.T, config, host, port string, addresses ...string) string {
	t.Helper()
	old := "{address: " + host + ", port_value: " + port + "}"
	lines := regexp.MustCompile(`(?m)^.*`+regexp.QuoteMeta(old)+`.*\n`).FindAllString(config, -1)
	if len(lines) != 1 {
		t.Fatalf("%d lines with %s, want 1", len(lines), old)
	}
	var replaced strings.Builder
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			t.Fatal(err)
		}
		replaced.WriteString(strings.Replace(lines[0], old, "{address: "+host+", port_value: "+port+"}", 1))
	}
	return strings.Replace(config, lines[0], replaced.String(), 1)
}
