package rpc

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
)

type restRequestKey struct{}

// A restRequest is the HTTP request of a method.
type restRequest struct {
	query      string
	snakePaths func() map[string]bool // paths in the body that end in a name of several words; read on first use
}

// withRESTRequest adds the HTTP request to the context of a method.
func withRESTRequest(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		request := &restRequest{r.URL.RawQuery, sync.OnceValue(func() map[string]bool { return snakePaths(r) })}
		next(w, r.WithContext(context.WithValue(r.Context(), restRequestKey{}, request)), params)
	}
}

// restRequestOf returns the HTTP request of a method, nil over gRPC.
func restRequestOf(ctx context.Context) *restRequest {
	r, _ := ctx.Value(restRequestKey{}).(*restRequest)
	return r
}

// snakeName matches a field name of several words at the end of a path.
var snakeName = regexp.MustCompile(`[a-z]+(?:_[a-z]+)+$`)

// withFieldNames spells the field of a fieldError as the client does: over gRPC by its name in the contract, over REST by
// that name if the request has it, else by its JSON name.
func withFieldNames(ctx context.Context, err error) error {
	e, ok := errors.AsType[*fieldError](err)
	r := restRequestOf(ctx)
	if !ok || r == nil || !snakeName.MatchString(e.field) || r.has(e.field) {
		return err
	}
	return &fieldError{snakeName.ReplaceAllStringFunc(e.field, jsonName), e.description}
}

// has reports whether the request has a field by this path. The fields of a query have no path.
func (r *restRequest) has(field string) bool {
	if !strings.Contains(field, ".") {
		return strings.Contains(r.query, field+"=")
	}
	return r.snakePaths()[field]
}

// maxFieldDepth is the number of objects and lists around a field of a request: requests, its element, response.
const maxFieldDepth = 4

// snakePaths returns the paths in a body that end in a name of several words. The gateway has read the body already.
func snakePaths(r *http.Request) map[string]bool {
	paths := map[string]bool{}
	if r.GetBody == nil {
		return paths
	}
	body, err := r.GetBody()
	if err != nil {
		return paths
	}
	text := bufio.NewReader(body)
	if mark, _ := text.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // it has been peeked
	}
	d := jsontext.NewDecoder(text, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return paths
		}
		if token.Kind() == '"' && d.StackDepth() <= maxFieldDepth && snakeName.MatchString(token.String()) {
			paths[path(d.StackPointer())] = true
		}
	}
}

// jsonName returns the JSON name of a field, such as httpStatus.
func jsonName(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
