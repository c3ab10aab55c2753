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

// printMessage prints a message as JSON like that of the REST API, or as YAML.
func (o *options) printMessage(m proto.Message) error {
	text, err := render.JSON(m)
	if err != nil {
		return err
	}
	return o.printJSON(text)
}

// printJSON prints JSON with indentation, or as YAML.
func (o *options) printJSON(text []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, escapeControls(bytes.TrimSpace(text)), "", "  "); err != nil {
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
	blockStyle(&document)
	e := yaml.NewEncoder(o.out)
	e.SetIndent(2)
	if err := e.Encode(&document); err != nil {
		return err
	}
	return e.Close()
}

// escapeControls escapes characters that JSON allows but terminals interpret or YAML rejects: controls and noncharacters.
func escapeControls(text []byte) []byte {
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

// escape returns the JSON escape sequence of a character.
func escape(r rune) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// blockStyle removes JSON's flow style from a YAML node. The encoder still quotes strings that look like other types.
func blockStyle(node *yaml.Node) {
	if len(node.Content) > 0 || node.Kind == yaml.ScalarNode {
		node.Style = 0
	}
	for _, child := range node.Content {
		blockStyle(child)
	}
}
