package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"google.golang.org/protobuf/proto"
)

// questions are requests that are made before anything is measured; callers ask them in turn.
type questions []*errorv1.TranslateRequest

// every is how many codes of the table are left out between two questions: so there are a few dozen.
const every = 5

// locale is the language of all questions.
const locale = "zh-CN"

// realistic are questions about responses as the CBC sends them: the plain pair of code and message, of different codes, so
// that no cache of one answer helps, with HTTP 200 and 403 and two headers.
func realistic(c *catalog.Catalog) questions {
	var q questions
	for i, e := range c.Entries() {
		if i%every == 0 && e.Code != catalog.Success {
			text, _ := c.Localize(e.Code, catalog.DefaultLocale)
			q = append(q, question(len(q), plainBody(e.Code, text)))
		}
	}
	return q
}

// question is a question about a body; the number makes it differ from others.
func question(number int, body []byte) *errorv1.TranslateRequest {
	status := []int32{http.StatusOK, http.StatusForbidden}[number%2]
	return &errorv1.TranslateRequest{
		Response: &errorv1.RawResponse{
			HttpStatus: status,
			Headers:    map[string]string{"X-Request-Id": fmt.Sprintf("%032x", number), "Content-Type": "application/json"},
			Body:       &errorv1.RawResponse_Raw{Raw: body},
		},
		Locales: []string{locale},
	}
}

// plainBody is the body of an error in its plain shape.
func plainBody(code, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // cannot happen: a string has JSON
	}
	return fmt.Appendf(nil, `{"error_code":%q,"error_msg":%s}`, code, quoted)
}

// bodyOf are questions whose bodies are of a number of bytes, for the length of the message.
func bodyOf(size int) questions {
	const code = "CBC.99003651"
	return questions{question(1, plainBody(code, strings.Repeat("x", max(0, size-len(plainBody(code, ""))))))}
}

// failing is a question about a response a number of whose parts failed.
func failing(parts int) questions {
	const part = `{"resource_id":"6f1d6a2b9c0e4d1f","error_code":"CBC.99003651","error_msg":"Another operation is in progress."}`
	body := `{"fail_resource_infos":[` + strings.TrimSuffix(strings.Repeat(part+",", parts), ",") + `]}`
	return questions{question(0, []byte(body))}
}

// cycled are a number of questions, the same ones again and again.
func (q questions) cycled(n int) questions {
	all := make(questions, n)
	for i := range all {
		all[i] = q[i%len(q)]
	}
	return all
}

// batch is all questions at once.
func (q questions) batch() *errorv1.BatchTranslateRequest {
	return &errorv1.BatchTranslateRequest{Requests: q}
}

// stream are the questions as a stream has them.
func (q questions) stream() []*errorv1.StreamTranslateRequest {
	return each(q, func(r *errorv1.TranslateRequest) *errorv1.StreamTranslateRequest {
		return &errorv1.StreamTranslateRequest{Id: r.GetResponse().GetHeaders()["X-Request-Id"], Request: r}
	})
}

// raise are the questions of those who want an error.
func (q questions) raise() []*errorv1.RaiseRequest {
	return each(q, func(r *errorv1.TranslateRequest) *errorv1.RaiseRequest {
		return &errorv1.RaiseRequest{Response: r.GetResponse(), Locales: r.GetLocales()}
	})
}

// meanSize is how many bytes a question has in protobuf, on average.
func (q questions) meanSize() int {
	total := 0
	for _, r := range q {
		total += proto.Size(r)
	}
	return total / len(q)
}

// each makes a list of another.
func each[A, B any](list []A, convert func(A) B) (all []B) {
	for _, a := range list {
		all = append(all, convert(a))
	}
	return all
}
