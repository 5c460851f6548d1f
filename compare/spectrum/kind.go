package spectrum

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Unit are the rows of one model, or of the chain, at one learning rate.
type Unit struct {
	Rows      []unit.JSON[compare.SpectrumRow]
	Escape    []unit.JSON[compare.EscapeRow] // of two wells
	Functions []unit.JSON[compare.Eigenfunction]
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudySpectrum, Work: work,
	New: func(s *unit.Setup) unit.Study { return New(s) },
}

// Kind is the study of leading eigenvalues (section 4.1).
type Kind struct {
	*unit.Setup
	units unit.WithChain[Unit] // the chain's are of S
	// landscapes are those that were found.
	landscapes map[landscapeKey]*landscape
}

// New returns the study of a setup.
func New(s *unit.Setup) *Kind { return &Kind{Setup: s, landscapes: map[landscapeKey]*landscape{}} }

// Run finds the leading eigenvalues of S and of some models at one learning rate.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	return s.units.Run(s.Setup, compare.StudySpectrum, i, models, "eigenvalues", "S", func(m *process.Diffusion, eta compare.Rate) (*Unit, error) {
		find := s.stepModes
		if m != nil {
			find = func(ctx context.Context, eta float64) (*climbed, error) { return s.modelModes(ctx, m, eta) }
		}
		c, err := find(ctx, eta.Value)
		if err != nil {
			return nil, err
		}
		return s.unitOf(m, eta, c)
	})
}

// unitOf is the unit of a model, or of the chain where it is nil.
func (s *Kind) unitOf(m *process.Diffusion, eta compare.Rate, c *climbed) (*Unit, error) {
	name := s.Problem.Dynamics.Name()
	if m != nil {
		name = m.Name
	}
	u := s.spectrumRows(name, eta, c)
	u.Functions = s.functions(u.Rows, c)
	var err error
	u.Escape, err = s.escapes(m, eta, c, u.Rows[0].V)
	return u, err
}

// spectrumCount is the number of eigenvalues asked for.
func (s *Kind) spectrumCount() int {
	if s.Problem.SpectrumCount > 0 {
		return s.Problem.SpectrumCount
	}
	return compare.DefaultSpectrumCount
}

// spectrumRows judges what a climb found.
func (s *Kind) spectrumRows(name string, eta compare.Rate, c *climbed) *Unit {
	u := new(Unit)
	nan := compare.Number(math.NaN())
	pace := s.Problem.Pace() // rates are over the users' time
	for k := range s.spectrumCount() {
		row := compare.SpectrumRow{Model: name, Eta: eta.Value, EtaText: eta.Text, K: k + 1, Rate: nan, Imag: nan, Error: nan,
			Errors: compare.SpectrumErrors{Space: nan, Algebra: nan, Quadrature: nan, Taper: nan}, Nodes: c.nodes(k), Box: compare.Number(c.half), Ratio: nan, RatioError: nan}
		switch {
		case k < c.zeros:
			row.Rate, row.Imag, row.Error, row.Errors, row.Certified = 0, 0, 0, compare.SpectrumErrors{}, true
			because(&row, c.zerosWhy)
		case c.zeros > 0:
			because(&row, c.zerosWhy+"; what else there is is not resolved")
		case k >= len(c.found):
			because(&row, c.missing())
		default:
			f, rules, taper := c.found[k], c.rules[k], c.tapers[k]
			row.Errors = compare.SpectrumErrors{Space: compare.Number(f.Grid / pace), Algebra: compare.Number(f.Algebra / pace), Quadrature: compare.Number(rules / pace), Taper: compare.Number(taper / pace)}
			row.Error = compare.Number((f.Error + rules + taper) / pace)
			if f.Below {
				row.Error = compare.Number(f.Floor / pace)
				if because(&row, compare.Say("below the floor: rounding does not tell rates below %.1e from zero", f.Floor/pace)); f.Floor == 0 {
					because(&row, "the rate is zero to the last bit on all grids: a part of the state is at rest, or comes to rest more slowly than at any rate")
				}
				break
			}
			row.Rate, row.Imag = compare.Number(real(f.Rate)/pace), compare.Number(imag(f.Rate)/pace)
			switch {
			case c.why != "":
				because(&row, c.why)
			case f.Waves:
				because(&row, "functions that turn between the images of a step, faster than grids resolve, may be as slow")
			case f.Doubt:
				because(&row, "a slower eigenvalue, or one close by, is seen on some grids only, or its error is not known")
			case rules != rules:
				because(&row, noRuleSpectrum)
			case math.IsInf(taper, 1):
				because(&row, unit.OutwardEnds)
			case taper != taper:
				because(&row, noTaperSpectrum)
			case !(float64(row.Error) <= s.Problem.Accuracy*float64(row.Rate)):
				because(&row, compare.Say("the error is above %g of the rate", s.Problem.Accuracy))
			default:
				row.Certified = true
			}
		}
		u.Rows = append(u.Rows, unit.JSON[compare.SpectrumRow]{V: row})
	}
	return u
}

// noRuleSpectrum is the reason of rows without an error by the quadrature.
const noRuleSpectrum = "the error of the quadrature over xi is not known: the eigenvalue is not seen under a richer rule"

