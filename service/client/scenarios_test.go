package client_test

import (
	"errors"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/test/fakecbc"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// TestError_Scenarios tests the meaning of each scenario of the fake CBC.
func TestCheckBody_Scenarios(t *testing.T) {
	all, err := fakecbc.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		header := map[string][]string{}
		for name, value := range s.Headers {
			header[name] = []string{value}
		}
		got := meaningOf(english(t).CheckBody(s.Status, header, []byte(s.Body)))
		if diff := cmp.Diff(s.Want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", s.Name, diff)
		}
	}
}

// meaningOf returns what an error of this package says.
func meaningOf(err error) fakecbc.Meaning {
	var f *client.Failure
	if !errors.As(err, &f) {
		return fakecbc.Meaning{Status: "OK"}
	}
	e := f.Err
	m := fakecbc.Meaning{Code: e.Code, Reason: string(e.Reason), Retry: string(e.Retry), Outcome: string(e.Outcome)}
	m.Status = code.Code_name[e.Status.GetCode()]
	if wait, ok := cbcerr.ShouldRetry(err, false); ok {
		m.Wait = fakecbc.Duration(wait)
	}
	for _, item := range f.Items {
		m.Items = append(m.Items, item.ID)
	}
	return m
}
