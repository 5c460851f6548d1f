package expr

import (
	"math/rand/v2"
	"testing"
)

// Every lane is, to the last bit, what a machine computes at its point for its sample.
func TestLockstepAgainstMachine(t *testing.T) {
	t.Parallel()
	scope := Scope{Parameters: []string{"x", "y"}, Variables: []string{"a", "b"}}
	for _, text := range []string{
		"softplus(-b*(x*a + y)) + 0.05*(x^2 + y^2)", "sin(x*a) + exp(y/2)*b^2", "x", "a*b", "3", "y*a", "hypot(x, y + 2) + abs(a)^1.5*x",
	} {
		e, err := Parse(text, scope)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(e, Inputs{Parameters: scope.Parameters, Variables: scope.Variables})
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(1, 1))
		l := p.NewLockstep()
		for _, n := range []int{1, 7, Lanes} {
			for i := range n {
				l.X(0)[i], l.X(1)[i] = rnd.NormFloat64(), rnd.NormFloat64()
				l.Sample(0)[i], l.Sample(1)[i] = rnd.NormFloat64(), rnd.NormFloat64()
			}
			l.Run(n, 1)
			for i := range n {
				m := p.Bind(1, [][]float64{{l.Sample(0)[i]}, {l.Sample(1)[i]}}).NewMachine()
				m.Point([]float64{l.X(0)[i], l.X(1)[i]}, nil, 1)
				m.Block(0)
				if len(l.Value()) != n || l.Value()[i] != m.Value()[0] {
					t.Fatalf("%s, lane %d of %d: value %v, want %v", text, i, n, l.Value()[i], m.Value()[0])
				}
				for k := range 2 {
					got, want := l.Grad(k), m.Grad(k)
					if (got == nil) != (want == nil) || got != nil && got[i] != want[0] {
						t.Fatalf("%s, lane %d of %d: derivative %d is %v, want %v", text, i, n, k, got, want)
					}
				}
			}
		}
	}
}

// Run does not allocate. (AllocsPerRun forbids t.Parallel.)
func TestLockstepDoesNotAllocate(t *testing.T) {
	e, err := Parse("exp(x*a) + x^2", Scope{Parameters: []string{"x"}, Variables: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(e, Inputs{Parameters: []string{"x"}, Variables: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	l := p.NewLockstep()
	if n := testing.AllocsPerRun(5, func() { l.Run(Lanes, 1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
