package explorer_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/explorer"
)

// explain returns what it was asked, or an error if that is nothing.
func explain(r explorer.Response) (any, error) {
	if r.Text == "" && r.Raw == nil {
		return nil, errors.New("nothing to explain")
	}
	return r, nil
}

// The explanation is that of the function, for text and for bytes. An error is JSON too.
func TestExplorer_Explain(t *testing.T) {
	t.Parallel()
	address := startServer(t, "") + "/explorer/explain"
	for request, want := range map[string]struct {
		status int
		text   string
	}{
		`{"response":{"httpStatus":400,"text":"a","origin":{"site":"cn"}},"locales":["en"]}`: {200, `{"httpStatus":400,"text":"a","raw":null,"origin":{"service":"","site":"cn"}}`},
		`{"response":{"raw":"AP8="}}`: {200, `{"httpStatus":0,"text":"","raw":"AP8=","origin":{"service":"","site":""}}`},
		`{}`:                          {400, `{"message":"nothing to explain"}`},
		`{`:                           {400, `{"message":"unexpected EOF"}`},
	} {
		got, err := http.Post(address, "application/json", strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		text, err := io.ReadAll(got.Body)
		if got.StatusCode != want.status || strings.TrimSpace(string(text)) != want.text || err != nil || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s, %s", request, got.Status, text)
		}
	}
}

// The page learns the address of gRPC.
func TestExplorer_ServerInfo(t *testing.T) {
	t.Parallel()
	got := send(t, http.MethodGet, startServer(t, "")+"/explorer/server.json", "").text
	if want := `{"grpcAddr":"[::]:9090","tls":true}`; strings.TrimSpace(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
