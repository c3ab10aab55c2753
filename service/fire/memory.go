package main

import "time"

// watchMemory looks at a process's memory many times a second; stop returns the most that it was, in MiB.
func watchMemory(d *daemon) (stop func() float64) {
	ended, most := make(chan struct{}), make(chan float64, 1)
	go func() {
		highest := d.resident()
		for {
			select {
			case <-ended:
				most <- max(highest, d.resident())
				return
			case <-time.After(20 * time.Millisecond):
				highest = max(highest, d.resident())
			}
		}
	}()
	return func() float64 {
		close(ended)
		return <-most
	}
}
