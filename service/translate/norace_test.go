//go:build !race

package translate_test

// step is the distance of the rows that a test of every row takes.
const step = 1
