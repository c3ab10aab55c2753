package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// services are the systems of gateway.tsv by what their codes begin with.
var services = map[string]string{"APIGW": "apigateway", "IAM": "iam", "MKT": "koogallery"}

var wellFormedGatewayCode = regexp.MustCompile(`^(APIGW|IAM|MKT)\.[0-9]{4}$`)

// gatewayLaws are about each line of gateway.tsv; entryLaws hold for it too.
var gatewayLaws = []lineLaw{
	{"gateway code well-formed", func(r row) string {
		return unless(wellFormedGatewayCode.MatchString(r["code"]), "not APIGW, IAM or MKT, a dot and 4 digits")
	}},
	{"service of the code", func(r row) string {
		system, _, _ := strings.Cut(r["code"], ".")
		return unless(r["service"] == services[system], "service %q", r["service"])
	}},
	{"http of a gateway code is a status or none", func(r row) string {
		return unless(r["http"] == "" || between(r["http"], 100, 599), "http %q", r["http"])
	}},
	{"gateway status canonical", func(r row) string { return among(slices.Concat(statuses, []string{"UNIMPLEMENTED"}), r["status"]) }},
	{"missing route is no missing resource", func(r row) string {
		return unless((r["code"] == "APIGW.0101") == (r["status"] == "UNIMPLEMENTED"), "status %s", r["status"])
	}},
}

// gatewayCounts: a new line changes a number here.
func gatewayCounts(t *testing.T, all tables) {
	lines := map[string]int{}
	for _, r := range all.gateway {
		lines[r["service"]]++
	}
	if lines["apigateway"] != 46 || lines["iam"] != 33 || lines["koogallery"] != 13 {
		t.Errorf("lines by service: %v", lines)
	}
}

func gatewaySorted(t *testing.T, all tables) {
	before := ""
	for _, r := range all.gateway {
		key := r["code"] + "/" + r["http"]
		if key <= before {
			t.Errorf("%s: stands after %s", key, before)
		}
		before = key
	}
}

// gatewayMeaningsApart: HTTP decides only where a code means several things, as 0201 of the gateway does.
func gatewayMeaningsApart(t *testing.T, all tables) {
	lines := map[string]int{}
	for _, r := range all.gateway {
		lines[r["code"]]++
	}
	for _, r := range all.gateway {
		if several := lines[r["code"]] > 1; several == (r["http"] == "") || several != (r["code"] == "APIGW.0201") {
			t.Errorf("%s: %d lines, http %q", r["code"], lines[r["code"]], r["http"])
		}
	}
}
