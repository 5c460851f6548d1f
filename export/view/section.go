// Package view says what a kind of study has to give to be shown: an answer, a section with
// tables, a figure and findings, and CSV files.
package view

import (
	"fmt"
	"io"
	"strings"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
)

// Kind is a Kind of study, or what explains one: what it answers, shows and stores.
type Kind struct {
	Name     string                           // of the study, and of its files: Name.png, Name.svg
	Task     string                           // what its command does; "" where there is none
	Explains bool                             // the gaps, which it is shown with
	Answer   func(r *compare.Result) []string // what it says in a line or two; nil: nothing
	Count    func(r *compare.Result) string   // what else is counted of its rows: "3 have a T"; nil: nothing
	Section  func(r *compare.Result) *Section // nil, or returns nil: there is nothing to show
	Files    []File
	Written  []Written
}

// Written is what a kind writes by itself to a result's folder: the first of the names, and what
// comes with it. Write reports that there was something to write; else there are no such files.
type Written struct {
	Names []string
	Write func(path string, r *compare.Result) (bool, error)
}

// File is a CSV file of a result's folder; without rows there is none.
type File struct {
	Name  string
	Table func(r *compare.Result) *table.CSV
}

// Section is what one kind of study, or one part of its results, shows: the same
// tables, verdicts and pictures on the terminal, in the report and as files.
type Section struct {
	Name     string // of its kind
	Explains bool   // as its kind
	Title    string
	Short    string // the title, for the table of contents
	Intro    string // for the report: one paragraph of plain text
	Tables   []table.Table
	Verdicts []string
	// Findings are for the report in place of the verdicts that hold Said, unless that is "".
	Findings []string
	Said     string
	Figure   *figure.Figure // nil if there is nothing to draw
	Caption  string         // of the figure
}

// Found returns what the section Found, in sentences.
func (s *Section) Found() []string {
	out := s.Findings
	for _, v := range s.Verdicts {
		if s.Said == "" || !strings.Contains(v, s.Said) {
			out = append(out, sentence(v))
		}
	}
	return out
}

// sentence returns a text with a full stop.
func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

// Sentences returns texts with full stops.
func Sentences(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = sentence(s)
	}
	return out
}

// Shortened returns the section with its first table at the smallest learning rate alone.
func (s *Section) Shortened() *Section {
	out := *s
	if len(s.Tables) > 0 {
		out.Tables = []table.Table{s.Tables[0].AtSmallestEta()}
	}
	return &out
}

// Write writes the section as text.
func (s *Section) Write(w io.Writer) {
	fmt.Fprintln(w)
	table.Wrap(w, "", "  ", s.Title)
	for _, t := range s.Tables {
		t.Write(w)
	}
	for _, v := range s.Verdicts {
		table.Wrap(w, "  ", "    ", v)
	}
}

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
			list += fmt.Sprintf("; %d more (results.json has all)", more)
		}
		out = append(out, what+": "+list+": "+t)
	}
	return out
}

// mostPlaces is the most rows that are listed with a reason.
const mostPlaces = 3
