package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// answer is a translation in its REST form.
type answer struct {
	text   json.RawMessage // all of it, to be compared
	id     string          // of the item, if it is one
	Status status
	Items  []item
}

type item struct {
	ID     string
	Status status
}

type status struct {
	Code    int
	Details []detail
}

// detail holds the members that are judged, of any type of detail.
type detail struct {
	Type            string `json:"@type"`
	Reason, Domain  string
	Metadata        map[string]string
	Locale, Message string
	RequestID       string
	RetryDelay      string
	FieldViolations []struct{ Field string }
}

func readAnswer(text json.RawMessage) (answer, error) {
	a := answer{text: text}
	return a, json.Unmarshal(text, &a)
}

// String returns the answer in a few words.
func (a answer) String() string {
	return strings.TrimSpace(fmt.Sprint(a.Status, " ", a.Items))
}

func (s status) String() string {
	m := s.info().Metadata
	return fmt.Sprint(s.name(), " ", s.info().Reason, " ", m["code"], " ", m["retry"], " ", m["outcome"], " ", s.wait())
}

// detail returns the detail of a type and whether the status has one.
func (s status) detail(name string) (detail, bool) {
	for _, d := range s.Details {
		if d.Type == "type.googleapis.com/"+name {
			return d, true
		}
	}
	return detail{}, false
}

// info returns the ErrorInfo, empty where upstream succeeded.
func (s status) info() detail {
	d, _ := s.detail("google.rpc.ErrorInfo")
	return d
}

// wait returns the delay of RetryInfo as a duration prints, 0s without one.
func (s status) wait() string {
	d, _ := s.detail("google.rpc.RetryInfo")
	if wait, err := duration(d.RetryDelay); err == nil {
		return wait.String()
	}
	return d.RetryDelay
}

func (s status) fields() string {
	d, _ := s.detail("google.rpc.BadRequest")
	var names []string
	for _, violation := range d.FieldViolations {
		names = append(names, violation.Field)
	}
	return strings.Join(names, " ")
}

// name returns the name of the canonical code.
func (s status) name() string {
	names := strings.Fields(`OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS
		PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL
		UNAVAILABLE DATA_LOSS UNAUTHENTICATED`)
	if s.Code < 0 || s.Code >= len(names) {
		return fmt.Sprint(s.Code)
	}
	return names[s.Code]
}

// duration reads the waits of tables and answers; an empty one is 0.
func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}
