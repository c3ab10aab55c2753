package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/spf13/cobra"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

func (o *options) codeCommand() *cobra.Command {
	return o.askable(&cobra.Command{
		Use:   "code CODE",
		Short: "Show what a code means",
		Long: "Show what a code means: CBC.0250 in any letter case, its number, or a code of the API gateway, IAM or KooGallery.\n" +
			"Exits with 1 if the catalogue does not have it. A code with several meanings is shown once for each.",
		Example:           "  cbcerr code CBC.0250\n  cbcerr code 5003 --locale zh-CN\n  cbcerr code cbc.99003651 --output json\n  cbcerr code APIGW.0308",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeCode,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			return o.through(c.Context(), func(ctx context.Context, d door) error { return o.code(ctx, d, args[0]) })
		},
	})
}

func (o *options) code(ctx context.Context, d door, code string) error {
	answer, err := d.GetErrorCode(ctx, &errorv1.GetErrorCodeRequest{Code: code})
	if unknown(err) {
		fmt.Fprintf(o.err, "cbcerr: the catalogue has no code %q\n", code)
		return errNothing
	}
	if err != nil {
		return err
	}
	return o.printEntries(append([]*errorv1.CatalogEntry{answer.GetEntry()}, answer.GetOtherEntries()...))
}

// printEntries prints the meanings of a code, each as a document of its own.
func (o *options) printEntries(entries []*errorv1.CatalogEntry) error {
	between := map[string]string{"text": "\n", "yaml": "---\n"}[o.output]
	for i, e := range entries {
		if i > 0 {
			fmt.Fprint(o.out, between)
		}
		if err := o.printEntry(e); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) printEntry(e *errorv1.CatalogEntry) error {
	if o.output != "text" {
		return o.printMessage(e)
	}
	return render.Entry(o.out, e, o.preferred(), o.hasColours)
}

// unknown tells the catalogue's word that it has no such code from any other answer that something is not there.
func unknown(err error) bool {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetDomain() == rpc.Domain && info.GetReason() == rpc.UnknownCode
		}
	}
	return false
}

func (o *options) codesCommand() *cobra.Command {
	r := &errorv1.ListErrorCodesRequest{}
	c := &cobra.Command{
		Use:   "codes",
		Short: "List the codes, all or those that fit",
		Long: "List the codes, all or those that fit every flag given. Exits with 1 if none does.\n" +
			"The words of --search are looked for in codes, reasons and the texts of all languages.",
		Example: "  cbcerr codes --search 续费 --status FAILED_PRECONDITION\n  cbcerr codes --status NOT_FOUND --locale zh-CN\n  cbcerr codes --retry BACKOFF --output json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			return o.through(c.Context(), func(ctx context.Context, d door) error { return o.codes(ctx, d, r) })
		},
	}
	c.Flags().StringVar(&r.Query, "search", "", "`words` to look for")
	for _, flag := range []struct {
		name  string
		of    func(*catalog.Entry) string
		names string
	}{
		{"status", func(e *catalog.Entry) string { return e.Status }, ", such as NOT_FOUND"},
		{"reason", func(e *catalog.Entry) string { return e.Reason }, ", such as REQUEST_THROTTLED"},
		{"retry", func(e *catalog.Entry) string { return e.Retry }, ": " + listed(errorv1.RetryAdvice_name, "RETRY_ADVICE_")},
		{"outcome", func(e *catalog.Entry) string { return e.Outcome }, ": " + listed(errorv1.Outcome_name, "OUTCOME_")},
	} {
		c.Flags().Var(newEnumFlag(r, flag.name), flag.name, "`name` of the "+flag.name+flag.names)
		complete(c, flag.name, names(flag.of))
	}
	return o.askable(c)
}

func (o *options) codes(ctx context.Context, d door, r *errorv1.ListErrorCodesRequest) error {
	r.PageSize, r.Locale = 1000, strings.Join(o.preferred(), "")
	all := &errorv1.ListErrorCodesResponse{}
	for more := true; more; more = r.GetPageToken() != "" {
		page, err := d.ListErrorCodes(ctx, r)
		if err != nil {
			return err
		}
		all.Entries = append(all.Entries, page.GetEntries()...)
		all.TotalSize, all.CatalogVersion, r.PageToken = page.GetTotalSize(), page.GetCatalogVersion(), page.GetNextPageToken()
	}
	if err := o.printCodes(all); err != nil {
		return err
	}
	if len(all.GetEntries()) == 0 {
		fmt.Fprintln(o.err, "cbcerr: no code fits")
		return errNothing
	}
	return nil
}

func (o *options) printCodes(all *errorv1.ListErrorCodesResponse) error {
	if o.output != "text" {
		return o.printMessage(all)
	}
	return render.Entries(o.out, all.GetEntries(), o.hasColours)
}

// listed are the names of an enum without their prefix, but for the first, which names nothing.
func listed(names map[int32]string, prefix string) string {
	var all []string
	for n := int32(1); names[n] != ""; n++ {
		all = append(all, strings.TrimPrefix(names[n], prefix))
	}
	return strings.Join(all, ", ")
}

// completeCode completes a code and shows its text beside it.
func completeCode(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	c, err := catalog.Embedded()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var fitting []string
	for _, e := range c.Search(catalog.Query{}) {
		text, _ := c.Text(e.Key, catalog.DefaultLocale)
		if strings.HasPrefix(e.Code, strings.ToUpper(begun)) {
			fitting = append(fitting, cobra.CompletionWithDesc(e.Code, text))
		}
	}
	return fitting, cobra.ShellCompDirectiveNoFileComp
}

// names completes one of the names that the catalogue's entries have.
func names(of func(*catalog.Entry) string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		c, err := catalog.Embedded()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		seen := map[string]bool{"": true}
		var list []string
		for _, e := range c.Search(catalog.Query{}) {
			if name := of(e); !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}
