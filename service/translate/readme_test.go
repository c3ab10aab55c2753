package translate_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// tableOf returns the cells of a document's table with the given header.
func tableOf(t *testing.T, document, header string) (rows [][]string) {
	t.Helper()
	readme, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), header+"\n")
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") {
			if strings.HasPrefix(line, "|-") {
				continue
			}
			break
		}
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		rows = append(rows, cells)
	}
	if len(rows) < 8 {
		t.Fatalf("%d rows below %q", len(rows), header)
	}
	return rows
}

// TestReadme_Matches translates the example of each rule.
func TestReadme_Matches(t *testing.T) {
	for _, row := range tableOf(t, "README.md", "| `match` | rule | example: HTTP status, body |") {
		number, body, _ := strings.Cut(row[2], " ")
		httpStatus, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		got := newTranslator(t).Translate(withBody(httpStatus, body), "en").Translation
		if match := infoOf(t, got.GetStatus()).GetMetadata()["match"]; match != row[0] {
			t.Errorf("%s: match %s, the README has %s", row[2], match, row[0])
		}
	}
}

// TestReadme_Texts translates the examples of texts in the README of package envelope.
func TestReadme_Texts(t *testing.T) {
	for _, row := range tableOf(t, "../envelope/README.md", "| what | example | `match` | certain |") {
		for _, httpStatus := range []int{0, 400} {
			want := fmt.Sprint(row[2], " ", httpStatus == 400 && row[3] == "yes")
			got := newTranslator(t).Translate(withBody(httpStatus, row[1]), "en").Translation
			facts := infoOf(t, got.GetStatus()).GetMetadata()
			if found := fmt.Sprint(facts["match"], " ", facts["certain"] != "false"); found != want {
				t.Errorf("%d %s: match and certainty %s, the README has %s", httpStatus, row[1], found, want)
			}
		}
	}
}

// httpStatuses are HTTP statuses that the README's table names in words.
var httpStatuses = map[string]string{"other 4xx": "400, 402, 407, 410, 418, 422, 498", "all others": "0, 100, 302, 500, 501, 505, 599"}

// httpBodies are the bodies of responses, by the README's word for their code.
var httpBodies = map[string][]string{
	"none":                                {`{}`},
	"unknown":                             {`{"error_code":"CBC.77777777"}`, `{"error_code":"ABC.0001"}`},
	"any":                                 {`{}`, `{"error_code":"CBC.77777777"}`, `{"error_code":"ABC.0001"}`},
	"none, or a message about throttling": {`{}`, `{"error_code":"CBC.77777777","error_msg":"Too many requests"}`},
}

// TestReadme_HTTPStatuses translates responses with every HTTP status of the README.
func TestReadme_HTTPStatuses(t *testing.T) {
	translator := newTranslator(t)
	for _, row := range tableOf(t, "README.md", "| HTTP | code | status | retry | outcome |") {
		statuses, named := httpStatuses[row[0]]
		if !named {
			statuses = row[0]
		}
		if len(httpBodies[row[1]]) == 0 {
			t.Errorf("%q: no body", row[1])
		}
		for _, body := range httpBodies[row[1]] {
			for number := range strings.SplitSeq(statuses, ", ") {
				checkHTTPStatus(t, translator, number, body, strings.Join(row[2:], " "))
			}
		}
	}
}

func checkHTTPStatus(t *testing.T, translator *translate.Translator, number, body, want string) {
	t.Helper()
	httpStatus, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	status := translator.Translate(withBody(httpStatus, body), "en").GetStatus()
	facts := infoOf(t, status).GetMetadata()
	if got := fmt.Sprint(code.Code(status.GetCode()), " ", facts["retry"], " ", facts["outcome"]); got != want {
		t.Errorf("%d %s: %s, the README has %s", httpStatus, body, got, want)
	}
}
