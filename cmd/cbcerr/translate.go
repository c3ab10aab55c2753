package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/transcript"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
)

// responseFlags are the flags that describe the response to translate.
type responseFlags struct {
	httpStatus    int
	site, service string
	explain       bool // also print why
}

func (f *responseFlags) bind(c *cobra.Command) {
	c.Flags().IntVar(&f.httpStatus, "http-status", 0, "HTTP `status` of the response; default: that of the status line, else not known")
	for _, flag := range []struct {
		name    string
		value   *string
		choices []string
	}{
		{"site", &f.site, translate.Sites()}, {"service", &f.service, []string{"bss", "koogallery"}},
	} {
		c.Flags().Var(choiceFlag{flag.value, flag.choices}, flag.name, "`"+flag.name+"` that was called: "+strings.Join(flag.choices, " or "))
		complete(c, flag.name, fixed(flag.choices...))
	}
}

func (o *options) translateCommand() *cobra.Command {
	flags := &responseFlags{}
	c := &cobra.Command{
		Use:   "translate [FILE]",
		Short: "Translate a response: its body, or the whole output of curl -i",
		Long: "Translate a response from a file or standard input: its body, or the whole output of curl -i.\n" +
			"The exit status is 0 if upstream succeeded and 1 if it failed.",
		Example: "  curl -si https://bss.myhuaweicloud.com/v2/… | cbcerr translate --locale zh-CN\n" +
			"  cbcerr translate --http-status 400 body.json\n  cbcerr translate --output json response.txt | jq .status.code",
		Args: atMostOneFile,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml", "problem"); err != nil {
				return err
			}
			if flags.explain && o.output == "problem" {
				return errors.New("--explain: not with --output problem")
			}
			response, err := o.readInput(c, flags, args)
			if err != nil {
				return err
			}
			return o.withBackend(c.Context(), func(ctx context.Context, b backend) error { return o.translate(ctx, b, flags, response) })
		},
	}
	flags.bind(c)
	c.Flags().BoolVar(&flags.explain, "explain", false, "also print why, with the embedded catalogue, as the command explain does")
	return o.withServerFlags(c)
}

// atMostOneFile returns an error if there are several arguments.
func atMostOneFile(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%s: needs at most one FILE, not %d arguments", c.Name(), len(args))
	}
	return nil
}

func (o *options) translate(ctx context.Context, b backend, flags *responseFlags, r translate.Response) error {
	response, err := b.Translate(ctx, &errorv1.TranslateRequest{Locales: o.preferred(), Response: rawResponse(r)})
	if err != nil {
		return err
	}
	t := response.GetTranslation()
	if flags.explain {
		err = o.printExplained(t, r)
	} else {
		err = o.printTranslation(t)
	}
	if err != nil {
		return err
	}
	o.hintTranslation(t, strings.TrimSpace(string(r.Body)))
	if t.GetStatus().GetCode() != int32(codes.OK) {
		return errReported
	}
	return nil
}

// rawResponse returns the request's form of a response that may be a copy.
func rawResponse(r translate.Response) *errorv1.RawResponse {
	copied := transcript.Parse(r.Response)
	raw := &errorv1.RawResponse{
		HttpStatus: int32(copied.HTTPStatus), Headers: copied.Headers, Body: &errorv1.RawResponse_Raw{Raw: copied.Body},
		Origin: &errorv1.Origin{Site: r.Site, Service: r.Service},
	}
	if copied.IsUTF8 {
		raw.Body = &errorv1.RawResponse_Text{Text: string(copied.Body)}
	}
	return raw
}

func (o *options) printTranslation(t *errorv1.Translation) error {
	switch {
	case o.output == "text":
		return render.Translation(o.out, t, o.color)
	case o.output != "problem":
		return o.printMessage(t)
	case t.GetStatus().GetCode() == int32(codes.OK):
		return o.printJSON([]byte("{}"))
	}
	problem, err := render.NewProblem(t.GetStatus(), render.HTTPStatus(t.GetStatus()), "").JSON()
	if err != nil {
		return err
	}
	return o.printJSON(problem)
}

var errEmptyInput = errors.New("the input is empty; for a response without a body, set --http-status")

// maxInput is the maximum size of the input in bytes: more than the default limit of a body and its headers.
const maxInput = 8 << 20

// readInput reads the response from a file, else from standard input.
func (o *options) readInput(c *cobra.Command, flags *responseFlags, args []string) (translate.Response, error) {
	if set := c.Flags().Changed("http-status"); set && (flags.httpStatus < 100 || flags.httpStatus > 599) {
		return translate.Response{}, fmt.Errorf("--http-status=%d: must be 100 to 599", flags.httpStatus)
	}
	reader := o.in
	if len(args) == 1 && args[0] != "-" {
		file, err := os.Open(args[0])
		if err != nil {
			return translate.Response{}, err
		}
		defer file.Close()
		reader = file
	} else if o.isTTY {
		fmt.Fprintln(o.err, "cbcerr: paste the response, then press Ctrl-D")
	}
	text, err := io.ReadAll(io.LimitReader(reader, maxInput+1))
	if err != nil {
		return translate.Response{}, err
	}
	if len(text) > maxInput {
		return translate.Response{}, fmt.Errorf("the response has more than %d bytes", maxInput)
	}
	if len(bytes.TrimSpace(text)) == 0 && flags.httpStatus == 0 {
		return translate.Response{}, errEmptyInput
	}
	return translate.Response{
		Response: envelope.Response{HTTPStatus: flags.httpStatus, Body: text}, Origin: translate.Origin{Service: flags.service, Site: flags.site},
	}, nil
}
