package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/protobuf/encoding/protojson"
)

// commands returns the entry points of the command line: its embedded catalogue, and a server over gRPC and REST.
func (t Target) commands() []EntryPoint {
	all := []EntryPoint{{Name: "command", encode: Request, call: t.command()}}
	if t.GRPC != "" {
		all = append(all, EntryPoint{Name: "command, gRPC server", encode: Request, call: t.command("--server", t.GRPC)})
	}
	if t.REST != "" {
		all = append(all, EntryPoint{Name: "command, REST server", encode: Request, call: t.command("--server", t.REST)})
	}
	return all
}

// command runs the command line. Its input is the response as curl -i prints it.
func (t Target) command(flags ...string) call {
	return func(ctx context.Context, c golden.Case, _ *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		args := append([]string{"translate", "--output", "json", "--locale", c.Locale, "--site", c.Site, "--service", c.Service}, flags...)
		command := exec.CommandContext(ctx, t.Command, args...)
		var stdout, stderr bytes.Buffer
		command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(c.Response), &stdout, &stderr
		var exit *exec.ExitError
		if err := command.Run(); err != nil && !errors.As(err, &exit) {
			return nil, err
		}
		if stderr.Len() > 0 {
			return nil, errors.New(stderr.String())
		}
		got := new(errorv1.Translation)
		if err := protojson.Unmarshal(stdout.Bytes(), got); err != nil {
			return nil, err
		}
		return got, checkExit(command.ProcessState.ExitCode(), got)
	}
}

// checkExit checks that the exit status is 1 for a failure of upstream and 0 for a success.
func checkExit(exit int, t *errorv1.Translation) error {
	if want := min(t.GetStatus().GetCode(), 1); exit != int(want) {
		return fmt.Errorf("exit status %d, want %d", exit, want)
	}
	return nil
}
