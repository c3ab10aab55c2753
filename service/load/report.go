package main

import (
	"fmt"
)

func writeReport(file string, r results) error {
	for _, l := range r.Loads {
		for _, s := range l.Servers {
			fmt.Println(l.Name, s.Name, s.Ratio, s.Rate, s.P50, s.P99, s.CPU, s.Allocations, s.Bytes, s.Memory)
		}
	}
	return nil
}
