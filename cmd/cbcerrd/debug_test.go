package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDebugPages_SetTheLogLevel(t *testing.T) {
	t.Parallel()
	mux, level := http.NewServeMux(), new(slog.LevelVar)
	debugPages{level}.RegisterPages(mux)
	for _, c := range []struct {
		method, body string
		status       int
		reply        string
		level        slog.Level
	}{
		{"GET", "", 200, "INFO\n", slog.LevelInfo},
		{"PUT", "debug\n", 200, "DEBUG\n", slog.LevelDebug},
		{"GET", "", 200, "DEBUG\n", slog.LevelDebug},
		{"PUT", "loud", 400, "\"loud\" is not a level: debug, info, warn or error\n", slog.LevelDebug},
		{"PUT", strings.Repeat("debug", 100), 400, "\"debugdebugdebugd\" is not a level: debug, info, warn or error\n", slog.LevelDebug},
		{"POST", "warn", 405, "Method Not Allowed\n", slog.LevelDebug},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(c.method, "/log-level", strings.NewReader(c.body)))
		if w.Code != c.status || w.Body.String() != c.reply || level.Level() != c.level {
			t.Errorf("%s %.9s: %d %q at %v, want %d %q at %v", c.method, c.body, w.Code, w.Body, level, c.status, c.reply, c.level)
		}
	}
}
