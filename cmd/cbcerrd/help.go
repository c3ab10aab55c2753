package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// helpWidth is the width at which pflag wraps a line of the help. It exceeds it by up to 5 columns, so lines have at most 100.
const helpWidth = 95

// A topic is a group of flags in the help.
type topic struct {
	title    string
	patterns []string // of names, as for path.Match
}

// topics returns the topics of both commands. A flag belongs to the first that matches.
func topics() []topic {
	return []topic{
		{"Addresses", []string{"upstream", "*addr", "public-url", "cors-origins"}},
		{"TLS and authentication", []string{"tls-*", "auth-*", "upstream-ca"}},
		{"Translation", []string{"raise", "raise-partial", "locale", "locales-dir", "overlays-dir", "reload-interval"}},
		{"Timeouts and shutdown", []string{"*-timeout", "*-age", "*-delay"}},
		{"Limits", []string{"max-*", "client-*"}},
		{"Logs and telemetry", []string{"log-*", "slow-call", "otlp-*"}},
		{"Other", []string{"*"}},
	}
}

// helpText returns the flags by topic, in the order of their definition.
func helpText(flags *pflag.FlagSet) string {
	all := topics()
	groups := make([]*pflag.FlagSet, len(all))
	for i := range groups {
		groups[i] = pflag.NewFlagSet("", pflag.ContinueOnError)
		groups[i].SortFlags = false
	}
	flags.VisitAll(func(f *pflag.Flag) {
		i := slices.IndexFunc(all, func(t topic) bool { return t.matches(f.Name) })
		groups[i].AddFlag(f)
	})
	var text strings.Builder
	for i, group := range groups {
		if group.HasFlags() {
			fmt.Fprintf(&text, "\n%s:\n%s", all[i].title, group.FlagUsagesWrapped(helpWidth))
		}
	}
	return text.String()
}

// matches reports whether a flag belongs to the topic.
func (t topic) matches(flag string) bool {
	return slices.ContainsFunc(t.patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, flag)
		return ok && err == nil
	})
}
