package main_test

import (
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

const (
	translateRaw = "/v1/responses:translateRaw?httpStatus=429"
	throttled    = `{"error_code":"CBC.0250"}`
)

// The startup line names the addresses, the codes and the locales.
func servesWithoutFlags(t *testing.T, p program) {
	d := p.start(t, nil, freePorts()...)
	for _, address := range []string{d.grpc, strings.TrimPrefix(d.rest, "http://")} {
		if host, port, err := net.SplitHostPort(address); err != nil || host != "127.0.0.1" || port == "0" {
			t.Errorf("%q is not an address: %v", address, err)
		}
	}
	for _, fact := range []string{"codes=", "locales=en,"} {
		if !strings.Contains(d.started, fact) {
			t.Errorf("%q not in %q", fact, d.started)
		}
	}
	if status, reply := d.post(t, translateRaw, "zh-CN", throttled); status != 200 || !strings.Contains(reply, "消息流量控制。") {
		t.Errorf("REST: %d %s", status, reply)
	}
	reply, err := errorv1.NewCatalogServiceClient(d.dial(t)).GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: "250"})
	if err != nil || reply.GetEntry().GetCode() != "CBC.0250" {
		t.Errorf("gRPC: %v, %v", reply, err)
	}
}

func stopsOnSignal(t *testing.T, p program) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		status, log := p.start(t, nil, freePorts()...).stop(t, signal)
		if status != 0 || !strings.Contains(log, "msg=stopped") {
			t.Errorf("%v: status %d, %q, want 0 and msg=stopped", signal, status, log)
		}
	}
}
