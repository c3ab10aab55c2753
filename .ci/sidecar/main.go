// Command sidecar calls a fake CBC with real SDKs, first directly and then through the sidecar, and compares what they see.
// Each SDK calls the CBC by its own name, in the clear: the hosts file leads the name to this program, which records the
// bytes of each connection and passes them on. The sidecar speaks TLS to the fake, which checks every signature.
//
//	raised.tsv    what each scenario becomes if its error is raised
//	python, …     the programs that call the scenarios with the SDKs
//
// It runs in namespaces of its own, see the script run. Example:
//
//	go run ./.ci/sidecar -cbcerrd ./cbcerrd -cert cbc.pem -key cbc.key python='python3 calls.py'
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/service/test/fakecbc"
)

// upstreamHost is the name of the CBC.
const upstreamHost = "bss.myhuaweicloud.com"

func main() {
	daemon := flag.String("cbcerrd", "cbcerrd", "`path` of cbcerrd")
	cert := flag.String("cert", "", "`file` of the certificate of the fake CBC, which signs itself")
	key := flag.String("key", "", "`file` of its key")
	table := flag.String("table", ".ci/sidecar/raised.tsv", "`file` of the raised errors")
	flag.Parse()
	runtime.LockOSThread() // the sidecars end with the thread that starts them
	if err := run(*daemon, *cert, *key, *table, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run starts the fake and a sidecar for each mode, and checks each SDK. An SDK is NAME=COMMAND.
func run(daemon, cert, key, table string, sdks []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	c := checker{}
	var err error
	if c.scenarios, err = fakecbc.Scenarios(); err != nil {
		return err
	}
	if c.raised, err = readRaised(table); err != nil {
		return err
	}
	if c.cbc, err = fakecbc.NewHandler(); err != nil {
		return err
	}
	direct, secure, err := serve(c.cbc, cert, key)
	if err != nil {
		return err
	}
	defer direct.Close()
	defer secure.Close()
	targets := map[string]string{modeDirect: direct.Listener.Addr().String()}
	for mode, flags := range modes {
		address, err := startSidecar(daemon, append(flags, "--upstream-addr", secure.Listener.Addr().String(), "--upstream-ca", cert))
		if err != nil {
			return fmt.Errorf("%s: %w", mode, err)
		}
		targets[mode] = address
	}
	var failures error
	for _, sdk := range sdks {
		name, command, _ := strings.Cut(sdk, "=")
		begin := time.Now()
		failures = errors.Join(failures, c.check(ctx, name, strings.Fields(command), targets))
		fmt.Printf("%s: %d scenarios in %d modes, %.0f s\n", name, len(c.scenarios), len(targets), time.Since(begin).Seconds())
	}
	return failures
}

// serve starts the fake in the clear, and with TLS.
func serve(h *fakecbc.Handler, cert, key string) (direct, secure *httptest.Server, err error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, nil, err
	}
	secure = httptest.NewUnstartedServer(h)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	secure.StartTLS()
	return httptest.NewServer(h), secure, nil
}
