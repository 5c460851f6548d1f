package view

import (
	"fmt"
	"strings"

	"kolmo/export/results"
)

// Reasons are the Reasons of rows, each with the rows that have it.
type Reasons struct {
	text  []string
	where map[string][]string
}

// Add adds a row's reason, if it has one.
func (r *Reasons) Add(reason *string, at string) {
	if reason == nil {
		return
	}
	if r.where == nil {
		r.where = map[string][]string{}
	}
	r.text = results.AppendNew(r.text, *reason)
	r.where[*reason] = results.AppendNew(r.where[*reason], at)
}

// Lines returns a line per reason, which begins with what it is a reason for.
func (r *Reasons) Lines(what string) []string {
	var out []string
	for _, t := range r.text {
		at := r.where[t]
		list := strings.Join(at[:min(len(at), mostPlaces)], "; ")
		if more := len(at) - mostPlaces; more > 0 {
			list += fmt.Sprintf("; %d more", more)
		}
		out = append(out, what+": "+list+": "+t)
	}
	return out
}

// mostPlaces is the most rows that are listed with a reason.
const mostPlaces = 3
