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

type door func(context.Context, *conformancev1.Task) ([]*conformancev1.Reading, error)

var doors = map[conformancev1.Door]door{
	conformancev1.Door_DOOR_UNARY:      overGRPC(translate),
	conformancev1.Door_DOOR_BATCH:      overGRPC(batch),
	conformancev1.Door_DOOR_STREAM:     overGRPC(stream),
	conformancev1.Door_DOOR_RAISE:      overGRPC(raise),
	conformancev1.Door_DOOR_CATALOG:    overGRPC(list),
	conformancev1.Door_DOOR_REST:       translateOverREST,
	conformancev1.Door_DOOR_REST_RAISE: raiseOverREST,
	conformancev1.Door_DOOR_READ:       readAll,
}

// overGRPC connects for one task.
func overGRPC(ask func(context.Context, *grpc.ClientConn, *conformancev1.Task) ([]*conformancev1.Reading, error)) door {
	return func(ctx context.Context, task *conformancev1.Task) ([]*conformancev1.Reading, error) {
		conn, err := grpc.NewClient(task.GetGrpcTarget(), grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		return ask(ctx, conn, task)
	}
}

func translate(ctx context.Context, conn *grpc.ClientConn, task *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	for _, request := range task.GetRequests() {
		answer, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, request)
		reading, err := translationOrRefusal(answer.GetTranslation(), err)
		if err != nil {
			return nil, err
		}
		all = append(all, reading)
	}
	return all, nil
}

func batch(ctx context.Context, conn *grpc.ClientConn, task *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	answer, err := errorv1.NewTranslationServiceClient(conn).BatchTranslate(ctx, &errorv1.BatchTranslateRequest{Requests: task.GetRequests()})
	for _, result := range answer.GetResults() {
		all = append(all, resultReading(result))
	}
	return all, err
}

func stream(ctx context.Context, conn *grpc.ClientConn, task *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	calls, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	if err != nil {
		return nil, err
	}
	go func() { // what goes wrong here is seen by Recv
		for i, request := range task.GetRequests() {
			if calls.Send(&errorv1.StreamTranslateRequest{Id: strconv.Itoa(i), Request: request}) != nil {
				return
			}
		}
		_ = calls.CloseSend()
	}()
	for {
		answer, err := calls.Recv()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if answer.GetId() != strconv.Itoa(len(all)) {
			return nil, fmt.Errorf("answer %d has the id %q", len(all), answer.GetId())
		}
		all = append(all, resultReading(answer.GetResult()))
	}
}

func raise(ctx context.Context, conn *grpc.ClientConn, task *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	for _, request := range task.GetRequests() {
		_, err := errorv1.NewTranslationServiceClient(conn).Raise(ctx, &errorv1.RaiseRequest{Response: request.GetResponse(), Locales: request.GetLocales()})
		reading, err := raisedReading(err)
		if err != nil {
			return nil, err
		}
		all = append(all, reading)
	}
	return all, nil
}

func list(ctx context.Context, conn *grpc.ClientConn, _ *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	for request := (&errorv1.ListErrorCodesRequest{}); ; {
		page, err := errorv1.NewCatalogServiceClient(conn).ListErrorCodes(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, entry := range page.GetEntries() {
			all = append(all, &conformancev1.Reading{Entry: entry, Meaning: meaning(errorv1.ErrorCode(entry.GetNumber()))})
		}
		if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
			return all, nil
		}
	}
}

func readAll(_ context.Context, task *conformancev1.Task) (all []*conformancev1.Reading, err error) {
	for _, s := range task.GetStatuses() {
		all = append(all, statusReading(s))
	}
	return all, nil
}

// refusal is the reading of an error of the service itself; any other is the task's failure.
func refusal(err error) (*conformancev1.Reading, error) {
	if s := status.Convert(err).Proto(); refused(s) {
		return &conformancev1.Reading{Refused: s}, nil
	}
	return nil, err
}

func translationOrRefusal(t *errorv1.Translation, err error) (*conformancev1.Reading, error) {
	if err != nil {
		return refusal(err)
	}
	return translationReading(t), nil
}

func raisedReading(err error) (*conformancev1.Reading, error) {
	if err == nil {
		return statusReading(&statuspb.Status{}), nil
	}
	if len(status.Convert(err).Details()) == 0 || refused(status.Convert(err).Proto()) {
		return refusal(err)
	}
	return errorReading(err), nil
}
