// Command dockerfile prints what docker build --check would print for the given Dockerfiles.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/opencontainers/go-digest"
)

// bare stands in for the images that a Dockerfile builds on, so that nothing is fetched.
type bare struct{}

func (bare) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, digest.FromString(ref), []byte(`{"config":{"Env":["PATH=/bin"]}}`), nil
}

func main() {
	failed := false
	for _, file := range os.Args[1:] {
		complaints, err := lint(file)
		if err != nil {
			complaints = append(complaints, err.Error())
		}
		for _, complaint := range complaints {
			fmt.Println(complaint)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func lint(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	source := llb.NewSourceMap(nil, file, "Dockerfile", text)
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		SourceMap:    source,
		MetaResolver: bare{},
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var complaints []string
	for _, w := range results.Warnings {
		line := int32(0)
		if ranges := w.Location.GetRanges(); len(ranges) > 0 {
			line = ranges[0].GetStart().GetLine()
		}
		complaints = append(complaints, fmt.Sprintf("%s:%d: %s: %s", file, line, w.RuleName, w.Detail))
	}
	if results.Error != nil {
		complaints = append(complaints, fmt.Sprintf("%s: %s", file, results.Error.Message))
	}
	return complaints, nil
}
