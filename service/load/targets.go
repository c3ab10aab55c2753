package main

import (
	"fmt"
	"strings"
)

// A target is what a figure should reach, and what it should reach then.
type target struct {
	What, figure  string
	Unit          string
	atLeast       bool // else at most
	reach, beyond float64
}

// targets are what this project has set itself.
var targets = []target{
	{"library, response → wire of the answer", "library, response to wire", "ns", false, 300, 150},
	{"the same, where a lookup among the codes takes 11 ns", "library, response to wire: in lookups", "lookups", false, 27, 14},
	{"the same, allocations", "library, response to wire: allocations", "", false, 0, 0},
	{"library, response → `*status.Status`", "library, response to status", "ns", false, 500, 300},
	{"the same, where a lookup among the codes takes 11 ns", "library, response to status: in lookups", "lookups", false, 45, 27},
	{"the same, allocations", "library, response to status: allocations", "", false, 3, 0},
	{"unary gRPC against a null handler", "unary/64", "", true, 0.95, 1.2},
	{"stream against a null stream", "stream/64", "", true, 0.72, 0.85},
	{"batch of 100 against a null batch of the same bytes", "batch/64", "", true, 0.55, 0.75},
	{"REST, JSON, against a static handler", "REST/64", "", true, 0.53, 0.65},
	{"REST, raw, against a static handler", "REST raw/64", "", true, 0.53, 0.65},
	{"default observability against none", "unary/64/observability", "", true, 0.95, 0.97},
	{"start to the first answer over gRPC", "start, first answer over gRPC", "ms", false, 100, 50},
	{"start to the first answer over REST", "start, first answer over REST", "ms", false, 100, 50},
	{"memory, idle", "memory, idle", "MiB", false, 40, 0},
	{"memory, 64 unary calls in flight", "memory, unary/64", "MiB", false, 80, 0},
	{"memory, 64 messages of a stream in flight", "memory, stream/64", "MiB", false, 80, 0},
	{"memory, 64 batches in flight", "memory, batch/64", "MiB", false, 80, 0},
	{"memory, 64 REST calls in flight", "memory, REST/64", "MiB", false, 80, 0},
}

// A judgement is a target and what was measured.
type judgement struct {
	target
	Measured, Verdict string
}

// judge holds a run to the targets.
func (r results) judge() (all []judgement) {
	measured := map[string]figure{}
	for _, n := range r.all() {
		measured[n.Name] = n.Figure
	}
	for _, t := range targets {
		j := judgement{t, "", "not measured"}
		if f, ok := measured[t.figure]; ok {
			j.Measured, j.Verdict = named{Unit: t.Unit, Figure: f}.String(), t.verdict(f)
		}
		all = append(all, j)
	}
	return all
}

// verdict tells what the median has reached.
func (t target) verdict(f figure) string {
	switch {
	case t.beyond != 0 && t.reached(f, t.beyond):
		return "**yes, and beyond**"
	case t.reached(f, t.reach):
		return "**yes**"
	}
	return "no"
}

func (t target) reached(f figure, goal float64) bool {
	if t.atLeast {
		return f.Median >= goal
	}
	return f.Median <= goal
}

// Reach writes what is to reach, Beyond what is then.
func (t target) Reach() string { return t.goal(t.reach) }

// Beyond is empty where there is nothing beyond.
func (t target) Beyond() string {
	if t.beyond == 0 {
		return ""
	}
	return t.goal(t.beyond)
}

func (t target) goal(value float64) string {
	sign := map[bool]string{true: "≥", false: "≤"}[t.atLeast]
	return strings.TrimSpace(fmt.Sprintf("%s %v %s", sign, value, t.Unit))
}
