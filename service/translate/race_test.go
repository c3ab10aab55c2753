//go:build race

package translate_test

// step is the distance of the rows that a test of every row takes. The race detector makes them ten times slower.
const step = 20
