package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tempDirWith returns a directory with one file.
func tempDirWith(t *testing.T, name, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A text that the language lacks falls back to English.
func additionalLanguage(t *testing.T, p program) {
	dir := tempDirWith(t, "nds.tsv", "key\ttext\nCBC.0250\tZu viele Anfragen.\n")
	d := p.start(t, nil, append(freePorts(), "--locales-dir", dir)...)
	if !strings.Contains(d.started, "nds") {
		t.Errorf("%q does not name the language", d.started)
	}
	_, reply := d.post(t, translateRaw, "nds-NL", `{"error_code":"CBC.0250"}`)
	for _, part := range []string{"Zu viele Anfragen.", "nds"} {
		if !strings.Contains(reply, `"`+part+`"`) {
			t.Errorf("translated: %q is not in %s", part, reply)
		}
	}
	_, reply = d.post(t, translateRaw, "nds-NL", `{"error_code":"CBC.5003"}`)
	if _, english := d.post(t, translateRaw, "en", `{"error_code":"CBC.5003"}`); reply != english || !strings.Contains(english, `"locale":"en"`) {
		t.Errorf("not translated: %s, want the answer in English: %s", reply, english)
	}
}

// The error names the file and the line.
func invalidLanguages(t *testing.T, p program) {
	for _, c := range []struct{ name, file, content, message string }{
		{"missing cell", "nds.tsv", "key\ttext\nCBC.0250\tZu viel.\nCBC.5003\n", "nds.tsv:3: "},
		{"missing header", "nds.tsv", "CBC.0250\tZu viel.\n", "nds.tsv:1: "},
		{"unknown code", "nds.tsv", "key\ttext\nCBC.9\tNichts.\n", "nds.tsv:2: "},
		{"duplicate key", "nds.tsv", "key\ttext\nCBC.0250\tEins.\nCBC.0250\tZwei.\n", "nds.tsv:3: "},
		{"empty text", "nds.tsv", "key\ttext\nCBC.0250\t\n", "nds.tsv:2: "},
		{"unknown language", "german.tsv", "key\ttext\nCBC.0250\tZu viel.\n", "german.tsv: "},
		{"built-in text", "zh-CN.tsv", "key\ttext\nCBC.0250\t太多。\n", "zh-CN.tsv:2: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tempDirWith(t, c.file, c.content)
			r := p.run(t, nil, append(freePorts(), "--locales-dir", dir)...)
			if r.status != 1 || !strings.Contains(r.stderr, c.message) {
				t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, c.message)
			}
		})
	}
}

// A line of 3 MB is not quoted in full, neither at startup nor at a reload.
func longLines(t *testing.T, p program) {
	const maxMessage = 2 << 10
	long := strings.Repeat("x", 3<<20)
	for _, c := range []struct{ name, content, message string }{
		{"missing header", long + "\n", "nds.tsv:1: "},
		{"unknown key", "key\ttext\n" + long + "\tNichts.\n", "nds.tsv:2: "},
		{"text", "key\ttext\nCBC.0250\t" + long + "\n", "3145728 bytes, at most 1024"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := p.run(t, nil, append(freePorts(), "--locales-dir", tempDirWith(t, "nds.tsv", c.content))...)
			if r.status != 1 || !strings.Contains(r.stderr, c.message) || len(r.stderr) > maxMessage {
				t.Errorf("at startup: status %d, %d bytes, %.600q, want 1 and %q", r.status, len(r.stderr), r.stderr, c.message)
			}
			f := startWithFiles(t, p)
			replace(t, f.language, c.content)
			line := f.wantLine(t, "reload failed")
			if !strings.Contains(line, "source=catalog") || !strings.Contains(line, c.message) || len(line) > maxMessage {
				t.Errorf("reload: %d bytes, %.600q, want %q", len(line), line, c.message)
			}
		})
	}
}
