// Command cbcerr tells people what an error of Huawei Cloud's billing and operations APIs means. It works offline, from
// the catalogue it was built with, or asks a server.
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
	exitFine   = 0 // upstream succeeded, or what was asked for was found
	exitFound  = 1 // an error was translated, or a code is not to be found
	exitFailed = 2 // there is no answer: usage, file, server
)

func main() {
	t := terminal{os.Stdin, os.Stdout, os.Stderr, os.Getenv, term.IsTerminal(int(os.Stdin.Fd())), coloured()}
	os.Exit(run(context.Background(), t, os.Args[1:]))
}

// coloured tells whether somebody looks at a terminal that shows colours (no-color.org).
func coloured() bool {
	return term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// A terminal is all that the program knows of where it runs.
type terminal struct {
	in         io.Reader
	out, err   io.Writer
	env        func(string) string
	typed      bool // what is read is typed by a person
	hasColours bool
}

// errNothing ends a command that found an error to translate, or found nothing; it has been said already.
var errNothing = errors.New("nothing found")

func run(ctx context.Context, t terminal, args []string) int {
	command := newRoot(t)
	command.SetArgs(args)
	err := command.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errNothing):
		return exitFound
	}
	fmt.Fprintln(t.err, "cbcerr:", render.SanitizeTerminal(reported(err)))
	return exitFailed
}
