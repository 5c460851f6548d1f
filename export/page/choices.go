package page

import (
	"fmt"
	"slices"

	"kolmo/compare"
)

// methodRun is what kolmo chose for one model over neighbouring learning rates.
type methodRun struct {
	Model, Method, From, To string
	Why                     []string // per learning rate
}

// Etas names the learning rates.
func (m methodRun) Etas() string {
	if m.From == m.To {
		return m.From
	}
	return m.From + " .. " + m.To
}

// MethodRuns groups the choices of a result by model and method.
func MethodRuns(r *compare.Result) []methodRun {
	choices := slices.Clone(r.Choices)
	var models []string
	for _, c := range choices {
		if !slices.Contains(models, c.Model) {
			models = append(models, c.Model)
		}
	}
	slices.SortStableFunc(choices, func(a, b compare.Choice) int {
		return slices.Index(models, a.Model) - slices.Index(models, b.Model)
	})
	var runs []methodRun
	for _, c := range choices {
		name := c.Space
		if c.Order > 0 {
			name = fmt.Sprintf("%s of order %d", c.Space, c.Order)
		}
		name += ", " + c.Time
		if n := len(runs); n == 0 || runs[n-1].Model != c.Model || runs[n-1].Method != name {
			runs = append(runs, methodRun{Model: c.Model, Method: name, From: c.EtaText})
		}
		last := &runs[len(runs)-1]
		last.To = c.EtaText
		last.Why = append(last.Why, fmt.Sprintf("eta = %s: %s", c.EtaText, c.Why))
	}
	return runs
}
