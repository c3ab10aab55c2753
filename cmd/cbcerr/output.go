package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/cbcerr/cbcerr/service/render"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
)

// printMessage prints a message as REST answers it, in JSON or YAML.
func (o *options) printMessage(m proto.Message) error {
	text, err := render.JSON(m)
	if err != nil {
		return err
	}
	return o.printJSON(text)
}

// printJSON prints JSON over several lines, or as the YAML that says the same.
func (o *options) printJSON(text []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, visible(bytes.TrimSpace(text)), "", "  "); err != nil {
		return err
	}
	if o.output != "yaml" {
		b.WriteByte('\n')
		_, err := b.WriteTo(o.out)
		return err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &document); err != nil {
		return err
	}
	plain(&document)
	e := yaml.NewEncoder(o.out)
	e.SetIndent(2)
	if err := e.Encode(&document); err != nil {
		return err
	}
	return e.Close()
}

// visible escapes what JSON allows and terminals obey or YAML refuses: controls, and what is no character.
func visible(text []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(text) {
		if r >= 0x7f && r <= 0x9f || r&0xfffe == 0xfffe {
			b.WriteString(escape(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}

// escape writes a character as JSON does where it has to.
func escape(r rune) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// plain takes JSON's brackets and quotes away; the order of keys stays, and a text that looks like a number stays a text.
func plain(node *yaml.Node) {
	if len(node.Content) > 0 || node.Kind == yaml.ScalarNode {
		node.Style = 0
	}
	for _, child := range node.Content {
		plain(child)
	}
}
