package main

import (
	"crypto/tls"
	"io"
	"maps"
	"net"
	"net/http"
)

// startStatic starts the limit of REST: net/http with a handler that reads the body and answers with constant bytes, and the
// headers that cbcerr sent with them.
func startStatic(s setup, own *identity) (endpoint, error) {
	listener, err := net.Listen("tcp", loopback)
	if err != nil {
		return endpoint{}, err
	}
	if own != nil {
		config, err := own.server()
		if err != nil {
			return endpoint{}, err
		}
		listener = tls.NewListener(listener, config)
	}
	mux := http.NewServeMux()
	for path, p := range s.Answers.Pages {
		mux.Handle(path, p)
	}
	go finish(func() error { return http.Serve(listener, mux) })
	return endpoint{REST: listener.Addr().String()}, nil
}

// ServeHTTP answers with the page, whatever is asked.
func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return // the client is gone
	}
	maps.Copy(w.Header(), p.Header)
	_, _ = w.Write(p.Body) // if the client is gone, nobody is left to tell
}
