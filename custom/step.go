package custom

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
)

// step is one step at eta.
type step struct {
	*algorithm
	eta float64
}

var _ derived.Reaching = (*step)(nil)

func (a *algorithm) Step(eta float64) derived.Step { return &step{a, eta} }

func (s *step) Images() int { return len(s.nodes.weights) }

func (s *step) Reach() (derived.Step, bool) {
	b := *s.algorithm
	found := false
	if hull, ok := s.o.Law().Hull.(*objective.Loss); ok {
		b.o, b.loss, found = hull, hull, true
	}
	if len(s.noise) > 0 {
		if l, err := law.Independent(s.noise, s.points); err == nil && l.Hull() != nil {
			b.zeta, found = l.Hull().Onto(func(string) bool { return true }), true
		}
	}
	if !found {
		return nil, false
	}
	b.nodes = b.newNodes()
	return b.Step(s.eta), true
}

// values returns a workspace that has images.
func (s *step) values() *series {
	v := s.series(expr.Values(len(s.names)))
	v.series.Externals([]float64{math.Sqrt(s.eta), s.eta})
	return v
}

// Error reports that a coordinate's formula is of no use somewhere.
type Error struct {
	Name string // of the coordinate
	Msg  string // with the point
	// nonFinite reports a value that is not finite.
	nonFinite bool
}

func (e *Error) Error() string { return fmt.Sprintf("the update of %s %s", e.Name, e.Msg) }

// NonFinite reports that a value is not finite; see process.NonFinite.
func (e *Error) NonFinite() bool { return e.nonFinite }

// place writes a state for people.
func (a *algorithm) place(z []float64) string {
	text := make([]string, len(z))
	for k, v := range z {
		text[k] = fmt.Sprintf("%s = %.4g", a.names[k], v)
	}
	return strings.Join(text, ", ")
}

func (s *step) NewImager() process.Imager { return &imager{s, s.values()} }

// imager finds images.
type imager struct {
	*step
	v *series
}

// ImagesTo implements process.Imager. The error is an *Error.
func (im *imager) ImagesTo(weights, images, z []float64) error {
	d, bad := len(z), -1
	copy(weights, im.nodes.weights)
	im.v.each(z, im.end(z), func(k, n int) {
		for i := range d {
			for l, v := range im.v.series.At(i, 0)[:n] {
				images[(k+l)*d+i] = v
				if bad < 0 && v-v != 0 {
					bad = i
				}
			}
		}
	})
	if bad >= 0 {
		return &Error{im.names[bad], fmt.Sprintf("is not finite at %s, eta = %.6g", im.place(z), im.eta), true}
	}
	return nil
}

func (s *step) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	out := &sampler{step: s, rnd: rnd, v: s.values(), draw: s.loss.Nodes().NewDrawer(rnd), z: make([]float64, len(s.names))}
	if len(s.noise) > 0 {
		out.noise = s.zeta.NewDrawer(rnd)
	}
	if b, ok := s.o.(*objective.Batch); ok && !b.Replacement() {
		out.deck = b.Batches().NewDeck(expr.Lanes)
	}
	per := len(s.loss.Nodes().Variables)
	for i := range s.in.Variables {
		out.lanes = append(out.lanes, out.v.series.Sample(i))
	}
	for k := range s.size {
		out.xi = append(out.xi, out.lanes[k*per:(k+1)*per])
	}
	out.zeta = out.lanes[s.size*per:]
	return out, true
}

// sampler takes random steps.
type sampler struct {
	*step
	rnd   *rand.Rand
	v     *series
	draw  law.Drawer
	deck  *law.Deck  // of batches without replacement, else nil
	noise law.Drawer // nil: none
	lanes [][]float64
	xi    [][][]float64 // by draw
	zeta  [][]float64
	z     []float64
}

func (s *sampler) Step(z []float64) {
	d := len(s.names)
	for len(z) > 0 {
		n := min(len(z)/d, expr.Lanes)
		s.lanesOf(z[:n*d], n)
		z = z[n*d:]
	}
}

// lanesOf moves n points.
func (s *sampler) lanesOf(z []float64, n int) {
	d := len(s.names)
	for i := range d {
		x := s.v.series.X(i)
		for p := range n {
			x[p] = z[p*d+i]
		}
	}
	if s.deck != nil {
		s.deck.Deal(s.rnd, n)
	}
	for k, lanes := range s.xi {
		if s.deck != nil {
			s.deck.SampleTo(lanes, n, k)
		} else {
			s.draw.Draw(s.rnd, lanes, n)
		}
	}
	if s.noise != nil {
		s.noise.Draw(s.rnd, s.zeta, n)
		for p := range n {
			end := s.end(z[p*d : (p+1)*d])
			for _, lane := range s.zeta {
				lane[p] *= end
			}
		}
	}
	s.v.series.Point(n)
	s.v.series.Block(n)
	for i := range d {
		for p, v := range s.v.series.At(i, 0)[:n] {
			z[p*d+i] = v
		}
	}
}
