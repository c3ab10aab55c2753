package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/spf13/cobra"
)

// options are the flags that commands share.
type options struct {
	terminal
	server  string
	timeout time.Duration
	locale  string
	output  string
}

func newRoot(t terminal) *cobra.Command {
	o := &options{terminal: t}
	root := &cobra.Command{
		Use:   "cbcerr",
		Short: "What errors of Huawei Cloud's billing and operations APIs (CBC, BSS) mean",
		Long: "What errors of Huawei Cloud's billing and operations APIs (CBC, BSS) mean, and what to do about them.\n\n" +
			"Exit status: 0 if upstream succeeded or something was found, 1 if an error was translated or nothing was found,\n2 if there is no answer.",
		Example: "  curl -si https://… | cbcerr translate --locale zh-CN\n  cbcerr code CBC.0250\n  cbcerr codes --search 订单 --retry BACKOFF\n" +
			"  cbcerr explain response.txt\n  source <(cbcerr completion bash)",
		Version:       version(),
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.PersistentFlags().StringVar(&o.locale, "locale", "", "language `tag` of the texts; that of the environment where empty")
	root.PersistentFlags().StringVarP(&o.output, "output", "o", "text", "`form` of the answer: text, json or yaml; translate has problem too (RFC 9457)")
	complete(root, "locale", o.locales)
	complete(root, "output", fixed("text", "json", "yaml", "problem"))
	root.AddCommand(o.translateCommand(), o.codeCommand(), o.codesCommand(), o.explainCommand())
	return root
}

// version is that of the module, as far as the build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// askable gives a command the flags to ask a server.
func (o *options) askable(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&o.server, "server", "", "server to ask: host:port of its gRPC in the clear, or an `address` with http:// or https:// of its REST; offline where empty. The variable CBCERR_TOKEN has the token, if it wants one")
	c.Flags().DurationVar(&o.timeout, "timeout", 10*time.Second, "how long to wait for the server")
	return c
}

// checkOutput refuses forms that a command does not have.
func (o *options) checkOutput(forms ...string) error {
	if !slices.Contains(forms, o.output) {
		return fmt.Errorf("--output %q: must be one of %s", o.output, strings.Join(forms, ", "))
	}
	return nil
}

// preferred are the languages to ask for: the flag's, else those of the environment, as POSIX orders them.
func (o *options) preferred() []string {
	tag := cmp.Or(o.locale, o.env("LC_ALL"), o.env("LC_MESSAGES"), o.env("LANG"))
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	if tag == "" || tag == "C" || tag == "POSIX" || o.locale == "" && !sensible(tag) {
		return nil
	}
	return []string{strings.ReplaceAll(tag, "_", "-")}
}

// sensible tells whether what the environment says can be a language; whatever else it says is no reason to fail.
func sensible(tag string) bool { return len(tag) <= 64 && utf8.ValidString(tag) }

// locales completes --locale.
func (o *options) locales(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := catalog.Embedded()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return c.Locales(), cobra.ShellCompDirectiveNoFileComp
}

// fixed completes one of a few words.
func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// complete has a flag of a command completed.
func complete(c *cobra.Command, flag string, with cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, with); err != nil {
		panic(err) // the flag is not there: a mistake that every test finds
	}
}
