// Command exceptions translates the texts of real exceptions. Each SDK calls servers that send given responses, and its
// exceptions are printed in all forms. Each text goes through every entry point of a running service, without a hint. Its
// translation must have the meaning of the response, as far as the text shows it.
//
//	responses.tsv    the responses, with their meanings
//	forms.tsv        the forms of the exceptions, with what they show
//	python, …        the programs that call the servers with the SDKs
//
// Example:
//
//	go run ./.ci/exceptions -server http://127.0.0.1:8080 -command cbcerr python='python3 exceptions.py'
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/service/test/replay"
)

func main() {
	var target replay.Target
	flag.StringVar(&target.REST, "server", "http://127.0.0.1:8080", "base `URL` of the REST server")
	flag.StringVar(&target.Command, "command", "", "`path` of cbcerr; if empty, its entry points are left out")
	folder := flag.String("tables", ".ci/exceptions", "`folder` of the tables")
	flag.Parse()
	if err := run(target, *folder, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run checks the responses themselves, then the exceptions of each SDK. An SDK is NAME=COMMAND.
func run(target replay.Target, folder string, sdks []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	t, err := readTables(folder)
	if err != nil {
		return err
	}
	points, err := target.EntryPoints()
	if err != nil {
		return err
	}
	var failures error
	var args []string
	for _, r := range t.responses {
		server := httptest.NewServer(r)
		defer server.Close()
		args = append(args, r.name, r.method, server.URL)
		failures = errors.Join(failures, check(ctx, points, r.golden(), r.meaning))
	}
	for _, sdk := range sdks {
		name, command, _ := strings.Cut(sdk, "=")
		exceptions, err := produce(ctx, strings.Fields(command), args)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Printf("%s: %d texts\n", name, len(exceptions))
		failures = errors.Join(failures, t.check(ctx, points, name, exceptions))
	}
	return failures
}

// produce returns the exceptions that a program prints.
func produce(ctx context.Context, command, args []string) ([]exception, error) {
	program := exec.CommandContext(ctx, command[0], append(command[1:], args...)...)
	var log bytes.Buffer
	program.Stderr = &log
	out, err := program.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, &log)
	}
	return parseExceptions(out)
}
