// Command cbcerr explains errors of Huawei Cloud's billing and operations APIs. It uses the embedded catalogue, or calls
// a server.
//
//	curl -si https://bss.myhuaweicloud.com/v2/… | cbcerr translate --locale zh-CN
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cbcerr/cbcerr/service/render"
	"golang.org/x/term"
)

// The exit statuses.
const (
	exitSuccess = 0 // upstream succeeded, or a code was found
	exitFailure = 1 // upstream failed, or no code was found
	exitError   = 2 // invalid usage, unreadable input, or server error
)

func main() {
	t := terminal{os.Stdin, os.Stdout, os.Stderr, os.Getenv, term.IsTerminal(int(os.Stdin.Fd())), supportsColor()}
	os.Exit(run(context.Background(), t, os.Args[1:]))
}

// supportsColor reports whether standard output is a terminal with colors, and NO_COLOR is unset (no-color.org).
func supportsColor() bool {
	return term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// A terminal is the environment of the program.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	isTTY    bool // in is a terminal
	color    bool // out shows colors
}

// errReported is returned by commands that have printed a failure: a translated error, or that no code was found.
var errReported = errors.New("failure reported")

func run(ctx context.Context, t terminal, args []string) int {
	command := newRoot(t)
	command.SetArgs(args)
	err := command.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitSuccess
	case errors.Is(err, errReported):
		return exitFailure
	}
	fmt.Fprintln(t.err, "cbcerr:", render.SanitizeTerminal(userMessage(err)))
	return exitError
}
