package proxy

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// forwarded are the headers that ReverseProxy removes from requests, although a client may have signed them.
var forwarded = [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewriteTo returns the function that directs a request to upstream. The SDKs sign the Host header, the path, the query and
// some headers, so these stay as they are. Without Accept-Encoding, upstream does not compress the response.
func rewriteTo(upstream *url.URL) func(*httputil.ProxyRequest) {
	return func(r *httputil.ProxyRequest) {
		target := r.Out.URL
		target.Scheme, target.Host = upstream.Scheme, upstream.Host
		target.RawQuery, target.ForceQuery = r.In.URL.RawQuery, r.In.URL.ForceQuery // ReverseProxy drops what it cannot parse
		target.Opaque = opaqueTarget(r.In)
		r.Out.Host = r.In.Host
		for _, name := range forwarded {
			if values, ok := r.In.Header[name]; ok {
				r.Out.Header[name] = values
			}
		}
		r.Out.Header.Del("Accept-Encoding")
		disableReplay(r.Out.Header)
	}
}

// opaqueTarget returns the path of a request as the client sent it, for url.URL.Opaque: package url would escape it in its own
// way. A path with two slashes first cannot stand in Opaque without the host. It is empty if Path serves.
func opaqueTarget(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if scheme, rest, ok := strings.Cut(path, "://"); ok && !strings.Contains(scheme, "/") { // as to a forward proxy
		path = strings.TrimLeftFunc(rest, func(c rune) bool { return c != '/' })
	}
	switch {
	case !strings.HasPrefix(path, "//"):
		return strings.TrimPrefix(path, "*")
	case path == r.URL.EscapedPath():
		return ""
	}
	return "//" + r.Host + path
}

// disableReplay writes the names in lower case that make http.Transport send a request twice if its connection breaks: the CBC does
// not promise that the second one has no effect.
func disableReplay(h http.Header) {
	for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}
