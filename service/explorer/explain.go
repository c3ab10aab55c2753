package explorer

import (
	"encoding/json"
	"net/http"
)

// An ExplainFunc says why a response is translated as it is. The explorer encodes the result as JSON.
type ExplainFunc func(Response) (any, error)

// A Response is what a user pasted or dropped, with the names that RawResponse has in JSON.
type Response struct {
	HTTPStatus int    `json:"httpStatus"`
	Text       string `json:"text"`
	Raw        []byte `json:"raw"`
	Origin     struct {
		Service string `json:"service"`
		Site    string `json:"site"`
	} `json:"origin"`
}

// explain answers a request that has the form of TranslateRequest with an explanation.
func (e *Explorer) explain(w http.ResponseWriter, r *http.Request) {
	var request struct{ Response Response }
	err := json.NewDecoder(r.Body).Decode(&request)
	var answer any
	if err == nil {
		answer, err = e.current.Load().explain(request.Response)
	}
	httpStatus := http.StatusOK
	if err != nil {
		httpStatus, answer = http.StatusBadRequest, map[string]string{"message": err.Error()}
	}
	setHeaders(w.Header(), contentTypes[".json"])
	w.WriteHeader(httpStatus)
	_ = json.NewEncoder(w).Encode(answer) // best effort: the client may be gone
}

// A serverInfo is what the page needs to know of its server for commands and programs.
type serverInfo struct {
	GRPCAddr string `json:"grpcAddr"` // host and port; the host may stand for all of the server's
	TLS      bool   `json:"tls"`
}

// SetGRPC sets the address of the gRPC port, and whether it needs TLS. Commands on the page name it.
func (e *Explorer) SetGRPC(address string, tls bool) error {
	info, err := json.Marshal(serverInfo{address, tls})
	if err == nil {
		d := newDocument(contentTypes[".json"], info)
		e.server.Store(&d)
	}
	return err
}
