package main

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
)

// Fitted orders are those of exact powers, in both norms.
func TestSlopesOfPowers(t *testing.T) {
	t.Parallel()
	var h []float64
	var errs []norms
	for _, n := range []float64{10, 14, 20, 28} {
		h = append(h, 1/n)
		errs = append(errs, norms{3 * math.Pow(n, -2.5), 0.1 * math.Pow(n, -7)})
	}
	if p := slopes(h, errs); math.Abs(p.sup-2.5) > 1e-12 || math.Abs(p.l2-7) > 1e-12 {
		t.Errorf("orders %v, want 2.5 and 7", p)
	}
}

// The norms of u(x) = x on [-1,1]^2 are 1 and sqrt(1/3), whatever the nodes.
func TestDistanceOnEveryAxis(t *testing.T) {
	t.Parallel()
	for _, kind := range []grid.Kind{grid.KindUniform, grid.KindSinh, grid.KindChebyshev} {
		g := must(grid.New(must(axis(kind, 0, 300, 1)), must(axis(kind, 1, 20, 1))))
		n := distance(g, sample(g, func(x []float64) float64 { return x[0] }), make([]float64, g.Len()))
		if n.sup != 1 || math.Abs(n.l2-math.Sqrt(1./3)) > 1e-4 {
			t.Errorf("%v: norms %v, want 1 and sqrt(1/3)", kind, n)
		}
	}
}

// Numbers of steps rise by less than doubling.
func TestLadder(t *testing.T) {
	t.Parallel()
	l := ouLadder()
	if !slices.Equal(l[:9], []int{1, 2, 3, 4, 6, 8, 12, 16, 24}) || l[len(l)-1] != ouSteps {
		t.Errorf("ladder %v", l)
	}
}

// The solution of OU2D is the observable damped: at the origin, where nothing but
// the noise acts, it is the damping alone, and it is even.
func TestOUExact(t *testing.T) {
	t.Parallel()
	for _, p := range ouProblems() {
		origin := p.exact([]float64{0, 0})
		if !(origin > 0 && origin < 1) || p.exact([]float64{1, -0.5}) != p.exact([]float64{-1, 0.5}) {
			t.Errorf("%s: u(0) = %v", p.name, origin)
		}
		if e, _ := p.polynomial(space{grid.KindChebyshev, 0}, 44); e > 1e-8 {
			t.Errorf("%s: collocation with 44 nodes differs from the closed form by %.3g", p.name, e)
		}
	}
}

// doc/dev/verification.md holds the section that this program prints, the cheapest one,
// word for word and number for number, but for rounding.
func TestDocumentIsWhatIsPrinted(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../../doc/dev/verification.md")
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	writeManufactured(&printed)
	_, after, ok := strings.Cut(string(text), "## Manufactured solutions\n")
	if !ok {
		t.Fatal("doc/dev/verification.md has no manufactured solutions; make verify")
	}
	section, _, _ := strings.Cut(after, "\n## ")
	number := regexp.MustCompile(`\d\.\d\de-\d\d`)
	want := strings.TrimPrefix(printed.String(), "## Manufactured solutions\n")
	if a, b := number.ReplaceAllString(section, "#"), number.ReplaceAllString(want, "#"); strings.TrimSpace(a) != strings.TrimSpace(b) {
		t.Fatalf("doc/dev/verification.md is not what is printed; make verify:\n%s\n%s", a, b)
	}
	got := number.FindAllString(section, -1)
	for i, w := range number.FindAllString(want, -1) {
		a, _ := strconv.ParseFloat(got[i], 64)
		b, _ := strconv.ParseFloat(w, 64)
		const rounding = 1e-11
		if math.Abs(a-b) > 0.02*b+rounding {
			t.Errorf("number %d: %v in doc/dev/verification.md, %v printed; make verify", i+1, a, b)
		}
	}
}
