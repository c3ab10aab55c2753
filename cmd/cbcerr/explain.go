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
	flags := &responseFlags{}
	c := &cobra.Command{
		Use:   "explain [FILE]",
		Short: "Explain a translation: the fields read from a response and the result of each rule",
		Long: "Explain a translation: the fields read from a response, the rule that applies and the result of every other rule.\n" +
			"The input is that of translate. The command uses the embedded catalogue and calls no server.",
		Example: "  cbcerr explain response.txt\n  cbcerr translate response.txt; cbcerr explain response.txt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			response, err := o.readInput(c, flags, args)
			if err != nil {
				return err
			}
			if limit := rpc.DefaultLimits().Body; len(response.Body) > limit {
				return fmt.Errorf("the body has more than %d bytes", limit)
			}
			return o.explain(translate.Response{Response: response, Origin: translate.Origin{Service: flags.service, Site: flags.site}})
		},
	}
	flags.bind(c)
	return c
}

func (o *options) explain(r translate.Response) error {
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
	x := newExplanation(translate.New(c, translate.DefaultItems).Explain(r))
	if o.output == "text" {
		return x.print(o.out, o.color)
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return o.printJSON(text)
}

// An explanation has the printed fields of a translate.Explanation.
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

func newExplanation(x translate.Explanation) explanation {
	e := x.Envelope
	return explanation{e.HTTPStatus, e.Form.String(), e.Shape, e.Code, x.Code, x.Inferred, e.Message, x.Items, x.Rules, x.Conditions}
}

func (x explanation) print(w io.Writer, color bool) error {
	var errs []error
	for _, table := range []*render.Table{x.fieldTable(), x.ruleTable(), x.conditionTable()} {
		table.Color = color
		_, err := table.WriteTo(w)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// fieldTable lists the fields read from the response.
func (x explanation) fieldTable() *render.Table {
	t := &render.Table{}
	t.Add("HTTP", strconv.Itoa(x.HTTPStatus))
	t.Add("Body", x.Body)
	t.Add("Shape", cmp.Or(x.Shape, "none"))
	t.Add("Code", x.code())
	t.Add("Message", cmp.Or(fmt.Sprintf("%.256s", x.Message), "none"))
	t.Add("Failed items", strconv.Itoa(x.Items))
	return t
}

// ruleTable lists the result of each rule.
func (x explanation) ruleTable() *render.Table {
	t := &render.Table{}
	t.Add("")
	for _, rule := range x.Rules {
		t.Add(rule.Name, verdict(rule), strings.Join(strings.Fields(rule.Code+" "+rule.Reason+" "+rule.Match), " "))
	}
	return t
}

// conditionTable lists the conditions of a certain meaning.
func (x explanation) conditionTable() *render.Table {
	t := &render.Table{}
	if len(x.Conditions) > 0 {
		t.Add("")
	}
	for _, c := range x.Conditions {
		t.Add(c.Name, condition(c), render.Certainty(c.Name, c.Holds, "en"))
	}
	return t
}

// code describes how the received code was read.
func (x explanation) code() string {
	switch {
	case x.RawCode == "":
		return "none"
	case x.Code == "":
		return x.RawCode + ", ignored as data"
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
		return "chosen"
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
