package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/cobra"
)

func (o *options) explainCommand() *cobra.Command {
	p := &pasted{}
	c := &cobra.Command{
		Use:   "explain [FILE]",
		Short: "Explain how a response gets its meaning: what was read, which rule fired, what the others would have said",
		Long: "Explain how a response gets its meaning, from a file or from standard input as translate takes it: what was read of it,\n" +
			"which rule fired, and what every other one would have said. It knows the embedded catalogue only and asks no server.",
		Example: "  cbcerr explain response.txt\n  cbcerr translate response.txt; cbcerr explain response.txt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			response, err := o.read(c, p, args)
			if err != nil {
				return err
			}
			if limit := rpc.DefaultLimits().Body; len(response.Body) > limit {
				return fmt.Errorf("the body has more than %d bytes", limit)
			}
			return o.explain(translate.Response{Response: response, Origin: translate.Origin{Service: p.service, Site: p.site}})
		},
	}
	p.bind(c)
	return c
}

func (o *options) explain(r translate.Response) error {
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
	x := told(translate.New(c, translate.DefaultItems).Explain(r))
	if o.output == "text" {
		return x.print(o.out, o.hasColours)
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return o.printJSON(text)
}

// An explanation is what is printed of one.
type explanation struct {
	HTTPStatus int                    `json:"httpStatus"`
	Body       string                 `json:"body"`
	Shape      string                 `json:"shape"`
	RawCode    string                 `json:"rawCode"`
	Code       string                 `json:"code"`
	Inferred   bool                   `json:"inferred"`
	Message    string                 `json:"message"`
	Items      int                    `json:"items"`
	Rules      []translate.RuleResult `json:"rules"`
	Conditions []translate.Condition  `json:"conditions"`
}

func told(x translate.Explanation) explanation {
	e := x.Envelope
	return explanation{e.HTTPStatus, e.Form.String(), e.Shape, e.Code, x.Code, x.Inferred, e.Message, x.Items, x.Rules, x.Conditions}
}

func (x explanation) print(to io.Writer, colour bool) error {
	var errs []error
	for _, table := range []*render.Table{x.reading(), x.rules(), x.certainty()} {
		table.Color = colour
		_, err := table.WriteTo(to)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// reading is what was read of the response.
func (x explanation) reading() *render.Table {
	s := &render.Table{}
	s.Add("HTTP", strconv.Itoa(x.HTTPStatus))
	s.Add("Body", x.Body)
	s.Add("Shape", cmp.Or(x.Shape, "none"))
	s.Add("Code", x.code())
	s.Add("Message", cmp.Or(fmt.Sprintf("%.256s", x.Message), "none"))
	s.Add("Failed items", strconv.Itoa(x.Items))
	return s
}

// rules is what each rule says.
func (x explanation) rules() *render.Table {
	s := &render.Table{}
	s.Add("")
	for _, rule := range x.Rules {
		s.Add(rule.Name, verdict(rule), strings.Join(strings.Fields(rule.Code+" "+rule.Reason+" "+rule.Match), " "))
	}
	return s
}

// certainty is whether each condition of certainty holds.
func (x explanation) certainty() *render.Table {
	s := &render.Table{}
	if len(x.Conditions) > 0 {
		s.Add("")
	}
	for _, c := range x.Conditions {
		s.Add(c.Name, condition(c), render.Certainty(c.Name, c.Holds, "en"))
	}
	return s
}

// code says what became of the code that was received.
func (x explanation) code() string {
	switch {
	case x.RawCode == "":
		return "none"
	case x.Code == "":
		return x.RawCode + ", which is taken for data"
	case x.Inferred:
		return x.RawCode + ", completed to " + x.Code
	case x.Code != x.RawCode:
		return x.RawCode + ", read as " + x.Code
	}
	return x.RawCode
}

func verdict(r translate.RuleResult) string {
	switch {
	case r.Chosen:
		return "fired"
	case r.Fits:
		return "would fit"
	}
	return "does not fit"
}

func condition(c translate.Condition) string {
	if c.Holds {
		return "holds"
	}
	return "does not hold"
}
