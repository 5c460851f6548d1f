package document

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Required are the keys that every study has.
var Required = []string{"name", "parameters", "loss", "sample", "ball", "observables", "eta", "models"}

// Sections are the keys of mappings by their paths, "" being the study. A sample and an algorithm
// have those of all their kinds, of which each takes its own.
var Sections = map[string][]string{
	"": slices.Concat([]string{"name", "title", "parameters", "define", "loss", "sample", "ball", "observables", "eta", "models"},
		[]string{"algorithm", "schedule", "accuracy", "studies", "horizon", "spectrum", "crossing", "exit", "solver", "output", "seed"}),
	"sample":            slices.Concat(DataKeys, []string{"variables", "values", "probabilities", "quadrature"}),
	"sample.batch":      {"size", "replacement", "svag"},
	"sample.quadrature": {"rule", "points", "level"},
	"ball":              {"R", "center", "R2", "metric", "taper"},
	"algorithm":         slices.Concat([]string{"kind", "beta", "friction"}, FormulaKeys),
	"schedule":          {"kind", "rate"},
	"spectrum":          {"count"},
	"crossing":          {"level", "x"},
	"exit":              {"interval", "box", "x"},
	"solver":            {"space", "order", "time", "nodes"},
	"output":            {"fields", "every", "eta", "compression"},
}

// Keys of the kinds of samples; FormatKeys say how a table of text is written, FormulaKeys are
// those of an algorithm by formulas, and LawKeys those of all laws.
var (
	FormatKeys      = []string{"separator", "decimal", "comment", "header"}
	DataKeys        = slices.Concat([]string{"kind", "file", "dataset", "where", "columns", "batch"}, FormatKeys)
	DiscreteKeys    = []string{"kind", "variables", "values", "probabilities", "batch"}
	IndependentKeys = []string{"kind", "variables", "quadrature", "batch"}
	FormulaKeys     = []string{"state", "noise", "update"}
	LawKeys         = []string{"law", "low", "high", "mean", "std", "truncate", "rate", "shape", "alpha", "beta", "scale", "p"}
)

// examples have what to write for every key that something requires: by its path without numbers of items,
// or by its name alone where the names around it are the study's own.
var examples = map[string]string{
	"name":           "name: first-try",
	"parameters":     "parameters: [x]",
	"loss":           "loss: (x - xi)^2/2",
	"sample":         "sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}",
	"ball":           "ball: {R: 2}",
	"observables":    "observables: {square: x^2}",
	"eta":            "eta: [1/4, 1/8, 1/16, 1/32]",
	"models":         "models: [modified]",
	"ball.R":         "R: 2",
	"sample.kind":    "kind: data, discrete or independent",
	"file":           "file: table.csv",
	"columns":        "columns: {a: col(\"Body mass\")}",
	"variables":      "variables: [xi], of kind independent {xi: {law: normal}}",
	"values":         "values: [[-1], [1]], a row for each outcome",
	"of":             "of: 1/4",
	"law":            "law: normal",
	"low":            "low: -1",
	"high":           "high: 1",
	"shape":          "shape: 2",
	"alpha":          "alpha: 2",
	"beta":           "beta: 2",
	"p":              "p: 1/2",
	"algorithm.kind": "kind: sgd, momentum, nesterov, langevin or custom",
	"friction":       "friction: 1",
	"update":         "update: {x: x - eta*x}",
	"schedule.kind":  "kind: inverse or exponential",
	"rate":           "rate: 1",
	"level":          "level: 0.25",
	"interval":       "interval: [-1, 1]",
	"box":            "box: [[-1, 1], [-1, 1]]",
	"exit.x":         "x: 0, of a box x: [0, 0]",
	"models.name":    "name: mine",
	"drift":          "drift: {x: -mean(grad(x))}",
}

var itemNumber = regexp.MustCompile(`\[[0-9]+\]`)

// example returns what to write for a key that is missing.
func example(path string) string {
	path = itemNumber.ReplaceAllString(path, "")
	return cmp.Or(examples[path], examples[path[strings.LastIndexByte(path, '.')+1:]])
}

// home says in which mappings a key that stands at a path belongs, "" if in none other.
func home(key, path string) string {
	var list []string
	for section, keys := range Sections {
		if !slices.Contains(keys, key) {
			continue
		}
		switch section {
		case path:
			return ""
		case "":
			return "to the study itself, not indented"
		}
		list = append(list, section)
	}
	if list == nil {
		return ""
	}
	slices.Sort(list)
	return "under " + strings.Join(list, " or ")
}
