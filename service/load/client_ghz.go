package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// ghzLoads are loads by ghz, a client that others wrote and that knows no generated type: it asks one question all the time.
// There are none without the program. It has no batches: in one of 300 short runs the gRPC of 2020 that ghz v0.93 is built
// with resets such a stream with FLOW_CONTROL_ERROR while it widens its windows.
func ghzLoads(program string) []load {
	if program == "" {
		return nil
	}
	ask := func(e endpoint, l load, q questions) (session, error) {
		return newGhz(program, e, l, strings.TrimPrefix(errorv1.TranslationService_Translate_FullMethodName, "/"), q[0])
	}
	return []load{{"unary/64/ghz", ask, 64, 1, grpcPair, 0}}
}

// ghz is a session whose callers are another program's.
type ghz struct {
	program string
	args    []string
	folder  string // of what it reads
}

func newGhz(program string, e endpoint, l load, method string, request proto.Message) (session, error) {
	folder, err := os.MkdirTemp("", "load")
	if err != nil {
		return nil, err
	}
	g := &ghz{program: program, folder: folder}
	types, question := filepath.Join(folder, "types"), filepath.Join(folder, "question")
	g.args = []string{
		"--insecure", "--protoset", types, "--call", method, "--binary-file", question,
		"--concurrency", strconv.Itoa(l.inFlight), "--connections", strconv.Itoa(l.conns),
		"--duration-stop", "wait", "--format", "json", e.GRPC,
	}
	set := &descriptorpb.FileDescriptorSet{File: withImports(errorv1.File_cbc_error_v1_translation_service_proto, map[string]bool{})}
	if err := errors.Join(writeMessage(types, set), writeMessage(question, request)); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// withImports are a file and all that it imports, each after what it needs.
func withImports(file protoreflect.FileDescriptor, seen map[string]bool) (all []*descriptorpb.FileDescriptorProto) {
	if seen[file.Path()] {
		return nil
	}
	seen[file.Path()] = true
	for i := range file.Imports().Len() {
		all = append(all, withImports(file.Imports().Get(i).FileDescriptor, seen)...)
	}
	return append(all, protodesc.ToFileDescriptorProto(file))
}

func writeMessage(file string, m proto.Message) error {
	content, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

func (g *ghz) close() { os.RemoveAll(g.folder) }

// A ghzReport is what ghz writes of a run, as far as it is read.
type ghzReport struct {
	Total   time.Duration `json:"total"`
	Details []struct {
		Latency time.Duration `json:"latency"`
		Error   string        `json:"error"`
	} `json:"details"`
}

// run calls for a time, and tells how long it was until the last call had its answer. With one that failed there is nothing to tell.
func (g *ghz) run(d time.Duration) (*histogram, time.Duration, error) {
	out, err := exec.Command(g.program, append([]string{"--duration", d.String()}, g.args...)...).Output()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w: %s", g.program, err, out)
	}
	var r ghzReport
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, 0, fmt.Errorf("what %s reports: %w", g.program, err)
	}
	calls := new(histogram)
	for _, call := range r.Details {
		if call.Error != "" {
			return nil, 0, fmt.Errorf("%s: %s", g.program, call.Error)
		}
		calls.add(call.Latency)
	}
	if calls.count == 0 {
		return nil, 0, fmt.Errorf("%s: no call has ended within %v", g.program, d)
	}
	return calls, r.Total, nil
}
