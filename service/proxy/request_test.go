package proxy_test

import (
	"bufio"
	"bytes"
	"encoding/pem"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/proxy"
	"github.com/google/go-cmp/cmp"
)

// startRecorder starts a raw upstream. It answers each connection with 200 and sends what it has received.
func startRecorder(t *testing.T) (url string, received <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	requests := make(chan string, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			requests <- record(conn)
		}
	}()
	return "http://" + l.Addr().String(), requests
}

// record reads a request as it is on the wire, up to the end of its body, and answers it.
func record(conn net.Conn) string {
	defer conn.Close()
	var raw bytes.Buffer
	r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err != nil {
		return err.Error()
	}
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	return raw.String()
}

// TestProxy_Request tests that upstream gets what the client sent, byte for byte, but for the order of the headers.
func TestProxy_Request(t *testing.T) {
	url, received := startRecorder(t)
	p := start(t, config(url))
	signed := "Host: bss.myhuaweicloud.com\r\nUser-Agent: huaweicloud-usdk-go/3.0\r\nContent-Type: application/json;charset=utf-8\r\n" +
		"X-Sdk-Date: 20260101T000000Z\r\nX-Domain-Id: d1\r\nAuthorization: SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=s\r\n" +
		"X-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\nX-Language: zh_CN\r\nX-Empty: \r\n"
	for _, k := range []struct{ name, line, more, body string }{
		{"plain", "GET /v2/orders", "", ""},
		{"query", "GET /v2/orders?a=1&b=%20+;c=%zz&a=2&%E4%BD=?", "", ""},
		{"question mark alone", "GET /v2/orders?", "", ""},
		{"escaped path", "GET /v2/a%2fb/%e4%bd%a0/!*'();:@&=+$,[]/~%7E", "", ""},
		{"dots and slashes", "GET /v2/../a//b/./", "", ""},
		{"two slashes first", "GET //v2/a%2Fb", "", ""},
		{"characters of no URL", "GET /a\"{|}^`<>%2f", "", ""},
		{"no user agent", "DELETE /x", "", ""},
		{"body", "POST /v2/orders", "Content-Length: 9\r\n", `{"a":"你"}`[:9]},
		{"chunked body", "POST /v2/orders", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
		{"accepted codings", "GET /x", "Accept-Encoding: gzip\r\n", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			head := signed
			if k.name == "no user agent" {
				head = strings.Replace(head, "User-Agent: huaweicloud-usdk-go/3.0\r\n", "", 1)
			}
			response := exchange(t, p.Addr(), k.line+" HTTP/1.1\r\n"+head+k.more+"Connection: close\r\n\r\n"+k.body)
			if !strings.HasSuffix(response, "\r\n\r\n{}") {
				t.Errorf("response %q", response)
			}
			want := k.line + " HTTP/1.1\r\n" + head + strings.Replace(k.more, "Accept-Encoding: gzip\r\n", "", 1) + "\r\n" + k.body
			if diff := cmp.Diff(lines(want), lines(<-received)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestProxy_RequestTarget tests the request lines that cannot pass as they are: the path of each does.
func TestProxy_RequestTarget(t *testing.T) {
	url, received := startRecorder(t)
	p := start(t, config(url))
	for line, want := range map[string]string{
		`GET //x/a%2f"`: `GET http://bss.myhuaweicloud.com//x/a%2f"`, // of two forms, package url can write this one only
		`GET http://bss.myhuaweicloud.com/v2/a%2f"?b="`:  `GET /v2/a%2f"?b="`,
		`GET http://bss.myhuaweicloud.com//x/a%2f"?b=%"`: `GET http://bss.myhuaweicloud.com//x/a%2f"?b=%"`,
		`GET http://bss.myhuaweicloud.com`:               `GET /`,
		`GET /x?u=http://y//z`:                           `GET /x?u=http://y//z`,
	} {
		exchange(t, p.Addr(), line+" HTTP/1.1\r\nHost: bss.myhuaweicloud.com\r\nConnection: close\r\n\r\n")
		if got, _, _ := strings.Cut(<-received, " HTTP/1.1\r\n"); got != want {
			t.Errorf("%s: upstream received %s, want %s", line, got, want)
		}
	}
}

// TestProxy_Upgrade tests that a client which offers HTTP/2 in the clear, as Java's does, stays with HTTP/1.1.
func TestProxy_Upgrade(t *testing.T) {
	url, received := startRecorder(t)
	response := exchange(t, start(t, config(url)).Addr(),
		"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n\r\n")
	if got, want := <-received, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"; got != want || !strings.HasPrefix(response, "HTTP/1.1 200 OK\r\n") {
		t.Errorf("upstream received %q, want %q; the client %q", got, want, response)
	}
}

// lines returns the request line, the sorted headers and the body.
func lines(request string) []string {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	all := strings.Split(head, "\r\n")
	slices.Sort(all[1:])
	return append(all, body)
}

// TestProxy_TLS tests the verification of upstream. The certificate of httptest names example.com and 127.0.0.1.
func TestProxy_TLS(t *testing.T) {
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) }))
	upstream.Config.ErrorLog = log.New(io.Discard, "", 0) // it logs each refused handshake
	upstream.StartTLS()
	t.Cleanup(upstream.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw})
	if err := os.WriteFile(ca, text, 0o600); err != nil {
		t.Fatal(err)
	}
	address := upstream.Listener.Addr().String()
	for _, k := range []struct {
		name, url, address, ca string
		status                 int
	}{
		{"address in the certificate", upstream.URL, "", ca, 200},
		{"name in the certificate, other address", "https://example.com", address, ca, 200},
		{"other name", "https://" + upstreamHost, address, ca, 502},
		{"authorities of the system", upstream.URL, "", "", 502},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := config(k.url)
			c.UpstreamAddr, c.UpstreamCA = k.address, k.ca
			r := get(t, start(t, c).Addr(), "/")
			if r.status != k.status || r.status == 200 && string(r.body) != upstreamHost {
				t.Errorf("HTTP %d %s, want %d and the Host of the client", r.status, r.body, k.status)
			}
			if r.status != 200 && r.header.Get("cbcerr-outcome") != "NOT_APPLIED" {
				t.Errorf("%v, want NOT_APPLIED: nothing was sent", r.header)
			}
		})
	}
}

