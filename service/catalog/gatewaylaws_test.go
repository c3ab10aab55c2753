package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// services are the services of gateway.tsv by the prefix of their codes.
var services = map[string]string{"APIGW": "apigateway", "IAM": "iam", "MKT": "koogallery"}

var wellFormedGatewayCode = regexp.MustCompile(`^(APIGW|IAM|MKT)\.[0-9]{4}$`)

// gatewayLaws are about each row of gateway.tsv, in addition to entryLaws.
var gatewayLaws = []rowLaw{
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

// gatewayCounts: change the numbers with each new row.
func gatewayCounts(t *testing.T, all tables) {
	rows := map[string]int{}
	for _, r := range all.gateway {
		rows[r["service"]]++
	}
	if rows["apigateway"] != 46 || rows["iam"] != 33 || rows["koogallery"] != 13 {
		t.Errorf("rows by service: %v", rows)
	}
}

func gatewaySorted(t *testing.T, all tables) {
	before := ""
	for _, r := range all.gateway {
		key := r["code"] + "/" + r["http"]
		if key <= before {
			t.Errorf("%s: sorted behind %s", key, before)
		}
		before = key
	}
}

// gatewayMeaningsApart: only a code with several meanings requires HTTP statuses. APIGW.0201 is the only one.
func gatewayMeaningsApart(t *testing.T, all tables) {
	rows := map[string]int{}
	for _, r := range all.gateway {
		rows[r["code"]]++
	}
	for _, r := range all.gateway {
		if several := rows[r["code"]] > 1; several == (r["http"] == "") || several != (r["code"] == "APIGW.0201") {
			t.Errorf("%s: %d rows, http %q", r["code"], rows[r["code"]], r["http"])
		}
	}
}
