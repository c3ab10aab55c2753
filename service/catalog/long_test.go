package catalog_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// An error quotes 64 bytes of a value at most, and states its place and its length.
func TestLoad_LongValue(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("语", 1<<20) // 3 MiB
	quoted := `"` + strings.Repeat("语", 21) + `"… (3145728 bytes)`
	for _, c := range []struct{ name, file, content, want string }{
		{"columns", "de.tsv", long + "\n", `de.tsv:1: the columns are ` + quoted + `, want "key\ttext"`},
		{"key", "de.tsv", "key\ttext\n" + long + "\tx\n", "de.tsv:2: key: " + quoted + " must be the key of an English text, such as CBC.0250 or advice.BALANCE_INSUFFICIENT"},
		{"text", "de.tsv", "key\ttext\nCBC.0250\t" + long + "\n", "de.tsv:2: de text of CBC.0250: 3145728 bytes, at most 1024"},
		{"no tab", "de.tsv", "key\ttext\n" + long + "\n", "de.tsv:2: 1 cells, want 2"},
		{"overlay's meaning", "overlays.tsv", "code\tshape\tmessage\tas\nCBC.8888\t\t\t" + long + "\n", "overlays.tsv:2: as: " + quoted + " is neither"},
		{"overlay's code", "overlays.tsv", "code\tshape\tmessage\tas\n " + long + "\t\t\tCBC.0250\n", `overlays.tsv:2: code: "` + " " + strings.Repeat("语", 21) + `"… (3145729 bytes) is spelled ` + quoted},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := catalog.Load(copied(t, small), fstest.MapFS{c.file: {Data: []byte(c.content)}})
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); !strings.Contains(got, c.want) || len(got) > 512 {
				t.Errorf("%d bytes: %.600s, want %s", len(got), got, c.want)
			}
		})
	}
}
