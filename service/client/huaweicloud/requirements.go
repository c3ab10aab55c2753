//go:build requirements

package huaweicloud

// The SDK requires an old google.golang.org/genproto, which has the same packages as google.golang.org/genproto/googleapis/rpc.
// A current one has not. This import is in no build: it makes "go mod tidy" require a current one, here and in programs
// that import this package.
import _ "google.golang.org/genproto/googleapis/type/date"
