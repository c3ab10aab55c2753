package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/transcript"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/cobra"
)

func (o *options) explainCommand() *cobra.Command {
	flags := &responseFlags{}
	c := &cobra.Command{
		Use:   "explain [FILE]",
		Short: "Explain a translation: the fields read from a response and the result of each rule",
		Long: "Explain a translation: the fields read from a response, the rule that applies and the result of\n" +
			"every other rule. The input is that of translate. The command uses the embedded catalogue and calls\nno server.",
		Example: "  cbcerr explain response.txt\n  cbcerr translate --explain response.txt",
		Args:    atMostOneFile,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			response, err := o.readInput(c, flags, args)
			if err != nil {
				return err
			}
			if limit := rpc.DefaultLimits().Body; len(transcript.Parse(response.Response).Body) > limit {
				return fmt.Errorf("the body has more than %d bytes", limit)
			}
			if err := o.explain(response); err != nil {
				return err
			}
			tags, _ := o.locales(nil, nil, "")
			o.hintLocale(tags...)
			return nil
		},
	}
	flags.bind(c)
	return c
}

func (o *options) explain(r translate.Response) error {
	x, err := explanation(r)
	if err != nil {
		return err
	}
	if o.output == "text" {
		return render.Explanation(o.out, x, strings.Join(o.preferred(), ""), o.color)
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return o.printJSON(text)
}

// printExplained prints a translation, then why. In JSON and YAML the explanation is a member of the translation.
func (o *options) printExplained(t *errorv1.Translation, r translate.Response) error {
	if o.output == "text" {
		err := o.printTranslation(t)
		fmt.Fprintln(o.out)
		return errors.Join(err, o.explain(r))
	}
	x, err := explanation(r)
	if err != nil {
		return err
	}
	translation, err := render.JSON(t)
	if err != nil {
		return err
	}
	why, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return o.printJSON(fmt.Appendf(bytes.TrimSuffix(translation, []byte("}")), `,"explanation":%s}`, why))
}

// explanation explains a response with the embedded catalogue.
func explanation(r translate.Response) (translate.Explanation, error) {
	c, err := catalog.Embedded()
	if err != nil {
		return translate.Explanation{}, err
	}
	return translate.New(c, translate.DefaultItems).Explain(r), nil
}