// TestListen_Invalid tests that errors name the flag.
func TestListen_Invalid(t *testing.T) {
	table, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, k := range []struct {
		change func(*proxy.Config)
		want   string
	}{
		{func(c *proxy.Config) { c.Upstream = "" }, `--upstream: ""`},
		{func(c *proxy.Config) { c.Upstream = "bss.myhuaweicloud.com" }, "--upstream: "},
		{func(c *proxy.Config) { c.Upstream = "https://bss.myhuaweicloud.com/v2" }, "--upstream: "},
		{func(c *proxy.Config) { c.Upstream = "https://user@bss.myhuaweicloud.com" }, "--upstream: "},
		{func(c *proxy.Config) { c.UpstreamCA = "/no/such" }, "--upstream-ca: "},
		{func(c *proxy.Config) { c.UpstreamCA = "proxy.go" }, "--upstream-ca: proxy.go: no certificate"},
		{func(c *proxy.Config) { c.UpstreamAddr = "10.0.0.1" }, `--upstream-addr: "10.0.0.1"`},
		{func(c *proxy.Config) { c.Locale = "xx" }, `--locale: "xx"`},
		{func(c *proxy.Config) { c.RaisePartial = true }, "--raise-partial needs --raise"},
		{func(c *proxy.Config) { c.MaxConnections = -1 }, "--max-connections=-1: must be more than 0"},
		{func(c *proxy.Config) { c.MaxBodyBytes = 0 }, "--max-body=0: must be more than 0"},
		{func(c *proxy.Config) { c.UpstreamReadTimeout = -1 }, "--upstream-read-timeout=-1ns: must be more than 0"},
		{func(c *proxy.Config) { c.Addr = taken.Addr().String() }, "--addr: listen"},
		{func(c *proxy.Config) { c.AdminAddr = taken.Addr().String() }, "--admin-addr: listen"},
	} {
		c := config("https://" + upstreamHost)
		k.change(&c)
		if _, err := proxy.Listen(c, table, slog.New(slog.DiscardHandler)); err == nil || !strings.HasPrefix(err.Error(), k.want) {
			t.Errorf("%v, want %s", err, k.want)
		}
	}
	if _, err := proxy.Listen(config("https://"+upstreamHost), nil, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error without a catalog")
	}
	if _, err := proxy.Listen(config("https://"+upstreamHost), table, nil); err == nil {
		t.Error("no error without a logger")
	}
}
