package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files returns the contents of all files below a directory, by path.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			contents[path] = read(t, filepath.Join(root, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// args are flags of a good code. Further ones precede them.
func args(code string, further ...string) []string {
	good := []string{"--http=400", "--reason=BALANCE_INSUFFICIENT", "--en=No funds for this.", "--zh=余额不足。", "--source=public code"}
	return slices.Concat([]string{"add", code, "--tables-only"}, good, further)
}

const ofNewReason = "--reason=WALLET_FROZEN --status=FAILED_PRECONDITION --retry=FIX_STATE --outcome=NOT_APPLIED --detail=precondition:FUNDS"

// newReason are flags of a code with a new reason. Further ones replace them.
func newReason(code string, further ...string) []string {
	flags := append(strings.Fields(ofNewReason), "--comment=The wallet is frozen.",
		"--advice-en=Have the wallet released, then repeat the call.", "--advice-zh=请解冻钱包后重试。")
	return args(code, append(flags, further...)...)
}

// An insertion is a line that add inserts into a table, and the beginning of the line before it.
type insertion struct{ before, line string }

// A good row is inserted into its table, in its place, and the generated files are those of the new tables.
func TestAdd_GoodRow(t *testing.T) {
	for _, tc := range []struct {
		name  string
		args  []string
		lines map[string]insertion
		words map[string]string // in generated files
	}{
		{"meaning of the reason", args("CBC.5099"), map[string]insertion{"codes.tsv": {"CBC.5003\t",
			"CBC.5099\t400\tFAILED_PRECONDITION\tBALANCE_INSUFFICIENT\tFIX_STATE\tNOT_APPLIED\t\tprecondition:FUNDS\tNo funds for this.\t余额不足。\t\tpublic code"}},
			map[string]string{generated[0]: "ERROR_CODE_CBC_5099 = 5099 [", generated[3]: `code: "CBC.5099" number: 5099 reason: "BALANCE_INSUFFICIENT" retry: "FIX_STATE"`}},
		{"last code, without HTTP status, translated", args("CBC.99999998", "--http=", "--translated=en,zh-CN"), map[string]insertion{"codes.tsv": {"CBC.99006006\t",
			"CBC.99999998\t\tFAILED_PRECONDITION\tBALANCE_INSUFFICIENT\tFIX_STATE\tNOT_APPLIED\t\tprecondition:FUNDS\tNo funds for this.\t余额不足。\ten,zh-CN\tpublic code"}},
			map[string]string{generated[0]: "ERROR_CODE_CBC_99999998 = 99999998 ["}},
		{"code of the gateway", args("IAM.0099", "--http=", "--reason=REQUEST_THROTTLED", "--wait=1s"), map[string]insertion{"gateway.tsv": {"IAM.",
			"IAM.0099\t\tiam\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED\tBACKOFF\tNOT_APPLIED\t1s\tquota:requests\tNo funds for this.\t余额不足。\t\tpublic code"}},
			map[string]string{generated[3]: `code: "IAM.0099" number: 0 reason: "REQUEST_THROTTLED"`}},
		{"new reason", newReason("CBC.5098"), map[string]insertion{
			"codes.tsv": {"CBC.5003\t",
				"CBC.5098\t400\tFAILED_PRECONDITION\tWALLET_FROZEN\tFIX_STATE\tNOT_APPLIED\t\tprecondition:FUNDS\tNo funds for this.\t余额不足。\t\tpublic code"},
			"reasons.tsv": {"220\t", "221\tWALLET_FROZEN\tThe wallet is frozen.\t\t\tHave the wallet released, then repeat the call.\t请解冻钱包后重试。"}},
			map[string]string{generated[1]: "ERROR_REASON_WALLET_FROZEN = ", generated[2]: `ReasonWalletFrozen Reason = "WALLET_FROZEN"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := repository(t, lawfulDir)
			if status, err := run([]string{"generate", root}, io.Discard); status != 0 || err != nil {
				t.Fatal(status, err)
			}
			before := files(t, root)
			if status, err := run(append(tc.args, "--root", root), io.Discard); status != 0 || err != nil {
				t.Fatalf("status %d, error %v", status, err)
			}
			after := files(t, root)
			for table, want := range tc.lines {
				wantInserted(t, before["service/catalog/"+table], after["service/catalog/"+table], want)
			}
			for name, words := range tc.words {
				if strings.Contains(before[name], words) || !strings.Contains(after[name], words) {
					t.Errorf("%s has no new %s", name, words)
				}
			}
			if status, err := run([]string{"generate", root}, io.Discard); status != 0 || err != nil || !cmp.Equal(after, files(t, root)) {
				t.Errorf("status %d, error %v: another generate changes files", status, err)
			}
		})
	}
}

func wantInserted(t *testing.T, before, after string, want insertion) {
	t.Helper()
	lines := strings.Split(after, "\n")
	i := slices.Index(lines, want.line)
	if i < 1 || !strings.HasPrefix(lines[i-1], want.before) {
		t.Fatalf("no line\n%s\nbehind %s in\n%s", want.line, want.before, after)
	}
	if rest := strings.Join(slices.Delete(lines, i, i+1), "\n"); rest != before {
		t.Errorf("other lines have changed (-before +after)\n%s", cmp.Diff(before, rest))
	}
}

// badRows are arguments of add and a part of the error.
var badRows = []struct {
	name string
	args []string
	want string
}{
	{"unknown status", newReason("CBC.5099", "--status=FAILED"), `codes.tsv:14: CBC.5099: status: "FAILED" must be one of OK, UNKNOWN, `},
	{"success", newReason("CBC.5099", "--status=OK"), `status: "OK" must be OK for CBC.0000`},
	{"unknown retry advice", newReason("CBC.5099", "--retry=AGAIN"), `retry: "AGAIN" must be one of CHANGE_REQUEST, `},
	{"unknown outcome", newReason("CBC.5099", "--outcome=MAYBE"), `outcome: "MAYBE" must be one of NOT_APPLIED, `},
	{"no status", newReason("CBC.5099", "--status="), `status: "" must be one of`},
	{"payment that clients repeat", newReason("CBC.5099", "--status=UNAVAILABLE", "--outcome=IN_PROGRESS"), `outcome: "IN_PROGRESS" must be NOT_APPLIED, APPLIED or ALREADY_APPLIED`},
	{"wait without backoff", newReason("CBC.5099", "--wait=5s"), `wait: "5s" must be empty, or whole seconds`},
	{"unknown detail", newReason("CBC.5099", "--detail=funds"), `detail: "funds" must be words like field:name,name`},
	{"another meaning than the reason", args("CBC.5099", "--retry=BACKOFF"), `retry: "BACKOFF" must be "FIX_STATE" as in codes.tsv:13, which has the same reason`},
	{"unknown reason", args("CBC.5099", "--reason=WALLET_FROZEN"), `reason: reasons.tsv has no "WALLET_FROZEN"; a new reason needs a comment, advice.en and advice.zh-CN`},
	{"no reason", args("CBC.5099", "--reason="), `reasons.tsv has no ""`},
	{"known reason with a comment", args("CBC.5099", "--comment=Other."), `reason: "BALANCE_INSUFFICIENT" is in reasons.tsv:`},
	{"malformed reason", newReason("CBC.5099", "--reason=frozen"), `reason: "frozen" must be capital letters`},
	{"reason of unknown codes", args("CBC.5099", "--reason=FOREIGN_CODE"), `reason: "FOREIGN_CODE" must be the reason of a code, or one of`},
	{"new reason without advice", newReason("CBC.5099", "--advice-en="), `WALLET_FROZEN: advice.en: "" must be one sentence`},
	{"advice that contradicts the retry advice", newReason("CBC.5099", "--advice-en=Retry the call."), `advice.en: "Retry the call." must be advice that fits FIX_STATE`},
	{"known code", args("CBC.5003"), `code: "CBC.5003" is in codes.tsv:13 already`},
	{"known code of the gateway", args("APIGW.0308", "--http="), `code: "APIGW.0308" is in gateway.tsv:19 already`},
	{"short code", args("CBC.509"), `code: "CBC.509" must be CBC. and 4 digits`},
	{"code in lower case", args("cbc.5099"), `code: "cbc.5099" must be CBC. and 4 digits`},
	{"code without a prefix", args("5099", "--http="), `code: "5099" must be APIGW, IAM or MKT, a dot and 4 digits; a code of the CBC begins with CBC.`},
	{"code of an unknown system", args("ECS.0001", "--http="), `code: "ECS.0001" must be APIGW, IAM or MKT`},
	{"gateway code with an HTTP status", args("IAM.0099"), `http: "400" must be a status if the code has several rows, else empty`},
	{"HTTP status that is none", args("CBC.5099", "--http=600"), `http: "600" must be 100-599`},
	{"HTTP status in words", args("CBC.5099", "--http=OK"), `http: "OK" must be 100-599`},
	{"page without an HTTP status", args("CBC.5099", "--http=", "--source=page"), `http: "" must be 100-599; it may be empty if the source is not page`},
	{"no English text", args("CBC.5099", "--en="), `en: "" must be a text`},
	{"no Chinese text", args("CBC.5099", "--zh=Funds."), `zh-CN: "Funds." must be Chinese`},
	{"Chinese in the English text", args("CBC.5099", "--en=余额"), `en: "余额" must be English`},
	{"placeholder", args("CBC.5099", "--en=No {0}."), `en: "No {0}." must be without placeholders`},
	{"tab in a text", args("CBC.5099", "--en=No\tfunds."), `en: "No\tfunds." must be UTF-8 without control characters`},
	{"line break in a text", args("CBC.5099", "--zh=余额\n不足。"), `zh-CN: "余额\n不足。" must be UTF-8 without control characters`},
	{"text that is not UTF-8", args("CBC.5099", "--en=No\xfffunds."), `en: "No\xfffunds." must be UTF-8`},
	{"blank behind a text", args("CBC.5099", "--en=No funds. "), `en: "No funds. " must be without blanks around it`},
	{"no source", args("CBC.5099", "--source="), `source: "" must be a page's name for people`},
	{"source that is an address", args("CBC.5099", "--source=https://a.b/c"), `source: "https://a.b/c" must be a page's name`},
	{"translation of the page", args("CBC.5099", "--source=page", "--translated=en"), `translated: "en" must be empty if the source is page`},
	{"translation into an unknown language", args("CBC.5099", "--translated=de"), `translated: "de" must be empty if the source is page, else empty, en, zh-CN or en,zh-CN`},
	{"two codes", args("CBC.5099", "CBC.5098"), "must have one code\nusage:"},
	{"unknown flag", args("CBC.5099", "--state=OK"), "unknown flag: --state"},
}

// A bad row is refused with the row, the column, the value and the rule, and nothing is written.
func TestAdd_BadRow(t *testing.T) {
	for _, tc := range badRows {
		t.Run(tc.name, func(t *testing.T) {
			root := repository(t, lawfulDir)
			before := files(t, root)
			status, err := run(append(tc.args, "--root", root), io.Discard)
			if status != 2 || err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("status %d, error %v, want status 2 and %s", status, err, tc.want)
			}
			if diff := cmp.Diff(before, files(t, root)); diff != "" {
				t.Errorf("written (-before +after)\n%s", diff)
			}
		})
	}
}
