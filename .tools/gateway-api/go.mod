module github.com/cbcerr/cbcerr/.tools/gateway-api

go 1.26.0

// No tool: its definitions of Gateway, GRPCRoute and HTTPRoute are wanted.
require sigs.k8s.io/gateway-api v1.6.3
