// Command example translates a response with the cbcerrd at the given address, by default localhost:9090.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

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
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	response, err := errorv1.NewTranslationServiceClient(conn).Translate(ctx, &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{HttpStatus: 400, Body: &errorv1.RawResponse_Text{Text: `{"error_code":"CBC.99003651"}`}},
		Locales:  []string{"zh-CN"},
	})
	cancel()
	if err != nil {
		log.Fatal(err) // of cbcerrd itself, such as an invalid request
	}
	e, failed := cbcerr.FromStatus(response.GetTranslation().GetStatus())
	if !failed {
		fmt.Println("the call to the CBC succeeded")
		return
	}
	fmt.Println(e.Reason, e.Retry, e.Message)
}
