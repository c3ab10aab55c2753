package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
)

//go:embed cases/*.txtpb
var caseFiles embed.FS

// readCases reads the files of cases, and makes one of the golden conversations.
func readCases(goldenFolder string) ([]*conformancev1.Case, error) {
	names, err := fs.Glob(caseFiles, "cases/*")
	if err != nil {
		return nil, err
	}
	var all []*conformancev1.Case
	for _, name := range names {
		content, err := caseFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		suite := new(conformancev1.Suite)
		if err := prototext.Unmarshal(content, suite); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, suite.GetCases()...)
	}
	conversations, err := goldenCase(goldenFolder)
	return append(all, conversations), err
}

// goldenCase asks for all golden conversations: every detail there is, every shape of a body.
func goldenCase(folder string) (*conformancev1.Case, error) {
	conversations, err := golden.Read(folder)
	if err != nil {
		return nil, err
	}
	c := &conformancev1.Case{Name: "golden_conversations", Doors: []conformancev1.Door{
		conformancev1.Door_DOOR_UNARY, conformancev1.Door_DOOR_BATCH, conformancev1.Door_DOOR_STREAM,
		conformancev1.Door_DOOR_RAISE, conformancev1.Door_DOOR_REST, conformancev1.Door_DOOR_REST_RAISE,
	}}
	for _, conversation := range conversations {
		want := new(errorv1.Translation)
		if err := protojson.Unmarshal(conversation.Answer, want); err != nil {
			return nil, fmt.Errorf("%s: %w", conversation.File, err)
		}
		c.Questions = append(c.Questions, &conformancev1.Question{Request: request(conversation), WantTranslation: want})
	}
	return c, nil
}

func request(c golden.Conversation) *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{Locales: []string{c.Locale}, Response: &errorv1.RawResponse{
		HttpStatus: int32(c.Status), Headers: c.Headers, Body: &errorv1.RawResponse_Raw{Raw: c.Body},
		Origin: &errorv1.Origin{Service: c.Service, Site: c.Site},
	}}
}

// A row is a case through one door: what each language is asked.
type row struct {
	name      string
	task      *conformancev1.Task
	questions []*conformancev1.Question
}

// rowsOf are the rows of the table, but for those whose server is not there.
func rowsOf(cases []*conformancev1.Case, servers map[conformancev1.Server]server) []row {
	var rows []row
	for _, c := range cases {
		s, running := servers[c.GetServer()]
		if !running {
			continue
		}
		for _, door := range c.GetDoors() {
			name := c.GetName() + "/" + strings.ToLower(strings.TrimPrefix(door.String(), "DOOR_"))
			task := &conformancev1.Task{Name: name, Door: door, GrpcTarget: s.grpc, RestUrl: s.rest}
			for _, q := range c.GetQuestions() {
				if q.GetRequest() != nil {
					task.Requests = append(task.Requests, q.GetRequest())
				}
				if q.GetStatus() != nil {
					task.Statuses = append(task.Statuses, q.GetStatus())
				}
			}
			rows = append(rows, row{name: name, task: task, questions: c.GetQuestions()})
		}
	}
	return rows
}
