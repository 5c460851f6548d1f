package document

import (
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
	"sample":            slices.Concat(DataKeys, DiscreteKeys, IndependentKeys),
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

// Keys of the kinds of samples; FormatKeys say how a table of text is written, and FormulaKeys are
// those of an algorithm by formulas.
var (
	FormatKeys      = []string{"separator", "decimal", "comment", "header"}
	DataKeys        = slices.Concat([]string{"kind", "file", "dataset", "where", "columns", "batch"}, FormatKeys)
	DiscreteKeys    = []string{"kind", "variables", "values", "probabilities", "batch"}
	IndependentKeys = []string{"kind", "variables", "quadrature", "batch"}
	FormulaKeys     = []string{"state", "noise", "update"}
)

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
