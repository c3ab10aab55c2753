package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

type entryPoint func(context.Context, *conformancev1.Request) ([]*conformancev1.Observation, error)

var entryPoints = map[conformancev1.EntryPoint]entryPoint{
	conformancev1.EntryPoint_ENTRY_POINT_UNARY:      overGRPC(translate),
	conformancev1.EntryPoint_ENTRY_POINT_BATCH:      overGRPC(batch),
	conformancev1.EntryPoint_ENTRY_POINT_STREAM:     overGRPC(stream),
	conformancev1.EntryPoint_ENTRY_POINT_RAISE:      overGRPC(raise),
	conformancev1.EntryPoint_ENTRY_POINT_CATALOG:    overGRPC(list),
	conformancev1.EntryPoint_ENTRY_POINT_REST:       translateOverREST,
	conformancev1.EntryPoint_ENTRY_POINT_REST_RAISE: raiseOverREST,
	conformancev1.EntryPoint_ENTRY_POINT_READ:       readAll,
}

// overGRPC connects for one request.
func overGRPC(call func(context.Context, *grpc.ClientConn, *conformancev1.Request) ([]*conformancev1.Observation, error)) entryPoint {
	return func(ctx context.Context, req *conformancev1.Request) ([]*conformancev1.Observation, error) {
		conn, err := grpc.NewClient(req.GetGrpcTarget(), grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		return call(ctx, conn, req)
	}
}

func translate(ctx context.Context, conn *grpc.ClientConn, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for _, request := range req.GetRequests() {
		reply, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, request)
		observation, err := translationOrRejection(reply.GetTranslation(), err)
		if err != nil {
			return nil, err
		}
		all = append(all, observation)
	}
	return all, nil
}

func batch(ctx context.Context, conn *grpc.ClientConn, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	reply, err := errorv1.NewTranslationServiceClient(conn).BatchTranslate(ctx, &errorv1.BatchTranslateRequest{Requests: req.GetRequests()})
	for _, result := range reply.GetResults() {
		all = append(all, resultObservation(result))
	}
	return all, err
}

func stream(ctx context.Context, conn *grpc.ClientConn, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	calls, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	if err != nil {
		return nil, err
	}
	go func() { // Recv returns the errors of Send
		for i, request := range req.GetRequests() {
			if calls.Send(&errorv1.StreamTranslateRequest{Id: strconv.Itoa(i), Request: request}) != nil {
				return
			}
		}
		_ = calls.CloseSend()
	}()
	for {
		reply, err := calls.Recv()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if reply.GetId() != strconv.Itoa(len(all)) {
			return nil, fmt.Errorf("answer %d has the id %q", len(all), reply.GetId())
		}
		all = append(all, resultObservation(reply.GetResult()))
	}
}

func raise(ctx context.Context, conn *grpc.ClientConn, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for _, request := range req.GetRequests() {
		_, err := errorv1.NewTranslationServiceClient(conn).Raise(ctx, &errorv1.RaiseRequest{Response: request.GetResponse(), Locales: request.GetLocales()})
		observation, err := raisedObservation(err)
		if err != nil {
			return nil, err
		}
		all = append(all, observation)
	}
	return all, nil
}

func list(ctx context.Context, conn *grpc.ClientConn, _ *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for request := (&errorv1.ListErrorCodesRequest{}); ; {
		page, err := errorv1.NewCatalogServiceClient(conn).ListErrorCodes(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, entry := range page.GetEntries() {
			all = append(all, &conformancev1.Observation{Entry: entry, Meaning: meaning(errorv1.ErrorCode(entry.GetNumber()))})
		}
		if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
			return all, nil
		}
	}
}

func readAll(_ context.Context, req *conformancev1.Request) (all []*conformancev1.Observation, err error) {
	for _, s := range req.GetStatuses() {
		all = append(all, statusObservation(s))
	}
	return all, nil
}

// rejection returns the observation of the service's own error. It returns any other error unchanged.
func rejection(err error) (*conformancev1.Observation, error) {
	if s := status.Convert(err).Proto(); rejected(s) {
		return &conformancev1.Observation{Rejected: s}, nil
	}
	return nil, err
}

func translationOrRejection(t *errorv1.Translation, err error) (*conformancev1.Observation, error) {
	if err != nil {
		return rejection(err)
	}
	return translationObservation(t), nil
}

func raisedObservation(err error) (*conformancev1.Observation, error) {
	if err == nil {
		return statusObservation(&statuspb.Status{}), nil
	}
	if len(status.Convert(err).Details()) == 0 || rejected(status.Convert(err).Proto()) {
		return rejection(err)
	}
	return errorObservation(err), nil
}
