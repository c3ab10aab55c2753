// Command example translates a response with the cbcerrd at the given address, by default localhost:9090.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	target := "localhost:9090"
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	_, err = errorv1.NewTranslationServiceClient(conn).Raise(context.Background(), &errorv1.RaiseRequest{
		Response: &errorv1.RawResponse{HttpStatus: 400, Body: &errorv1.RawResponse_Text{Text: `{"error_code":"CBC.99003651"}`}},
		Locales:  []string{"zh-CN"},
	})
	e, ok := cbcerr.FromError(err)
	if !ok {
		log.Fatal(err)
	}
	fmt.Println(e.Reason, e.Retry, e.Message)
}
