package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// upstreamBodies are the responses of upstream, by path.
var upstreamBodies = map[string]string{
	"/success": `{"total_count":1,"orders":[{"order_id":"CS1","amount":12.5,"name":"` + strings.Repeat("x", 400) + `"}]}`,
	"/error":   `{"error_code":"CBC.3144","error_msg":"There is an order in progress for this resource."}`,
}

// startUpstream stands in for the CBC.
func startUpstream(*replies) (e endpoint, err error) {
	mux := http.NewServeMux()
	for path, body := range upstreamBodies {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
	}
	e.REST, err = listen(func(l net.Listener) error { return http.Serve(l, mux) })
	return e, err
}

// startReverse is the reference for the sidecar: a bare httputil.ReverseProxy.
func startReverse(a *replies) (e endpoint, err error) {
	target := &url.URL{Scheme: "http", Host: a.Upstream}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	e.REST, err = listen(func(l net.Listener) error { return http.Serve(l, proxy) })
	return e, err
}

// measureSidecar measures the latency that the sidecar adds to a call, against the reference.
func measureSidecar(r *results, binary string) error {
	fmt.Fprintln(os.Stderr, "bench: sidecar")
	upstream, err := startSelf("upstream", new(replies))
	if err != nil {
		return err
	}
	defer upstream.stop()
	reverse, err := startSelf("reverse", &replies{Upstream: upstream.REST})
	if err != nil {
		return err
	}
	defer reverse.stop()
	sidecar, err := startSidecar(binary, upstream.REST)
	if err != nil {
		return err
	}
	defer sidecar.stop()
	for range r.config.rounds {
		for path := range upstreamBodies {
			var medians [3]float64
			for i, p := range []*process{upstream, reverse, sidecar} {
				if medians[i], err = medianLatency(p.REST, path, r.config); err != nil {
					return err
				}
			}
			r.add("sidecar"+path, (medians[2]-medians[0])/(medians[1]-medians[0]))
		}
	}
	return nil
}

// medianLatency returns the median latency of calls one after the other, in nanoseconds.
func medianLatency(address, path string, c config) (float64, error) {
	w, err := connect(address)
	if err != nil {
		return 0, err
	}
	defer w.conn.Close()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n")
	var all []time.Duration
	for begin := time.Now(); time.Since(begin) < c.warmup+c.measure; {
		sent := time.Now()
		if err := w.exchange(request, discard); err != nil {
			return 0, err
		}
		if time.Since(begin) > c.warmup {
			all = append(all, time.Since(sent))
		}
	}
	slices.Sort(all)
	return float64(all[len(all)/2]), nil
}
