package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/replay"
	"google.golang.org/protobuf/encoding/prototext"
)

//go:embed cases/*.txtpb
var caseFiles embed.FS

// readCases reads the files of cases and adds one case with all golden cases.
func readCases(goldens []golden.Case) ([]*conformancev1.Case, error) {
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
	return append(all, goldenCase(goldens)), nil
}

// goldenCase returns a case with a step for each golden case: all details and all shapes of a body.
func goldenCase(goldens []golden.Case) *conformancev1.Case {
	c := &conformancev1.Case{Name: "golden", EntryPoints: []conformancev1.EntryPoint{
		conformancev1.EntryPoint_ENTRY_POINT_UNARY, conformancev1.EntryPoint_ENTRY_POINT_BATCH, conformancev1.EntryPoint_ENTRY_POINT_STREAM,
		conformancev1.EntryPoint_ENTRY_POINT_RAISE, conformancev1.EntryPoint_ENTRY_POINT_REST, conformancev1.EntryPoint_ENTRY_POINT_REST_RAISE,
	}}
	for _, g := range goldens {
		c.Steps = append(c.Steps, &conformancev1.Step{Request: replay.Request(g), WantTranslation: g.Want})
	}
	return c
}

// A row is a case at one entry point.
type row struct {
	name    string
	request *conformancev1.Request
	steps   []*conformancev1.Step
}

// rowsOf returns the rows of the table, without those of servers that do not run.
func rowsOf(cases []*conformancev1.Case, servers map[conformancev1.Server]server) []row {
	var rows []row
	for _, c := range cases {
		s, running := servers[c.GetServer()]
		if !running {
			continue
		}
		for _, p := range c.GetEntryPoints() {
			name := c.GetName() + "/" + strings.ToLower(strings.TrimPrefix(p.String(), "ENTRY_POINT_"))
			request := &conformancev1.Request{Name: name, EntryPoint: p, GrpcTarget: s.grpc, RestUrl: s.rest}
			for _, step := range c.GetSteps() {
				if step.GetRequest() != nil {
					request.Requests = append(request.Requests, step.GetRequest())
				}
				if step.GetStatus() != nil {
					request.Statuses = append(request.Statuses, step.GetStatus())
				}
			}
			rows = append(rows, row{name: name, request: request, steps: c.GetSteps()})
		}
	}
	return rows
}
