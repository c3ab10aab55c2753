package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/replay"
)

// exception is the text of an SDK's exception for a response, in a form.
type exception struct {
	Response, Form, Text string
}

// parseExceptions reads JSON objects until the end.
func parseExceptions(lines []byte) (all []exception, err error) {
	for d := json.NewDecoder(bytes.NewReader(lines)); ; {
		var e exception
		err := d.Decode(&e)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
}

// check checks the exceptions of an SDK: those of the table, and no others.
func (t tables) check(ctx context.Context, points []replay.EntryPoint, sdk string, exceptions []exception) (failures error) {
	for _, e := range exceptions {
		if !slices.ContainsFunc(t.forms, func(f form) bool { return f.sdk == sdk && f.name == e.Form }) {
			failures = errors.Join(failures, fmt.Errorf("%s: %s is not in the table", sdk, e.Form))
		}
	}
	for _, f := range t.formsOf(sdk) {
		for _, r := range t.responses {
			i := slices.IndexFunc(exceptions, func(e exception) bool { return e.Form == f && e.Response == r.name })
			if i < 0 {
				failures = errors.Join(failures, fmt.Errorf("%s: %s has no text of %s", sdk, f, r.name))
				continue
			}
			name, shows := sdk+", "+f+", "+r.name, t.shows(sdk, f, r.name)
			c := golden.Case{Name: name, Response: []byte(exceptions[i].Text), Body: []byte(exceptions[i].Text), Locale: "en"}
			failures = errors.Join(failures, checkShows(c, r.meaning, shows), check(ctx, points, c, r.meaning.shown(shows)))
		}
	}
	return failures
}

// checkShows returns an error if a text shows another part of a meaning than the table says.
func checkShows(c golden.Case, m meaning, shows []string) error {
	for name, value := range map[string]string{"code": m.Code, "status": m.HTTPStatus, "request": m.RequestID} {
		contained := regexp.MustCompile(`\b` + regexp.QuoteMeta(value) + `\b`).Match(c.Body)
		if listed := slices.Contains(shows, name); value != none && contained != listed {
			return fmt.Errorf("%s: shows %s: %t, but the table says %t\n%s", c.Name, name, contained, listed, c.Body)
		}
	}
	return nil
}

// check sends a case through all entry points and compares the meanings.
func check(ctx context.Context, points []replay.EntryPoint, c golden.Case, want meaning) (failures error) {
	for _, p := range points {
		if !p.Accepts(c) {
			continue
		}
		t, err := p.Translate(ctx, c)
		if err != nil {
			failures = errors.Join(failures, fmt.Errorf("%s: %s: %w", c.Name, p.Name, err))
			continue
		}
		if got := meaningOf(t).comparable(want); got != want {
			failures = errors.Join(failures, fmt.Errorf("%s: %s:\n got %+v\nwant %+v\n%s", c.Name, p.Name, got, want, c.Response))
		}
	}
	return failures
}
