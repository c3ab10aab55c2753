package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	gatewayv1 "github.com/cbcerr/cbcerr/gen/go/gateway/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"golang.org/x/text/language"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// A baselineService is a straightforward implementation of the service, without precomputation. It parses only the pair of code
// and message.
type baselineService struct {
	errorv1.UnimplementedTranslationServiceServer
	catalog *catalog.Catalog
	matcher language.Matcher
}

// startBaseline serves the baseline service on grpc-go with its defaults, and over REST by a gateway that calls it over TCP.
func startBaseline(*replies) (e endpoint, err error) {
	c, err := catalog.Embedded()
	if err != nil {
		return e, err
	}
	var tags []language.Tag
	for _, tag := range c.Locales() {
		tags = append(tags, language.Make(tag))
	}
	g := grpc.NewServer()
	errorv1.RegisterTranslationServiceServer(g, &baselineService{catalog: c, matcher: language.NewMatcher(tags)})
	if e.GRPC, err = listen(g.Serve); err != nil {
		return e, err
	}
	mux := runtime.NewServeMux()
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if err := gatewayv1.RegisterTranslationServiceHandlerFromEndpoint(context.Background(), mux, e.GRPC, options); err != nil {
		return e, err
	}
	e.REST, err = listen(func(l net.Listener) error { return http.Serve(l, mux) })
	return e, err
}

// Translate implements errorv1.TranslationServiceServer.
func (s *baselineService) Translate(ctx context.Context, r *errorv1.TranslateRequest) (*errorv1.TranslateResponse, error) {
	t, err := s.translate(ctx, r.GetResponse(), r.GetLocales())
	return &errorv1.TranslateResponse{Translation: t}, err
}

// BatchTranslate implements errorv1.TranslationServiceServer.
func (s *baselineService) BatchTranslate(ctx context.Context, r *errorv1.BatchTranslateRequest) (*errorv1.BatchTranslateResponse, error) {
	reply := &errorv1.BatchTranslateResponse{}
	for _, one := range r.GetRequests() {
		t, err := s.translate(ctx, one.GetResponse(), one.GetLocales())
		if err != nil {
			return nil, err
		}
		reply.Results = append(reply.Results, &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: t}})
	}
	return reply, nil
}

// StreamTranslate implements errorv1.TranslationServiceServer.
func (s *baselineService) StreamTranslate(stream grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := s.translate(stream.Context(), r.GetRequest().GetResponse(), r.GetRequest().GetLocales())
		if err != nil {
			return err
		}
		result := &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: t}}
		if err := stream.Send(&errorv1.StreamTranslateResponse{Id: r.GetId(), Result: result}); err != nil {
			return err
		}
	}
}

func (s *baselineService) translate(ctx context.Context, r *errorv1.RawResponse, locales []string) (*errorv1.Translation, error) {
	var body struct {
		Code    string `json:"error_code"`
		Message string `json:"error_msg"`
	}
	if err := json.Unmarshal(r.GetRaw(), &body); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	row, ok := s.catalog.Lookup(body.Code)
	if !ok {
		return nil, status.Error(codes.NotFound, body.Code)
	}
	wanted := slices.Concat(locales, metadata.ValueFromIncomingContext(ctx, "accept-language"))
	_, i := language.MatchStrings(s.matcher, wanted...)
	locale := s.catalog.Locales()[i]
	text, _ := s.catalog.Text(row.Code, locale)
	english, _ := s.catalog.Text(row.Code, catalog.DefaultLocale)
	st, err := status.New(codes.Code(code.Code_value[row.Status]), english).WithDetails(baselineDetails(r, row, body.Message, locale, text)...)
	return &errorv1.Translation{Status: st.Proto(), Locale: locale}, err
}

func baselineDetails(r *errorv1.RawResponse, row *catalog.Entry, upstream, locale, text string) []protoadapt.MessageV1 {
	details := []protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: row.Reason, Domain: "cbc.huaweicloud.com", Metadata: map[string]string{
			"code": row.Code, "httpStatus": strconv.Itoa(int(r.GetHttpStatus())), "locale": locale, "message": text,
			"retry": row.Retry, "outcome": row.Outcome, "match": "EXACT", "upstreamMessage": upstream,
		}},
		&errorv1.CbcError{
			Code: errorv1.ErrorCode(row.Number), RawCode: row.Code, HttpStatus: r.GetHttpStatus(), UpstreamMessage: upstream,
			Reason:  errorv1.ErrorReason(errorv1.ErrorReason_value["ERROR_REASON_"+row.Reason]),
			Retry:   errorv1.RetryAdvice(errorv1.RetryAdvice_value["RETRY_ADVICE_"+row.Retry]),
			Outcome: errorv1.Outcome(errorv1.Outcome_value["OUTCOME_"+row.Outcome]), Match: errorv1.Match_MATCH_EXACT,
		},
		&errdetails.LocalizedMessage{Locale: locale, Message: text},
		&errdetails.RequestInfo{RequestId: r.GetHeaders()["X-Request-Id"]},
	}
	if row.Source == catalog.Page {
		details = append(details, &errdetails.Help{Links: []*errdetails.Help_Link{{Description: "Huawei Cloud's page of error codes (in Chinese)", Url: "https://support.huaweicloud.com/api-bpconsole/zh-cn_topic_0081766005.html"}}})
	}
	if row.Wait > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(row.Wait)})
	}
	return details
}
