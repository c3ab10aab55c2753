// Package replay sends golden cases through every entry point of a running service, the command line included, and
// compares the translations. It knows the contract and nothing of how the service is made.
//
//	points, err := replay.Target{GRPC: "127.0.0.1:50051", REST: "http://127.0.0.1:8080"}.EntryPoints()
//	for _, p := range points {
//		err := p.Check(ctx, c)
//	}
package replay

import (
	"context"
	"fmt"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/testing/protocmp"
)

// A Target is where a service runs. An empty field leaves out its entry points.
type Target struct {
	GRPC    string // host:port, without TLS
	REST    string // http://host:port
	Command string // path of the command line, cbcerr
}

// An EntryPoint is one way to have a response translated.
type EntryPoint struct {
	Name string

	// encode returns the request for a case, or nil if the case cannot be sent in this form.
	encode func(golden.Case) *errorv1.TranslateRequest
	call   func(context.Context, golden.Case, *errorv1.TranslateRequest) (*errorv1.Translation, error)

	statusOnly bool // the response is the status alone
	rewritten  bool // the body is encoded anew, so that an upstream message may quote it otherwise
}

// EntryPoints returns the entry points of a target.
func (t Target) EntryPoints() ([]EntryPoint, error) {
	var all []EntryPoint
	if t.GRPC != "" {
		conn, err := grpc.NewClient(t.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return nil, err
		}
		all = append(append(all, calls("grpc/", conn)...), stream("grpc/stream", conn))
	}
	if t.REST != "" {
		all = append(all, calls("rest/", rest{t.REST})...)
	}
	if t.Command != "" {
		all = append(all, t.commands()...)
	}
	return all, nil
}

// Accepts reports whether the case can be sent through the entry point.
func (p EntryPoint) Accepts(c golden.Case) bool { return p.encode(c) != nil }

// Translate sends the case, which the entry point must accept.
func (p EntryPoint) Translate(ctx context.Context, c golden.Case) (*errorv1.Translation, error) {
	return p.call(ctx, c, p.encode(c))
}

// Check sends the case and returns an error if the translation is not c.Want. It returns nil if the entry point does not
// accept the case.
func (p EntryPoint) Check(ctx context.Context, c golden.Case) error {
	if !p.Accepts(c) {
		return nil
	}
	got, err := p.Translate(ctx, c)
	if err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	want, options := c.Want, cmp.Options{protocmp.Transform()}
	if p.statusOnly {
		want = &errorv1.Translation{Status: want.GetStatus()}
	}
	if p.rewritten {
		options = append(options, golden.EquateDocuments())
	}
	if diff := cmp.Diff(want, got, options); diff != "" {
		return fmt.Errorf("%s: (-want +got)\n%s", p.Name, diff)
	}
	return nil
}
