package main

import (
	"context"
	"fmt"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/spf13/cobra"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

func (o *options) codeCommand() *cobra.Command {
	return o.withServerFlags(&cobra.Command{
		Use:   "code CODE",
		Short: "Show what a code means",
		Long: "Show what a code means: CBC.0250 in any letter case, its number, or a code of the API gateway, IAM\n" +
			"or KooGallery. All meanings of a code are shown.\nThe exit status is 1 if the code is not in the catalogue.",
		Example:           "  cbcerr code CBC.0250\n  cbcerr code 5003 --locale zh-CN\n  cbcerr code cbc.99003651 --output json\n  cbcerr code APIGW.0308",
		Args:              oneCode,
		ValidArgsFunction: completeCode,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			return o.withBackend(c.Context(), func(ctx context.Context, b backend) error { return o.code(ctx, b, args[0]) })
		},
	})
}

// oneCode returns an error unless there is one argument.
func oneCode(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("code: needs one CODE such as CBC.0250, not %d arguments", len(args))
	}
	return nil
}

func (o *options) code(ctx context.Context, b backend, code string) error {
	response, err := b.GetErrorCode(ctx, &errorv1.GetErrorCodeRequest{Code: code})
	if isUnknownCode(err) {
		fmt.Fprintf(o.err, "cbcerr: the catalogue has no code %q%s\n", code, suggestion(code))
		return errReported
	}
	if err != nil {
		return err
	}
	o.hintLocale(textLocales(response.GetEntry())...)
	return o.printEntries(append([]*errorv1.CatalogEntry{response.GetEntry()}, response.GetOtherEntries()...))
}

// textLocales returns the languages of an entry's texts.
func textLocales(e *errorv1.CatalogEntry) (tags []string) {
	for _, text := range e.GetTexts() {
		tags = append(tags, text.GetLocale())
	}
	return tags
}

// printEntries prints the meanings of a code, each as a separate document.
func (o *options) printEntries(entries []*errorv1.CatalogEntry) error {
	separator := map[string]string{"text": "\n", "yaml": "---\n"}[o.output]
	for i, e := range entries {
		if i > 0 {
			fmt.Fprint(o.out, separator)
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
	return render.Entry(o.out, e, o.preferred(), o.color)
}

// isUnknownCode reports whether the catalogue does not have a code. Other NOT_FOUND errors have another reason.
func isUnknownCode(err error) bool {
	info := errorInfo(status.Convert(err))
	return info.GetDomain() == rpc.Domain && info.GetReason() == rpc.UnknownCode
}

// errorInfo returns the ErrorInfo of a status, nil if it has none.
func errorInfo(s *status.Status) *errdetails.ErrorInfo {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info
		}
	}
	return nil
}

func (o *options) codesCommand() *cobra.Command {
	r := &errorv1.ListErrorCodesRequest{}
	c := &cobra.Command{
		Use:   "codes",
		Short: "List all codes, or those that match the flags",
		Long: "List all codes, or those that match all flags. The exit status is 1 if no code matches.\n" +
			"--search finds codes in any spelling (cbc5003), names (BACKOFF), HTTP statuses, and words of the\n" +
			"reason or the texts in any language. Exact matches come first. If nothing matches, typing errors\nare ignored.",
		Example: "  cbcerr codes --search 续费 --status FAILED_PRECONDITION\n  cbcerr codes --status NOT_FOUND --locale zh-CN\n  cbcerr codes --retry BACKOFF --output json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.checkOutput("text", "json", "yaml"); err != nil {
				return err
			}
			return o.withBackend(c.Context(), func(ctx context.Context, b backend) error { return o.codes(ctx, b, r) })
		},
	}
	c.Flags().StringVar(&r.Query, "search", "", "`words` to search for")
	for _, flag := range []struct {
		name   string
		column func(*catalog.Entry) string
		values string
	}{
		{"status", func(e *catalog.Entry) string { return e.Status }, ", such as NOT_FOUND"},
		{"reason", func(e *catalog.Entry) string { return e.Reason }, ", such as REQUEST_THROTTLED"},
		{"retry", func(e *catalog.Entry) string { return e.Retry }, " advice: " + valueNames(errorv1.RetryAdvice_name, "RETRY_ADVICE_")},
		{"outcome", func(e *catalog.Entry) string { return e.Outcome }, ": " + valueNames(errorv1.Outcome_name, "OUTCOME_")},
	} {
		c.Flags().Var(newEnumFlag(r, flag.name), flag.name, "`name` of the "+flag.name+flag.values)
		complete(c, flag.name, columnValues(flag.column))
	}
	return o.withServerFlags(c)
}

func (o *options) codes(ctx context.Context, b backend, r *errorv1.ListErrorCodesRequest) error {
	r.PageSize, r.Locale = 1000, strings.Join(o.preferred(), "")
	all := &errorv1.ListErrorCodesResponse{}
	for first := true; first || r.GetPageToken() != ""; first = false {
		page, err := b.ListErrorCodes(ctx, r)
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
		fmt.Fprintln(o.err, "cbcerr: no code matches")
		return errReported
	}
	o.hintLocale(textLocales(all.GetEntries()[0])...)
	return nil
}

func (o *options) printCodes(all *errorv1.ListErrorCodesResponse) error {
	if o.output != "text" {
		return o.printMessage(all)
	}
	return render.Entries(o.out, all.GetEntries(), o.color)
}

// valueNames returns the names of an enum without their prefix and without the unspecified value.
func valueNames(names map[int32]string, prefix string) string {
	var all []string
	for n := int32(1); names[n] != ""; n++ {
		all = append(all, strings.TrimPrefix(names[n], prefix))
	}
	return strings.Join(all, ", ")
}

// completeCode completes a code, with its text as the description.
func completeCode(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	c, err := catalog.Embedded()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var matches []string
	all, _ := c.Search(catalog.Query{})
	for _, e := range all {
		text, _ := c.Text(e.Key, catalog.DefaultLocale)
		if strings.HasPrefix(e.Code, strings.ToUpper(prefix)) {
			matches = append(matches, cobra.CompletionWithDesc(e.Code, text))
		}
	}
	return matches, cobra.ShellCompDirectiveNoFileComp
}

// columnValues completes the values that a column of the catalogue has.
func columnValues(column func(*catalog.Entry) string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		c, err := catalog.Embedded()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		seen := map[string]bool{"": true}
		var list []string
		all, _ := c.Search(catalog.Query{})
		for _, e := range all {
			if value := column(e); !seen[value] {
				seen[value] = true
				list = append(list, value)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}
