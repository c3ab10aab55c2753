package gen_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// manifests maps files to an expression whose first group is the version.
var manifests = map[string]string{
	"python/pyproject.toml":   `\nversion = "(.*)"`,
	"typescript/package.json": `\n  "version": "(.*)"`,
	"java/README.md":          `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"java/pom.xml":            `<artifactId>cbcerr</artifactId>\s*<version>(.*)</version>`,
	"rust/Cargo.toml":         `\nversion = "(.*)"`,
	"cpp/CMakeLists.txt":      `project\(\s*cbcerr\s+VERSION (\S+)`,

	"../deploy/helm/cbcerrd/Chart.yaml":             `\nversion: (.*)`, // .ci/deploy/helm compares appVersion with newTag
	"../deploy/kubernetes/base/kustomization.yaml":  `\n    newTag: (.*)`,
	"../deploy/examples/sidecar/kustomization.yaml": `\n    newTag: (.*)`,
}

// TestVersion_Manifests tests that all manifests have the version of VERSION.
func TestVersion_Manifests(t *testing.T) {
	version := strings.TrimSpace(read(t, "VERSION"))
	for name, pattern := range manifests {
		found := regexp.MustCompile(pattern).FindStringSubmatch(read(t, name))
		if found == nil || found[1] != version {
			t.Errorf("%s has the version %q, VERSION %s; go generate ./gen updates it", name, found, version)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
