package fakecbc

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"time"
)

// A Scenario is a request, the response to it, and what the response means.
type Scenario struct {
	Name    string            `json:"name"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Want    Meaning           `json:"want"`
}

// A Meaning is what a response means: what a translation must say. All but Status are empty if the call succeeded.
type Meaning struct {
	Status  string   `json:"status"` // name of a google.rpc.Code
	Code    string   `json:"code"`
	Reason  string   `json:"reason"`
	Retry   string   `json:"retry"`
	Outcome string   `json:"outcome"`
	Wait    Duration `json:"wait"` // before a retry; 0 if there is none
	Items   []string `json:"items"`
}

// Failed reports whether the call failed.
func (m Meaning) Failed() bool { return m.Status != "OK" }

// A Duration is a time.Duration that JSON writes as 1s.
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

//go:embed scenarios.json
var scenarios []byte

// Scenarios returns all scenarios of scenarios.json.
func Scenarios() ([]Scenario, error) {
	var all []Scenario
	decoder := json.NewDecoder(bytes.NewReader(scenarios))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&all)
	return all, err
}
