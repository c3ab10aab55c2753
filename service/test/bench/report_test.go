package main

import "testing"

func TestFigure_MedianAndSpread(t *testing.T) {
	for want, f := range map[string]figure{
		"not measured":     nil,
		"2.00 (1.00–9.00)": {9, 1, 2},
		"15.0 (10.0–20.0)": {20, 10},
		"1000 (1000–1000)": {1000},
		"0.50 (0.25–100)":  {0.25, 0.5, 100},
	} {
		if got := f.String(); got != want {
			t.Errorf("%v: %q, want %q", []float64(f), got, want)
		}
	}
}

func TestGoal_Verdict(t *testing.T) {
	ratio, time := goal{figure: "x", atLeast: true, reach: 0.8, beyond: 0.9}, goal{figure: "x", reach: 10}
	for _, c := range []struct {
		name string
		goal goal
		f    figure
		want string
	}{
		{"ratio beyond", ratio, figure{0.95}, "yes, and beyond"},
		{"ratio at the goal", ratio, figure{0.8}, "yes"},
		{"ratio below", ratio, figure{0.4}, "no, by 100 %"},
		{"time below, nothing beyond", time, figure{5}, "yes"},
		{"time above", time, figure{15}, "no, by 50 %"},
		{"no rounds", time, nil, "not measured"},
	} {
		if got := c.goal.verdict(c.f); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNinthDecile_CountsTheTenth(t *testing.T) {
	if got := ninthDecile([]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}); got != 9 {
		t.Errorf("%v, want 9", got)
	}
}
