package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// ServiceOf returns the service of another system's code, such as iam for IAM.0012, or "" if the tables have no such system.
func ServiceOf(code string) string {
	system, _, _ := strings.Cut(code, ".")
	return map[string]string{"APIGW": "apigateway", "IAM": "iam", "MKT": "koogallery"}[system]
}

// gatewayRules are about each row of gateway.tsv, in addition to entryRules.
func gatewayRules() []rule {
	return []rule{
		matches("code", `^(APIGW|IAM|MKT)\.[0-9]{4}$`, "APIGW, IAM or MKT, a dot and 4 digits; a code of the CBC begins with CBC."),
		{"service", func(r record) bool { return r.cells["service"] == ServiceOf(r.cells["code"]) }, "apigateway, iam or koogallery, as its code says"},
		{"http", func(r record) bool { return r.cells["http"] == "" || isHTTPStatus(r.cells["http"]) }, "empty or 100-599"},
		oneOf("status", append(strings.Fields(statusNames), "UNIMPLEMENTED")...),
		// A missing route must not look like a missing resource.
		{"status", func(r record) bool {
			return (r.cells["code"] == "APIGW.0101") == (r.cells["status"] == "UNIMPLEMENTED")
		},
			"UNIMPLEMENTED for APIGW.0101, and for no other code"},
	}
}

func checkGateway(all *tables) []error {
	return slices.Concat(check(all.gateway, gatewayRules()), checkSorted(all.gateway, "code", compareGateway), checkMeaningsApart(all))
}

// compareGateway is the order of gateway.tsv: by code and HTTP status.
func compareGateway(a, b record) int {
	return cmp.Or(cmp.Compare(a.cells["code"], b.cells["code"]), cmp.Compare(a.cells["http"], b.cells["http"]))
}

// checkMeaningsApart: only a code with several meanings requires HTTP statuses.
func checkMeaningsApart(all *tables) (errs []error) {
	rows := map[string]int{}
	for _, r := range all.gateway {
		rows[r.cells["code"]]++
	}
	for _, r := range all.gateway {
		if several := rows[r.cells["code"]] > 1; several == (r.cells["http"] == "") {
			errs = append(errs, r.broken("http", "a status if the code has several rows, else empty"))
		}
	}
	return errs
}
