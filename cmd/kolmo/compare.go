package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/export"
	"kolmo/export/table"
	"kolmo/internal/outfolder"
	"kolmo/study/document"
)

func newCompare(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compare A B",
		Short: "compare two results: what differs, and whether the numbers agree",
		Long: strings.TrimSpace(`
Reads two output folders, or their results.json, and prints the keys in which the
studies differ, and the gaps, one-step errors, rates, limits and times that both
have, their differences and the sums of their errors. Two numbers agree if they
differ by no more than that.

Exit codes: 0 all numbers that both have agree; 1 a file could not be read; 2 a folder
or file holds no results, or they share no number; 3 nothing disagrees, but some number
is missing; 4 something disagrees; 130 interrupted.`),
		Example: "  kolmo compare out/iris out/iris-again",
		Args:    exactly(2, "two output folders", "compare A B"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error { return compareResults(cmd.Context(), stdout, args) },
	}
	report.Flags(cmd)
	return cmd
}

// oldResults are results with the study beside them.
type oldResults struct {
	shown string
	*compare.Result
	keys []document.Entry // nil without a study
}

// openResults reads an output folder or a results.json.
func openResults(path string) (*oldResults, error) {
	file := path
	if isFolder(path) {
		if _, err := outfolder.Open(path); err != nil { // which completes results that are half written
			return nil, err
		}
		file = filepath.Join(path, export.ResultsFile)
	}
	r, err := readResults(file)
	if err != nil {
		return nil, err
	}
	o := &oldResults{shown: path, Result: r}
	text, err := outfolder.ReadFile(filepath.Join(filepath.Dir(file), studyFile), studyLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	o.keys, err = document.Flat(filepath.Join(filepath.Dir(file), studyFile), text)
	return o, err
}

// compareResults prints how two results differ.
func compareResults(ctx context.Context, stdout io.Writer, paths []string) error {
	var both [2]*oldResults
	for k, path := range paths {
		var err error
		if both[k], err = terminal.Promptly(ctx, func() (*oldResults, error) { return openResults(path) }); err != nil {
			return err
		}
	}
	a, b := both[0], both[1]
	text, verdict := valueComparison(a, b)
	if text == "" {
		return terminal.Usage("%s and %s share no number: no observable, model and eta of a kind of study is in both", a.shown, b.shown)
	}
	if err := terminal.WriteTo(stdout, fmt.Sprintf("A  %s: %s\nB  %s: %s\n\n%s\n%s", a.shown, a.Study, b.shown, b.Study, studyDifference(a, b), text)); err != nil {
		return err
	}
	return verdict
}

// studyDifference says in which keys the studies differ.
func studyDifference(a, b *oldResults) string {
	if a.keys == nil || b.keys == nil {
		return "studies: not compared, since " + studyFile + " is not beside both results\n"
	}
	values := func(list []document.Entry) map[string]string {
		m := map[string]string{}
		for _, e := range list {
			m[e.Key] = e.Text
		}
		return m
	}
	ofA, ofB := values(a.keys), values(b.keys)
	var lines []string
	add := func(key string) {
		cell := func(m map[string]string) string {
			if text, ok := m[key]; ok {
				return strings.Join(strings.Fields(text), " ")
			}
			return "-"
		}
		lines = append(lines, fmt.Sprintf("  %s\tA\t%s", key, cell(ofA)), fmt.Sprintf("\tB\t%s", cell(ofB)))
	}
	for _, e := range a.keys {
		if text, ok := ofB[e.Key]; !ok || text != e.Text {
			add(e.Key)
		}
	}
	for _, e := range b.keys {
		if _, ok := ofA[e.Key]; !ok {
			add(e.Key)
		}
	}
	if lines == nil {
		return "studies: the same keys and values\n"
	}
	return "studies differ in\n" + terminal.Columns(lines)
}

// valueComparison returns the table of the numbers that both have, "" if there are none, and the
// error that the command ends with.
func valueComparison(a, b *oldResults) (string, error) {
	var rows []valuePair
	other := map[valueKey]resultValue{}
	ofA, ofB := valuesOf(a.Result), valuesOf(b.Result)
	for _, v := range ofB {
		other[v.valueKey] = v
	}
	what := "gaps"
	common, apart, open := 0, 0, 0
	for _, x := range ofA {
		y, ok := other[x.valueKey]
		if !ok {
			continue
		}
		common++
		if !strings.HasPrefix(x.of, "gap") {
			what = "numbers"
		}
		diff, sum := math.Abs(float64(x.value-y.value)), float64(x.error+y.error)
		verdict := "yes"
		switch {
		case diff-diff != 0 || sum-sum != 0:
			verdict, open = "no number", open+1
		case !(diff <= sum):
			verdict, apart = "NO", apart+1
		}
		rows = append(rows, valuePair{x.of, x.observable, x.model, x.eta, x.etaText, x.value, y.value, compare.Number(diff), compare.Number(sum), verdict})
	}
	if common == 0 {
		return "", nil
	}
	var list strings.Builder
	shown := table.Of(rows)
	shown.Write(&list)
	text := list.String() + "\n"
	if alone := len(ofA) + len(ofB) - 2*common; alone > 0 {
		words := what + " are"
		if alone == 1 {
			words = strings.TrimSuffix(what, "s") + " is"
		}
		text += fmt.Sprintf("%d %s in one of the results only\n", alone, words)
	}
	switch {
	case apart > 0:
		return text, &terminal.Disagreement{Msg: fmt.Sprintf("%d of %d %s differ by more than the sum of their errors", apart, common, what)}
	case open > 0:
		return text + fmt.Sprintf("%d of %d %s have no number and could not be compared\n", open, common, what), terminal.ErrUncertified
	}
	return text + fmt.Sprintf("all %d %s agree within the sum of their errors\n", common, what), nil
}

// valuePair is a number that both results have.
type valuePair struct {
	Of         string         `col:"of"`
	Observable string         `col:"observable"`
	Model      string         `col:"model"`
	Eta        float64        `col:"eta"`
	EtaText    string         //
	A          compare.Number `col:"A; ~Errors"`
	B          compare.Number `col:"B; ~Errors"`
	Difference compare.Number `col:"difference; error"`
	Errors     compare.Number `col:"errors; error"`
	Agree      string         `col:"agree"`
}

// valueKey says which number a value of a result is.
type valueKey struct {
	of, observable, model string
	eta                   float64
}

// resultValue is a number of a result with its error.
type resultValue struct {
	valueKey
	etaText      string
	value, error compare.Number
}

// valuesOf lists the leading numbers of all kinds of study in a result, each with its error.
func valuesOf(r *compare.Result) []resultValue {
	var list []resultValue
	add := func(of, observable, model string, eta float64, text string, value, error compare.Number) {
		list = append(list, resultValue{valueKey{of, observable, model, eta}, text, value, error})
	}
	of := func(what string, k compare.Key, value, error compare.Number) {
		add(what, k.Observable, k.Model, k.Eta, k.EtaText, value, error)
	}
	for _, g := range r.Gap {
		what := "gap"
		if g.Horizon != nil {
			what = fmt.Sprintf("gap, t <= %g", *g.Horizon)
		}
		of(what, g.Key, g.Gap, g.Error)
	}
	for _, l := range r.LocalError {
		of("one-step error", l.Key, l.Rho, l.Error)
	}
	for _, d := range r.Decay {
		of(fmt.Sprint("gamma, J = ", d.J), d.Key, d.Gamma, max(d.High-d.Gamma, d.Gamma-d.Low))
	}
	for _, h := range r.Horizon {
		of(fmt.Sprintf("plateau, t <= %g", h.Horizon), h.Key, h.Plateau, h.PlateauError)
	}
	for _, s := range r.Stationary {
		of("limits' difference", s.Key, s.Difference, s.Error)
	}
	for _, s := range r.Spectrum {
		add(fmt.Sprintf("rate %d", s.K), "", s.Model, s.Eta, s.EtaText, s.Rate, s.Error)
	}
	for _, c := range r.Crossing {
		of(fmt.Sprintf("time to %g from %v", c.Level, c.X), c.Key, c.T, c.Error)
	}
	for _, v := range r.Variation {
		add(fmt.Sprintf("rate, i = %d, p = %d", v.Direction, v.P), "", v.Model, v.Eta, v.EtaText, v.Rate, max(v.High-v.Rate, v.Rate-v.Low))
	}
	for _, e := range r.Exit {
		add(exitName(&e), "", e.Model, e.Eta, e.EtaText, e.T, e.Error)
	}
	return list
}

// exitName says what is left, and from where.
func exitName(e *compare.ExitRow) string {
	if e.Interval != nil {
		return fmt.Sprintf("exit of %v from %v", *e.Interval, e.X)
	}
	return fmt.Sprintf("exit of %v from %v", e.Box, e.X)
}
