package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
)

// A pasted is the response to translate, as the flags and the file tell it.
type pasted struct {
	httpStatus    int
	site, service string
}

func (p *pasted) bind(c *cobra.Command) {
	c.Flags().IntVar(&p.httpStatus, "http-status", 0, "HTTP `status` of the response; that of its head where there is one, else 200")
	c.Flags().StringVar(&p.site, "site", "", "site that was called: cn, intl or eu")
	c.Flags().StringVar(&p.service, "service", "", "service that was called: bss or koogallery")
	complete(c, "site", fixed("cn", "intl", "eu"))
	complete(c, "service", fixed("bss", "koogallery"))
}

func (o *options) translateCommand() *cobra.Command {
	p := &pasted{}
	c := &cobra.Command{
		Use:   "translate [FILE]",
		Short: "Translate a response: its body, or the whole output of curl -i",
		Long: "Translate a response, from a file or from standard input: its body alone, or the whole of it as curl -i prints it.\n" +
			"Exits with 1 if it is an error and with 0 if it is a success.",
		Example: "  curl -si https://bss.myhuaweicloud.com/v2/… | cbcerr translate --locale zh-CN\n" +
			"  cbcerr translate --http-status 400 body.json\n  cbcerr translate --output json response.txt | jq .status.code",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml", "problem"); err != nil {
				return err
			}
			response, err := o.read(c, p, args)
			if err != nil {
				return err
			}
			return o.through(c.Context(), func(ctx context.Context, d door) error { return o.translate(ctx, d, p, response) })
		},
	}
	p.bind(c)
	return o.askable(c)
}

func (o *options) translate(ctx context.Context, d door, p *pasted, r envelope.Response) error {
	answer, err := d.Translate(ctx, &errorv1.TranslateRequest{Locales: o.preferred(), Response: &errorv1.RawResponse{
		HttpStatus: int32(r.HTTPStatus), Headers: r.Headers, Body: &errorv1.RawResponse_Raw{Raw: r.Body},
		Origin: &errorv1.Origin{Site: p.site, Service: p.service},
	}})
	if err != nil {
		return err
	}
	t := answer.GetTranslation()
	if err := o.printTranslation(t); err != nil {
		return err
	}
	if t.GetStatus().GetCode() != int32(codes.OK) {
		return errNothing
	}
	return nil
}

func (o *options) printTranslation(t *errorv1.Translation) error {
	switch {
	case o.output == "text":
		return render.Translation(o.out, t, o.hasColours)
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

// maxInput is room for a body of the largest size and any head.
const maxInput = 8 << 20

// read reads the response from the file, else from standard input.
func (o *options) read(c *cobra.Command, p *pasted, args []string) (envelope.Response, error) {
	if given := c.Flags().Changed("http-status"); given && (p.httpStatus < 100 || p.httpStatus > 599) {
		return envelope.Response{}, fmt.Errorf("--http-status %d: must be 100 to 599", p.httpStatus)
	}
	from := o.in
	if len(args) == 1 && args[0] != "-" {
		file, err := os.Open(args[0])
		if err != nil {
			return envelope.Response{}, err
		}
		defer file.Close()
		from = file
	} else if o.typed {
		fmt.Fprintln(o.err, "cbcerr: type or paste the response, then end it with Ctrl-D")
	}
	text, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	if err != nil {
		return envelope.Response{}, err
	}
	if len(text) > maxInput {
		return envelope.Response{}, fmt.Errorf("the response has more than %d bytes", maxInput)
	}
	if len(bytes.TrimSpace(text)) == 0 && p.httpStatus == 0 {
		return envelope.Response{}, errors.New("there is no response; --http-status tells of one that had no body")
	}
	return o.completed(p, envelope.ParseTranscript(text)), nil
}

// completed has the HTTP status that the flag says, or that a bare body is taken for.
func (o *options) completed(p *pasted, r envelope.Response) envelope.Response {
	switch {
	case p.httpStatus != 0:
		r.HTTPStatus = p.httpStatus
	case r.HTTPStatus == 0:
		fmt.Fprintln(o.err, "cbcerr: a body without head is taken for HTTP 200; --http-status tells another")
		r.HTTPStatus = 200
	}
	return r
}
