package field

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/export/table"
)

// WriteText writes the summary for a terminal.
func (s *Summary) WriteText(w io.Writer) error {
	var b strings.Builder
	state := "complete"
	if !s.Complete {
		state = "unfinished, " + plural(s.Times.Count, "step") + " written so far"
	}
	fmt.Fprintf(&b, "%s\n  results file of kolmo, %s\n", table.Clean(s.File), state)
	s.head(&b)
	fmt.Fprintln(&b)
	axes := [][]string{{"axis", "", "nodes", "", "from", "to"}}
	for _, a := range s.Axes {
		axes = append(axes, []string{a.Name, a.LongName, fmt.Sprint(a.Nodes), a.Kind, general(a.First), general(a.Last)})
	}
	axesTable := table.OfTexts(axes, 0, 1, 3)
	axesTable.Write(&b)
	fmt.Fprintln(&b)
	if s.Times.Count == 0 {
		fmt.Fprintln(&b, "no steps yet")
	} else {
		fmt.Fprintf(&b, "%s, n = %d .. %d, t = %s .. %s\n", plural(s.Times.Count, "step"), *s.Times.FirstN, *s.Times.LastN,
			general(float64(s.Times.First)), general(float64(s.Times.Last)))
		fmt.Fprintln(&b)
		s.variables(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// head writes what the file is about.
func (s *Summary) head(b *strings.Builder) {
	line := func(name string, parts ...string) {
		if text := strings.Join(nonEmpty(parts), ", "); text != "" {
			table.Wrap(b, fmt.Sprintf("  %-11s ", name), strings.Repeat(" ", 14), text)
		}
	}
	title := s.Study
	if s.Title != "" && s.Title != s.Study {
		title = strings.TrimPrefix(s.Study+": "+s.Title, ": ")
	}
	line("study", title)
	line("observable", s.Observable)
	line("model", s.Model)
	if eta := float64(s.Eta); !math.IsNaN(eta) {
		line("eta", table.Eta(eta, s.EtaText))
	}
	if gap := float64(s.Gap); !math.IsNaN(gap) {
		text := table.Measured(gap, float64(s.GapError))
		switch verdict, why, _ := strings.Cut(s.Certified, ": "); verdict {
		case "yes":
			text += ", certified"
		case "no":
			text += ", not certified: " + why
		}
		line("gap", text)
	}
	nodes := make([]string, len(s.Nodes))
	for k, n := range s.Nodes {
		nodes[k] = fmt.Sprint(n)
	}
	line("scheme", s.Scheme)
	line("grid", strings.Join(nodes, " x ")+" nodes", s.Space)
	if s.Over == "ball" {
		x := "|x|"
		if text := strings.Trim(fmt.Sprint(s.Center), "[]"); strings.Trim(text, "0 ") != "" {
			x = "|x - (" + strings.ReplaceAll(text, " ", ", ") + ")|"
		}
		text := x + " <= " + general(float64(s.R))
		if s.Ball != "" {
			text = s.Ball
		}
		if r2 := float64(s.R2); !math.IsNaN(r2) {
			text += "; R2 = " + general(r2)
		}
		line("ball", text)
		line("axes", s.AxesAre)
	}
	if s.Kolmo != "" {
		line("written by", "kolmo "+s.Kolmo)
	}
}

// variables writes the tables of fields and series.
func (s *Summary) variables(b *strings.Builder) {
	over := "in the ball"
	if s.Over != "ball" {
		over = "at the nodes"
	}
	fields := [][]string{{"field", "t", "min", "max", "sup |.|"}}
	for _, f := range s.Fields {
		for i, e := range []*ValueExtent{f.First, f.Last} {
			if e == nil || i == 1 && s.Times.Count == 1 {
				continue
			}
			name, t := f.Name, s.Times.First
			if i == 1 {
				name, t = "", s.Times.Last
			}
			fields = append(fields, []string{name, general(float64(t)), e.short(e.Min), e.short(e.Max), e.short(e.Sup)})
		}
	}
	fmt.Fprintf(b, "values %s\n", over)
	fieldsTable := table.OfTexts(fields, 0)
	fieldsTable.Write(b)
	for _, f := range s.Fields {
		text := nonEmpty([]string{f.LongName})
		for _, name := range slices.Sorted(maps.Keys(f.Attrs)) {
			value := f.Attrs[name]
			if v, ok := value.(compare.Number); ok {
				value = short(v)
			}
			text = append(text, fmt.Sprintf("%s: %v", name, value))
		}
		if len(text) > 0 {
			table.Wrap(b, "  "+f.Name+": ", "    ", strings.Join(text, "; "))
		}
	}
	if len(s.Series) == 0 {
		return
	}
	series := [][]string{{"series", "first", "last", "largest", ""}}
	for _, v := range s.Series {
		series = append(series, []string{v.Name, short(v.First), short(v.Last), short(v.Largest), table.Clean(v.LongName)})
	}
	fmt.Fprintln(b)
	seriesTable := table.OfTexts(series, 0, 4)
	seriesTable.Write(b)
}

// nonEmpty returns the texts that are not empty.
func nonEmpty(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// plural returns "1 step" or "3 steps".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// general returns v with up to 10 significant digits.
func general(v float64) string { return fmt.Sprintf("%.10g", v) }

// short returns v as short does, and 0 for what is only rounding beside the other
// values.
func (e *ValueExtent) short(v compare.Number) string {
	const rounding = 1e-14
	if math.Abs(float64(v)) < rounding*float64(e.Sup) {
		v = 0
	}
	return short(v)
}

// short returns v with four significant digits, absent if it does not exist.
func short(v compare.Number) string { return table.Value(float64(v), math.NaN()) }
