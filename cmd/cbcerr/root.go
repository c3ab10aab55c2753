package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// options has the flags that commands share.
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
		Short: "Explain errors of Huawei Cloud's billing and operations APIs (CBC, BSS)",
		Long: "Explain errors of Huawei Cloud's billing and operations APIs (CBC, BSS), and what to do about them.\n" +
			"Without a command it translates standard input. Commands use the embedded catalogue, or the server\n" +
			"that --server names.\n\n" +
			"Exit status: 0 if upstream succeeded or a code was found, 1 if upstream failed or no code was found,\n2 if the usage is invalid, the input is unreadable or the server fails.",
		Example: "  curl -si https://… | cbcerr translate --locale zh-CN\n  cbcerr code CBC.0250\n  cbcerr codes --search 订单 --retry BACKOFF\n" +
			"  cbcerr explain response.txt\n  source <(cbcerr completion bash)",
		Version:       version(),
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.PersistentFlags().StringVar(&o.locale, "locale", "", "language `tag` of the texts; default: the language of the environment")
	root.PersistentFlags().StringVarP(&o.output, "output", "o", "text", "output `format`: text, json or yaml; for translate also problem (RFC 9457)")
	complete(root, "locale", o.locales)
	complete(root, "output", fixed("text", "json", "yaml", "problem"))
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.SetFlagErrorFunc(flagError)
	translate := o.translateCommand()
	root.RunE = func(c *cobra.Command, _ []string) error { return o.translateInput(c, translate) }
	root.AddCommand(translate, o.codeCommand(), o.codesCommand(), o.explainCommand(), o.versionCommand())
	return root
}

// helpWidth is the width at which pflag wraps a line of the help. It exceeds it by up to 5 columns, so lines have at most 100.
const helpWidth = 95

// flagError returns the error of an invalid flag in the form of the other errors.
func flagError(_ *cobra.Command, err error) error {
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return fmt.Errorf("%w; see -h", err)
	}
	cause := invalid.Unwrap()
	switch f := invalid.GetFlag(); f.Value.Type() {
	case "int":
		cause = errors.New("not a whole number")
	case "duration":
		cause = errors.New("not a duration such as 30s")
	}
	return fmt.Errorf("--%s=%.64q: %w", invalid.GetFlag().Name, invalid.GetValue(), cause)
}

// translateInput runs the command translate on standard input. On a terminal or an empty input it prints the help.
func (o *options) translateInput(c, translate *cobra.Command) error {
	if o.isTTY {
		return c.Help()
	}
	err := translate.RunE(c, nil)
	if errors.Is(err, errEmptyInput) {
		return c.Help()
	}
	return err
}

// versionCommand prints what --version prints.
func (o *options) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(o.out, "%s version %s\n", c.Root().Name(), version())
			return err
		},
	}
}

// version returns the version of the module, or (devel) if the build has none, and the commit and the compiler.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	revision := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return fmt.Sprintf("%s, revision %s, %s", cmp.Or(info.Main.Version, "(devel)"), revision, info.GoVersion)
}

// withServerFlags adds the flags for calling a server to a command.
func (o *options) withServerFlags(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&o.server, "server", "", "`address` of a server: host:port for plaintext gRPC, or a URL for REST; token in CBCERR_TOKEN")
	c.Flags().DurationVar(&o.timeout, "timeout", 10*time.Second, "timeout for the server")
	return c
}

// checkOutput returns an error if a command does not support the output format.
func (o *options) checkOutput(formats ...string) error {
	if !slices.Contains(formats, o.output) {
		return fmt.Errorf("--output=%q: must be one of %s", o.output, strings.Join(formats, ", "))
	}
	return nil
}

// preferred returns the requested locale: that of the flag, else that of the environment in the order of POSIX.
func (o *options) preferred() []string {
	tag := cmp.Or(o.locale, o.env("LC_ALL"), o.env("LC_MESSAGES"), o.env("LANG"))
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	if tag == "" || tag == "C" || tag == "POSIX" || o.locale == "" && !isValidTag(tag) {
		return nil
	}
	return []string{strings.ReplaceAll(tag, "_", "-")}
}

// isValidTag reports whether a server accepts a tag. An invalid language of the environment is ignored.
func isValidTag(tag string) bool { return len(tag) <= 64 && utf8.ValidString(tag) }

// locales completes --locale.
func (o *options) locales(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := catalog.Embedded()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return c.Locales(), cobra.ShellCompDirectiveNoFileComp
}

// fixed completes one of the given values.
func fixed(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// complete registers the completion of a flag.
func complete(c *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // programming error: the flag is not defined
	}
}
