package gen_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// artifact matches an artifact of Maven and its version.
const artifact = `<artifactId>cbcerr(?:-huaweicloud)?</artifactId>\s*<version>([0-9].*)</version>`

// manifests maps files to an expression whose first group is the version.
var manifests = map[string]string{
	"python/pyproject.toml":                         `\nversion = "(.*)"`,
	"typescript/package.json":                       `\n  "version": "(.*)"`,
	"java/README.md":                                artifact,
	"java/pom.xml":                                  artifact,
	"java/huaweicloud/pom.xml":                      artifact,
	"rust/Cargo.toml":                               `\nversion = "(.*)"`,
	"cpp/CMakeLists.txt":                            `project\(\s*cbcerr\s+VERSION (\S+)`,
	"../deploy/helm/cbcerrd/Chart.yaml":             `\nversion: (.*)`, // .ci/deploy/helm compares appVersion with newTag
	"../deploy/kubernetes/base/kustomization.yaml":  `\n    newTag: (.*)`,
	"../deploy/examples/sidecar/kustomization.yaml": `\n    newTag: (.*)`,
	"../service/client/huaweicloud/go.mod":          `github.com/cbcerr/cbcerr v(.*)`,
}

// TestVersion_Manifests tests that all manifests have the version of VERSION.
func TestVersion_Manifests(t *testing.T) {
	version := strings.TrimSpace(read(t, "VERSION"))
	for name, pattern := range manifests {
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, name), -1)
		if found == nil || slices.ContainsFunc(found, func(match []string) bool { return match[1] != version }) {
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
