package service_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestContract_FieldBehavior holds AIP-203: every field that a request holds is marked, as required or optional.
func TestContract_FieldBehavior(t *testing.T) {
	checked := map[protoreflect.FullName]bool{}
	for _, file := range []protoreflect.FileDescriptor{errorv1.File_cbc_error_v1_translation_service_proto, errorv1.File_cbc_error_v1_catalog_service_proto} {
		for i := range file.Services().Len() {
			for methods, j := file.Services().Get(i).Methods(), 0; j < methods.Len(); j++ {
				checkBehavior(t, methods.Get(j).Input(), checked)
			}
		}
	}
	if len(checked) < 10 {
		t.Errorf("%d messages checked", len(checked))
	}
}

func checkBehavior(t *testing.T, m protoreflect.MessageDescriptor, checked map[protoreflect.FullName]bool) {
	t.Helper()
	if checked[m.FullName()] || m.ParentFile().Package() != "cbc.error.v1" || m.IsMapEntry() {
		return
	}
	checked[m.FullName()] = true
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		behavior, _ := proto.GetExtension(field.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
		if len(behavior) != 1 || behavior[0] != annotations.FieldBehavior_REQUIRED && behavior[0] != annotations.FieldBehavior_OPTIONAL {
			t.Errorf("%s: field behavior %v, want REQUIRED or OPTIONAL", field.FullName(), behavior)
		}
		if field.Message() != nil {
			checkBehavior(t, field.Message(), checked)
		}
	}
}

// errorInfo is the JSON of an ErrorInfo.
type errorInfo struct {
	Reason, Domain string
	Metadata       map[string]string
}

// example finds the ErrorInfo in the comment of a reason.
var example = regexp.MustCompile("(?s)Example: `(.*)`")

// TestContract_ExamplesOfReasons holds that each ErrorInfo in a comment is part of one in a golden file.
func TestContract_ExamplesOfReasons(t *testing.T) {
	golden := goldenErrorInfos(t)
	enum := describedFile(t, "cbc/error/v1/error_reason.proto").Enums().ByName("ErrorReason")
	examples := 0
	for i := range enum.Values().Len() {
		value := enum.Values().Get(i)
		found := example.FindStringSubmatch(enum.ParentFile().SourceLocations().ByDescriptor(value).LeadingComments)
		if found == nil {
			continue
		}
		examples++
		var info errorInfo
		if err := json.Unmarshal([]byte(found[1]), &info); err != nil {
			t.Errorf("%s: %v", value.Name(), err)
		}
		if "ERROR_REASON_"+info.Reason != string(value.Name()) || !containsInfo(golden, info) {
			t.Errorf("%s: no golden file has %+v", value.Name(), info)
		}
	}
	if examples != 3 {
		t.Errorf("%d examples, want 3", examples)
	}
}

// containsInfo reports whether one of the infos has the reason, the domain and at least the metadata of another one.
func containsInfo(infos []errorInfo, want errorInfo) bool {
	for _, info := range infos {
		missing := info.Reason != want.Reason || info.Domain != want.Domain
		for key, value := range want.Metadata {
			missing = missing || info.Metadata[key] != value
		}
		if !missing {
			return true
		}
	}
	return false
}

// goldenErrorInfos returns the ErrorInfos of the golden translations.
func goldenErrorInfos(t *testing.T) []errorInfo {
	t.Helper()
	names, err := filepath.Glob("translate/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []errorInfo
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, answer, _ := strings.Cut(string(content), "-- answer --\n")
		var translation struct{ Status struct{ Details []errorInfo } }
		if json.NewDecoder(strings.NewReader(answer)).Decode(&translation) == nil && len(translation.Status.Details) > 0 {
			all = append(all, translation.Status.Details[0])
		}
	}
	return all
}

// describedFile returns the descriptor of a file with its comments.
func describedFile(t *testing.T, path string) protoreflect.FileDescriptor {
	t.Helper()
	content, err := os.ReadFile("../gen/cbcerr.binpb")
	if err != nil {
		t.Fatal(err)
	}
	set := new(descriptorpb.FileDescriptorSet)
	if err := proto.Unmarshal(content, set); err != nil {
		t.Fatal(err)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	file, err := files.FindFileByPath(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
