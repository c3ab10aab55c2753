// Package rivals compares cbcerr with others' ways to make something of the same response: go-kratos' and gax-go's errors,
// the official Go SDK's, and what everybody writes by hand. It is a module of its own, so that nobody who uses cbcerr gets
// its dependencies, and it holds nothing but tests:
//
//	go test -bench . -benchmem
//	go test -run TestResults -results RESULTS.md
package rivals
