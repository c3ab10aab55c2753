package rpc

import (
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
)

// Limits is how much one request may ask for.
type Limits struct {
	Body    int // bytes of a response's body
	Headers int // headers of a response
	Locales int // locales of a request
	Batch   int // requests of a batch
	Answer  int // bytes of the answer to a batch
	Items   int // failed items of a translation
}

// Bind makes each limit a flag, with its default and its reason.
func (l *Limits) Bind(flags *pflag.FlagSet) {
	flags.IntVar(&l.Body, "max-body", 4<<20, "largest body of a response in `bytes`; errors have a few hundred")
	flags.IntVar(&l.Headers, "max-headers", 64, "most headers of a response; gateways send about 20")
	flags.IntVar(&l.Locales, "max-locales", 16, "most locales of a request; browsers send about 5")
	flags.IntVar(&l.Batch, "max-batch", 1000, "most requests of a batch")
	flags.IntVar(&l.Answer, "max-answer", 4<<20, "largest answer to a batch in `bytes`; gRPC clients refuse more than 4 MiB by default")
	flags.IntVar(&l.Items, "max-items", translate.DefaultItems, "most failed items of a translation")
}

// DefaultLimits are the limits when no flag says otherwise.
func DefaultLimits() Limits {
	var l Limits
	l.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	return l
}

// The limits that no flag moves, in bytes.
const (
	maxName  = 64  // origins, codes and language tags
	maxQuery = 256 // filters
	maxID    = 256 // ids of a stream
)
