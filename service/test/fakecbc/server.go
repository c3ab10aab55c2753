// Package fakecbc is a fake of Huawei Cloud's billing center for tests of clients: SDKs, adapters and proxies. It checks
// the signature of every request, as the API gateway does, and answers from scenarios.json, a table of responses and
// their meanings.
//
//	cbc, err := fakecbc.Start()
//	defer cbc.Close()
//	// call cbc.URL with fakecbc.TestKeys, then read cbc.Calls()
//
// The program serve is the same for tests in other languages.
package fakecbc

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// TestKeys are the keys that a Handler accepts.
var TestKeys = Keys{Access: "FAKEACCESSKEY0000001", Secret: "fake-secret-key-of-no-account"}

// A Call is a request that came.
type Call struct {
	Scenario  string // empty if none has the path
	Signature error  // what is wrong with the signature; nil if it is valid
}

// A Handler answers requests. It is safe for concurrent use.
type Handler struct {
	// Unsigned lets the handler answer requests whose signature is missing or wrong. Set it before the first request.
	Unsigned bool

	scenarios map[string]Scenario // by method and path
	mutex     sync.Mutex
	calls     []Call
}

// NewHandler returns a Handler of all scenarios.
func NewHandler() (*Handler, error) {
	all, err := Scenarios()
	if err != nil {
		return nil, err
	}
	h := &Handler{scenarios: map[string]Scenario{}}
	for _, s := range all {
		h.scenarios[s.Method+" "+s.Path] = s
	}
	return h, nil
}

// Calls returns the requests so far.
func (h *Handler) Calls() []Call {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return slices.Clone(h.calls)
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = TestKeys.verify(r, body, time.Now())
	}
	s, ok := h.scenarios[r.Method+" "+r.URL.Path]
	h.mutex.Lock()
	h.calls = append(h.calls, Call{s.Name, err})
	h.mutex.Unlock()
	switch {
	case err != nil && !h.Unsigned:
		refuse(w, http.StatusUnauthorized, "APIGW.0301", fmt.Sprintf("Incorrect IAM authentication information: %v", err))
	case !ok:
		refuse(w, http.StatusNotFound, "APIGW.0101", fmt.Sprintf("The API does not exist: %s %s", r.Method, r.URL.Path))
	default:
		s.write(w)
	}
}

// refuse answers as the API gateway does.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error_code":%q,"error_msg":%q,"request_id":"fake"}`, code, message)
}

// write sends the response of a scenario. A Content-Length that is too great breaks it off.
func (s Scenario) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("X-Request-Id", s.Name)
	for name, value := range s.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(s.Status)
	_, _ = io.WriteString(w, s.Body)
}

// A Server is a Handler with a port.
type Server struct {
	*Handler
	*httptest.Server
}

// Start starts a Server.
func Start() (*Server, error) {
	h, err := NewHandler()
	if err != nil {
		return nil, err
	}
	return &Server{h, httptest.NewServer(h)}, nil
}
