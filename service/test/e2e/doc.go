// Package e2e runs real cbcerrd processes and holds them to what operators rely on: calls survive restarts, drains, reloads
// and overload, honest clients are served after a pause, and memory stays below the pod's limit whatever clients send.
//
//	go test -tags e2e ./service/test/e2e
//
// The tests count calls and bytes, and never judge a time or a rate: a deadline only ends a hang. They need Linux, nginx and
// HAProxy, and about five minutes. Only tests are in this package.
package e2e