// noTaperSpectrum is that of rows without an error by the end of the noise.
const noTaperSpectrum = "what the end of the noise does is not known: the eigenvalue is not seen with a nearer end"

// because gives the row its reason.
func because(r *compare.SpectrumRow, why string) { r.Reason = &why }

// Collect collects the rows: those of S first, then the models'.
func (s *Kind) Collect(res *compare.Result) error {
	for i := range s.Problem.Etas {
		for _, r := range s.units.Chain[i].Rows {
			res.Spectrum = append(res.Spectrum, r.V)
		}
		for _, r := range s.units.Chain[i].Escape {
			res.Escape = append(res.Escape, r.V)
		}
		addFunctions(res, s.units.Chain[i])
	}
	for m := range s.Problem.Models {
		for i := range s.Problem.Etas {
			for k, r := range s.units.At(i, m).Rows {
				row := r.V
				if own := s.units.Chain[i].Rows[k].V; own.Rate > 0 && row.Rate > 0 && own.Certified && row.Certified {
					row.Ratio = row.Rate / own.Rate
					row.RatioError = row.Ratio * (row.Error/row.Rate + own.Error/own.Rate)
				}
				res.Spectrum = append(res.Spectrum, row)
			}
			for k, r := range s.units.At(i, m).Escape {
				row := r.V
				if own := s.units.Chain[i].Escape[k].V; own.Rate > 0 && row.Rate > 0 && own.Certified && row.Certified {
					row.Ratio = row.Rate / own.Rate
					row.RatioError = row.Ratio * (row.Error/row.Rate + own.Error/own.Rate)
				}
				res.Escape = append(res.Escape, row)
			}
			addFunctions(res, s.units.At(i, m))
		}
	}
	res.SpectrumOrder = orders(s.Problem, s.spectrumCount(), res)
	var err error
	res.EscapeLimit, err = s.escapeLimits(res.Escape)
	return err
}

// addFunctions adds a unit's eigenfunctions to a result.
func addFunctions(res *compare.Result, u *Unit) {
	for _, f := range u.Functions {
		res.Eigenfunctions = append(res.Eigenfunctions, f.V)
	}
}

// wellsOf returns the intervals around points of rest that the chain on the line cannot leave.
func (s *Kind) wellsOf(eta, half float64) ([]Interval, error) {
	if len(s.Problem.Ball.Center) > 1 || s.Mu > 0 {
		return nil, nil
	}
	return Kept(s.Problem.Dynamics.Chain(eta), Interval{Lo: s.Problem.Ball.Center[0] - half, Hi: s.Problem.Ball.Center[0] + half})
}

// invariantBoxes are the half-widths over R at which the chain is looked for to stay.
var invariantBoxes = []float64{1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5}

// invariantHalf returns the radius of the smallest ball tried that the chain does not leave,
// and R with a reason where there is none. Where noise ends beyond the ball, that is where it does.
func (s *Kind) invariantHalf(eta float64) (float64, string) {
	chain, state := s.Problem.Dynamics.Chain(eta), s.Problem.Dynamics.State()
	_, bare := s.Problem.Dynamics.(process.Endable) // whose chain has no noise that ends
	if _, ok := s.Problem.Dynamics.(process.Tapered); ok && !bare {
		if in, _ := chain.Keeps(process.Region{State: state, R: s.Problem.Ball.R}); !in {
			return s.Problem.Reach(), compare.Say("a step leaves the ball of radius %.4g, so that S on it says nothing of the chain for certain", s.Problem.Reach())
		}
		return s.Problem.Reach(), ""
	}
	for _, share := range invariantBoxes {
		if in, _ := chain.Keeps(process.Region{State: state, R: share * s.Problem.Ball.R}); in {
			return share * s.Problem.Ball.R, ""
		}
	}
	return s.Problem.Ball.R, compare.Say("a step leaves the ball of radius R, and all tried up to %g R, so that S on it says nothing of the chain for certain", invariantBoxes[len(invariantBoxes)-1])
}

// What the modes of an n x n matrix take over n^3: of all, and of some by blocks.
const denseWork, blockWork = 40, 4

// fewRungs are those that a climb on the line takes; in more dimensions it takes the whole ladder.
const fewRungs = 8

// work is about what a unit takes: a model's grids on two boxes, its share of the chain's, and one grid
// under each other rule.
func work(s *unit.Setup) float64 {
	k, d := New(s), float64(len(s.Problem.Ball.Center))
	sum := func(r survey.Role) (sum, last float64) {
		ladder, err := k.spectrumLadder(r)
		if err != nil {
			return 0, 0 // told when it is run
		}
		if d == 1 {
			ladder = ladder[:min(len(ladder), fewRungs)]
		}
		for _, nodes := range ladder {
			n, per := math.Pow(float64(nodes), d), denseWork
			if n > denseNodes {
				per = blockWork
			}
			last = float64(per) * n * n * n
			sum += last
		}
		return sum, last
	}
	others := float64(len(s.Richer))
	chain, lastOfChain := sum(survey.ForS)
	model, lastOfModel := sum(survey.ForL)
	return 2*model + (others-1)*lastOfModel + (chain+others*lastOfChain)/float64(max(len(s.Problem.Models), 1))
}
