package render_test

import (
	"fmt"
	"net/http"

	"github.com/cbcerr/cbcerr/service/render"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/types/known/anypb"
)

func ExampleNewProblem() {
	info, err := anypb.New(&errdetails.ErrorInfo{
		Reason: "REQUEST_THROTTLED", Domain: "cbc.huaweicloud.com", Metadata: map[string]string{"code": "CBC.0250"},
	})
	if err != nil {
		panic(err)
	}
	status := &statuspb.Status{Code: 8, Message: "Request control.", Details: []*anypb.Any{info}}
	problem := render.NewProblem(status, http.StatusTooManyRequests, "https://errors.example.com")
	fmt.Println(problem.Type)
	fmt.Println(problem.Title, problem.Status, problem.Code)
	// Output:
	// https://errors.example.com/reasons/REQUEST_THROTTLED
	// Request throttled 429 CBC.0250
}
