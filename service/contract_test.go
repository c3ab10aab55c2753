package service_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestContract_FieldBehavior tests AIP-203: every field that a request holds is marked, as required or optional.
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

// example finds the ErrorInfo in the comment of a reason.
var example = regexp.MustCompile("(?s)Example: `(.*)`")

// TestContract_ExamplesOfReasons tests that each ErrorInfo in a comment is part of one in a golden file.
func TestContract_ExamplesOfReasons(t *testing.T) {
	infos := goldenErrorInfos(t)
	enum := describedFile(t, "cbc/error/v1/error_reason.proto").Enums().ByName("ErrorReason")
	examples := 0
	for i := range enum.Values().Len() {
		value := enum.Values().Get(i)
		found := example.FindStringSubmatch(enum.ParentFile().SourceLocations().ByDescriptor(value).LeadingComments)
		if found == nil {
			continue
		}
		examples++
		info := new(errdetails.ErrorInfo)
		if err := protojson.Unmarshal([]byte(found[1]), info); err != nil {
			t.Errorf("%s: %v", value.Name(), err)
		}
		if "ERROR_REASON_"+info.GetReason() != string(value.Name()) || !containsInfo(infos, info) {
			t.Errorf("%s: no golden case has %v", value.Name(), info)
		}
	}
	if examples != 3 {
		t.Errorf("%d examples, want 3", examples)
	}
}

// containsInfo reports whether one of the infos has the reason, the domain and at least the metadata of another one.
func containsInfo(infos []*errdetails.ErrorInfo, want *errdetails.ErrorInfo) bool {
	return slices.ContainsFunc(infos, func(info *errdetails.ErrorInfo) bool {
		for key, value := range want.GetMetadata() {
			if info.GetMetadata()[key] != value {
				return false
			}
		}
		return info.GetReason() == want.GetReason() && info.GetDomain() == want.GetDomain()
	})
}

// goldenErrorInfos returns the ErrorInfos of the golden translations.
func goldenErrorInfos(t *testing.T) (all []*errdetails.ErrorInfo) {
	t.Helper()
	cases, err := golden.Read("translate/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		all = append(all, golden.Detail[errdetails.ErrorInfo](c.Want.GetStatus()))
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
