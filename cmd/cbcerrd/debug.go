package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"strings"
)

// debugPages are the admin port's pages for profiling and the log level.
type debugPages struct{ level *slog.LevelVar }

// RegisterPages implements server.Pages.
func (d debugPages) RegisterPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /log-level", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, d.level.Level()) })
	mux.HandleFunc("PUT /log-level", d.setLevel)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

// maxLevel is the maximum size of a level in bytes.
const maxLevel = 16

// setLevel changes the log level, such as debug or warn.
func (d debugPages) setLevel(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLevel))
	if err == nil {
		err = d.level.UnmarshalText([]byte(strings.TrimSpace(string(text))))
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("%.16q is not a level: debug, info, warn or error", text), http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, d.level.Level())
}
