package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

// partial is a success of which one item failed.
const partial = `{"order_ids":["CS1"],"fail_resource_infos":[{"resource_id":"r1","error_code":"CBC.0250","error_msg":"m"}]}`

func TestFailure_Error(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	throttled, _ := c.Text("CBC.0250", "en")
	partly, _ := c.Text("CBC.5020", "en")
	for body, want := range map[string]string{
		`{"error_code":"CBC.0250"}`: "CBC.0250 REQUEST_THROTTLED: " + throttled,
		partial:                     "PARTIAL_FAILURE: " + partly + " (failed items: 1)",
	} {
		if err := english(t).CheckBody(200, nil, []byte(body)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestFailure_Items(t *testing.T) {
	var f *client.Failure
	if err := english(t).CheckBody(200, nil, []byte(partial)); !errors.As(err, &f) {
		t.Fatal(err)
	}
	if len(f.Items) != 1 || f.Items[0].ID != "r1" || !errors.Is(f.Items[0].Err, cbcerr.ReasonRequestThrottled) || f.HTTPStatus != 200 || string(f.Body()) != partial {
		t.Errorf("%+v", f)
	}
}

func TestFailure_Reason(t *testing.T) {
	err := fmt.Errorf("placing the order: %w", english(t).CheckBody(403, nil, []byte(wrongSite)))
	if !errors.Is(err, cbcerr.ReasonWrongSite) || errors.Is(err, cbcerr.ReasonAccessDenied) {
		t.Errorf("%v has another reason", err)
	}
	var e *cbcerr.Error
	if !errors.As(err, &e) || e.Code != "CBC.0150" {
		t.Errorf("%v wraps %v", err, e)
	}
}

// Languages that do not fit leave the choice to WithLocales.
func TestFailure_Localize(t *testing.T) {
	chinese, err := client.New(client.WithLocales("zh-CN"))
	if err != nil {
		t.Fatal(err)
	}
	var f *client.Failure
	if !errors.As(chinese.CheckBody(403, nil, []byte(wrongSite)), &f) {
		t.Fatal("no failure")
	}
	tests := []struct {
		languages []string
		locale    string
	}{
		{nil, "zh-CN"}, {[]string{"en"}, "en"}, {[]string{"fr"}, "zh-CN"}, {[]string{"fr, en-GB;q=0.5"}, "en"}, {[]string{"fr", "zh"}, "zh-CN"},
	}
	for _, tc := range tests {
		got := f.Localize(tc.languages...)
		if got.Err.Locale != tc.locale || got.Err.Code != f.Err.Code || got.HTTPStatus != 403 {
			t.Errorf("%q: %+v, want %s", tc.languages, got.Err, tc.locale)
		}
	}
	if f.Err.Locale != "zh-CN" {
		t.Errorf("Localize changed its failure to %s", f.Err.Locale)
	}
	other := &client.Failure{Err: f.Err}
	if got := other.Localize("en"); got != other {
		t.Errorf("%+v", got)
	}
}

// A gRPC server that wraps the error sends code and details.
func TestFailure_PassedOnByServer(t *testing.T) {
	failure := english(t).CheckBody(403, nil, []byte(wrongSite))
	got, ok := cbcerr.FromError(callServer(t, fmt.Errorf("placing the order: %w", failure)))
	if !ok || got.Code != "CBC.0150" || got.Reason != cbcerr.ReasonWrongSite || got.Detail.GetHttpStatus() != 403 {
		t.Fatalf("%+v, %t", got, ok)
	}
	code := status.Code(failure)
	if want := "placing the order: " + failure.Error(); got.Status.GetMessage() != want || got.Status.GetCode() != int32(code) || code == codes.Unknown {
		t.Errorf("%d %q, want %d %q", got.Status.GetCode(), got.Status.GetMessage(), code, want)
	}
	want := status.Convert(failure).Proto().GetDetails()
	if diff := cmp.Diff(want, got.Status.GetDetails(), protocmp.Transform()); diff != "" || len(want) < 4 {
		t.Errorf("%d details (-want +got)\n%s", len(want), diff)
	}
}

// failingServer returns an error.
type failingServer struct {
	errorv1.UnimplementedCatalogServiceServer
	err error
}

func (s failingServer) ListLocales(context.Context, *errorv1.ListLocalesRequest) (*errorv1.ListLocalesResponse, error) {
	return nil, s.err
}

// callServer returns an error as it arrives at the client of a gRPC server.
func callServer(t *testing.T, err error) error {
	t.Helper()
	listener, listenErr := net.Listen("tcp", "127.0.0.1:0")
	if listenErr != nil {
		t.Fatal(listenErr)
	}
	server := grpc.NewServer()
	errorv1.RegisterCatalogServiceServer(server, failingServer{err: err})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, dialErr := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if dialErr != nil {
		t.Fatal(dialErr)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, err = errorv1.NewCatalogServiceClient(conn).ListLocales(t.Context(), &errorv1.ListLocalesRequest{})
	return err
}

// A Failure that the program made itself is an error without a reason.
func TestFailure_ZeroValue(t *testing.T) {
	f := new(client.Failure)
	if f.Error() == "" || status.Code(f) != codes.Unknown || f.Unwrap() != nil || f.Localize("zh-CN") != f || f.Body() != nil || errors.Is(f, cbcerr.ReasonWrongSite) {
		t.Errorf("%v", f)
	}
	if _, retry := cbcerr.ShouldRetry(f, true); retry {
		t.Error("it permits a retry")
	}
}

func TestNew_Tables(t *testing.T) {
	folder := fstest.MapFS{
		"fr.tsv":       {Data: []byte("key\ttext\nCBC.0250\tTrop de requêtes.\n")},
		"overlays.tsv": {Data: []byte("code\tshape\tmessage\tas\nCBC.0100\t\tslow down\tCBC.0250\n")},
	}
	translator, err := client.New(client.WithTables(folder), client.WithLocales("fr-CH"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := cbcerr.FromError(translator.CheckBody(400, nil, []byte(`{"error_code":"CBC.0100","error_msg":"Slow down!"}`)))
	if got == nil || got.Reason != cbcerr.ReasonRequestThrottled || got.Message != "Trop de requêtes." {
		t.Errorf("%+v", got)
	}
	want := append(english(t).Locales(), "fr")
	slices.Sort(want[1:])
	if !cmp.Equal(translator.Locales(), want) {
		t.Errorf("locales %q, want %q", translator.Locales(), want)
	}
}

func TestNew_Options(t *testing.T) {
	translator, err := client.New(client.WithSite("CN"), nil, client.WithService("bss"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := cbcerr.FromError(translator.CheckBody(403, nil, []byte(wrongSite)))
	metadata := metadataOf(t, got)
	if metadata["suggestedSite"] != "intl" || metadata["service"] != "bss" {
		t.Errorf("%v", metadata)
	}
}

func TestNew_InvalidTables(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"none":           {"readme.txt": {}},
		"language":       {"no_tag.tsv": {Data: []byte("key\ttext\n")}},
		"unknown code":   {"fr.tsv": {Data: []byte("key\ttext\nCBC.1\tx\n")}},
		"overlay, shape": {"overlays.tsv": {Data: []byte("code\tshape\tmessage\tas\nCBC.0100\tround\t\tCBC.0250\n")}},
	} {
		if translator, err := client.New(client.WithTables(folder)); err == nil || translator != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNew_InvalidOptions(t *testing.T) {
	for want, option := range map[string]client.Option{
		`client: WithSite: "moon" is not a site; it must be one of cn, intl, eu, or empty if it is not known`:   client.WithSite("moon"),
		`client: WithService: "\xff" has 1 bytes; it must be UTF-8 with at most 64`:                             client.WithService("\xff"),
		`client: WithService: "` + strings.Repeat("s", 64) + `" has 65 bytes; it must be UTF-8 with at most 64`: client.WithService(strings.Repeat("s", 65)),
		"client: WithTables: the folder is nil":                                                                 client.WithTables(nil),
		"client: WithTables: the folder has no tables (*.tsv)":                                                  client.WithTables(fstest.MapFS(nil)),
	} {
		if translator, err := client.New(option); err == nil || err.Error() != want || translator != nil {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A nil *Failure in an error does not panic.
func TestFailure_Nil(t *testing.T) {
	var none *client.Failure
	err := fmt.Errorf("paying: %w", none.Localize("zh-CN"))
	if _, ok := cbcerr.ShouldRetry(err, true); ok || errors.Is(err, io.EOF) || status.Code(err) != codes.Unknown {
		t.Errorf("%v: retry %t, code %v", err, ok, status.Code(err))
	}
}
