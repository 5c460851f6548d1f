package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report gathers the rows of all problems by class.
type report struct {
	seed       uint64
	n1, n2, n3 int
	patience   time.Duration
	order      []string
	classes    map[string]*tally
	bad        []verdict
}

// tally counts the rows of a class.
type tally struct {
	studies, rows, certified, wrong, dropped int
	inside, insideCertified, endless         int
	ratios, shares                           []float64 // of compared rows: bar over error, error over bar
}

func newReport(seed uint64, n1, n2, n3 int, patience time.Duration) *report {
	return &report{seed: seed, n1: n1, n2: n2, n3: n3, patience: patience, classes: map[string]*tally{}}
}

// addEndless counts a study that was given up.
func (r *report) addEndless(class string) {
	t := r.of(class)
	t.studies++
	t.endless++
}

// add counts the rows of one study.
func (r *report) add(class string, rows []verdict) {
	r.of(class).studies++
	seen := map[string]bool{gap: true}
	for _, v := range rows {
		t := r.of(class)
		if v.what != gap {
			t = r.of(v.what)
		}
		if !seen[v.what] {
			seen[v.what] = true
			t.studies++
		}
		t.count(v)
		if v.wrong {
			r.bad = append(r.bad, v)
		}
	}
}

// of returns the tally of a class.
func (r *report) of(class string) *tally {
	t := r.classes[class]
	if t == nil {
		t = new(tally)
		r.classes[class] = t
		r.order = append(r.order, class)
	}
	return t
}

// count adds one row.
func (t *tally) count(v verdict) {
	t.rows++
	if v.inside {
		t.inside++
		if v.certified {
			t.insideCertified++
		}
	}
	if !v.certified {
		return
	}
	t.certified++
	switch {
	case v.dropped != "":
		t.dropped++
		return
	case v.wrong:
		t.wrong++
	}
	t.ratios = append(t.ratios, v.ratio())
	t.shares = append(t.shares, v.off()/v.bar)
}

// wrong returns the number of certified rows outside their bars.
func (r *report) wrong() int { return len(r.bad) }

// write prints doc/truth.md.
func (r *report) write(w io.Writer) error {
	b := new(strings.Builder)
	fmt.Fprintf(b, `# Truth

Random studies whose answers are known without kolmo, and what kolmo says. `+"`make truth`"+` draws and runs them anew (go run ./benchmarks/truth, seed %d): %d problems on the line, %d in the plane
and %d in space. Each passes through a study file, which `+"`go run ./benchmarks/truth -print line-37`"+` prints. A study is given up after %v of processor time.

The answers share no code with the solvers.

- Gradients A x - xi have [closed forms](dev/closed-forms.md).
- Other losses on the line are differentiated by hand. S takes exact sums, or Gauss rules of Legendre between the kinks of the law, and interpolates on Chebyshev points of the first kind.
- Generators live on an interval that paths leave with probability e^-30 or less; beyond it the noise fades. Their exponentials are L-stable rational functions. The gradient flow takes extrapolated midpoint steps.
- In the plane and in space there are products and sums of such solutions, in rotated coordinates.
- The modified model of radial problems is an equation in |x|^2.

Resolutions rise until two agree to a thousandth of the bar, or to 1e-11 of the gap before a row is called wrong. A row is dropped if the difference is no more than the bar and what the reference may err by, and the latter is more than a tenth of the bar.

`, r.seed, r.n1, r.n2, r.n3, r.patience)
	fmt.Fprint(b, "| class | studies | rows | certified | outside the bar | inside the theory, certified | median bar/error | largest error/bar | dropped | not ended |\n|---|---|---|---|---|---|---|---|---|---|\n")
	var all tally
	others := []string{oneStep, limitOfSGD, limitOfModel}
	for _, name := range r.order {
		if !slices.Contains(others, name) {
			fmt.Fprintf(b, "| %s | %s |\n", name, r.classes[name].cells())
			all.merge(r.classes[name])
		}
	}
	fmt.Fprintf(b, "| all gaps | %s |\n", all.cells())
	for _, name := range others {
		if t := r.classes[name]; t != nil {
			fmt.Fprintf(b, "| %s | %s |\n", name, t.cells())
		}
	}
	fmt.Fprint(b, `
Inside the theory: f is strongly convex on the ball, the ball invariant under SGD, and the drift points inward where noise ends. The true error counts as no less than what the reference may err by.
`)
	if len(r.bad) > 0 {
		fmt.Fprint(b, "\nCertified rows outside their bars:\n\n| problem | what | observable | model | eta | kolmo | truth | error/bar |\n|---|---|---|---|---|---|---|---|\n")
		for _, v := range r.bad {
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %.9g +- %.2g | %.9g | %.3g |\n", v.problem.id, v.what, v.observable, v.model, v.eta, v.value, v.bar, v.truth, v.off()/v.bar)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// merge adds another class.
func (t *tally) merge(o *tally) {
	t.studies += o.studies
	t.rows += o.rows
	t.certified += o.certified
	t.wrong += o.wrong
	t.dropped += o.dropped
	t.inside += o.inside
	t.endless += o.endless
	t.insideCertified += o.insideCertified
	t.ratios = append(t.ratios, o.ratios...)
	t.shares = append(t.shares, o.shares...)
}

// cells returns the row of the table.
func (t *tally) cells() string {
	share, ratio, worst := "-", "-", "-"
	if t.inside > 0 {
		share = fmt.Sprintf("%d of %d (%.0f %%)", t.insideCertified, t.inside, 100*float64(t.insideCertified)/float64(t.inside))
	}
	if len(t.ratios) > 0 {
		ratio, worst = fmt.Sprintf("%.2g", median(t.ratios)), fmt.Sprintf("%.2g", slices.Max(t.shares))
	}
	return fmt.Sprintf("%d | %d | %d | %d | %s | %s | %s | %d | %d", t.studies, t.rows, t.certified, t.wrong, share, ratio, worst, t.dropped, t.endless)
}

// median returns the middle value of v, which it sorts.
func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// progress writes a line for the study and one for every row that is wrong, not certified or dropped.
func progress(w io.Writer, k, of int, e entry, rows []verdict) {
	certified := 0
	for _, v := range rows {
		if v.certified {
			certified++
		}
	}
	fmt.Fprintf(w, "%d of %d: %s (%s), %d of %d rows certified\n", k, of, e.id, e.class, certified, len(rows))
	for _, v := range rows {
		at := fmt.Sprintf("  %s of %s, %s, eta = %s: %.9g +- %.2g", v.what, v.observable, v.model, v.eta, v.value, v.bar)
		switch {
		case v.wrong:
			fmt.Fprintf(w, "%s is WRONG, the truth is %.9g +- %.1g: %.3g bars\n", at, v.truth, v.doubt, v.off()/v.bar)
		case v.dropped != "":
			fmt.Fprintf(w, "%s is dropped: %s\n", at, v.dropped)
		case v.certified && v.off() > v.bar/2:
			fmt.Fprintf(w, "%s, the truth is %.9g: %.2g of the bar\n", at, v.truth, v.off()/v.bar)
		case !v.certified && v.inside:
			fmt.Fprintf(w, "%s is not certified: %s\n", at, v.reason)
		}
	}
}
