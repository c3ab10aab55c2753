package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// clientsDoc is what clients of gRPC are told, and where: the first JSON of that section is the service config.
const clientsDoc, clientsSection = "deploy/README.md", "\n## Clients that balance\n"

// serviceConfig is the service config that the documentation gives to clients of gRPC. It is read there and written down nowhere else, so
// that what is tried is what people copy.
func serviceConfig() (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(strings.TrimSpace(string(mod))), clientsDoc))
	if err != nil {
		return "", err
	}
	config, err := firstJSON(string(text), clientsSection)
	if err != nil {
		err = fmt.Errorf("%s: %w", clientsDoc, err)
	}
	return config, err
}

// firstJSON is the first block of JSON in a section of a document.
func firstJSON(document, heading string) (string, error) {
	_, section, found := strings.Cut(document, heading)
	section, _, _ = strings.Cut(section, "\n## ")
	_, block, also := strings.Cut(section, "\n```json\n")
	block, _, ends := strings.Cut(block, "\n```")
	if !found || !also || !ends {
		return "", fmt.Errorf("no JSON below %q", strings.TrimSpace(heading))
	}
	if !json.Valid([]byte(block)) {
		return "", errors.New("what should be JSON is none")
	}
	return block, nil
}
