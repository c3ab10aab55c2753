package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/pflag"
)

// logOptions are the settings of the log.
type logOptions struct {
	format, level string
	current       *slog.LevelVar // the admin port sets it
}

// bind defines a flag for each setting.
func (o *logOptions) bind(flags *pflag.FlagSet) {
	o.current = new(slog.LevelVar)
	flags.StringVar(&o.format, "log-format", "text", "log `format`: text or json")
	flags.StringVar(&o.level, "log-level", "info", "minimum log `level`: debug, info, warn or error; the admin port can change it")
}

// logger returns a logger to standard error.
func (o logOptions) logger() (*slog.Logger, error) {
	if err := o.current.UnmarshalText([]byte(o.level)); err != nil {
		return nil, fmt.Errorf("--log-level=%s: not debug, info, warn or error", o.level)
	}
	handler := &slog.HandlerOptions{Level: o.current}
	switch o.format {
	case "text":
		return slog.New(slog.NewTextHandler(os.Stderr, handler)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(os.Stderr, handler)), nil
	}
	return nil, fmt.Errorf("--log-format=%s: neither text nor json", o.format)
}
