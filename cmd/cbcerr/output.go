package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
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
	b.Reset()
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(&document), e.Close()); err != nil {
		return err
	}
	_, err := o.out.Write(escapeControls(b.Bytes()))
	return err
}

// isControl reports whether JSON allows a character that a terminal interprets or YAML rejects: a control, one that changes
// the direction of a text, an invisible one, or a noncharacter.
func isControl(r rune) bool { return r > '~' && !unicode.IsGraphic(r) }

// escapeControls escapes the characters of isControl.
func escapeControls(text []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(text) {
		if isControl(r) {
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

// blockStyle removes JSON's flow style from a YAML node. The encoder still quotes strings that look like other types. A string
// with a character of isControl stays in double quotes, the only style with escapes.
func blockStyle(node *yaml.Node) {
	if len(node.Content) > 0 || node.Kind == yaml.ScalarNode && !strings.ContainsFunc(node.Value, isControl) {
		node.Style = 0
	}
	for _, child := range node.Content {
		blockStyle(child)
	}
}
