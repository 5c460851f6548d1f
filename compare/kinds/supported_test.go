package kinds

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/compare/unit"
	"kolmo/process"
)

// otherwise is a dynamics with another state or clock.
type otherwise struct {
	process.Dynamics
	state process.State
	tempo float64
}

func (d otherwise) State() process.State { return d.state }

func (d otherwise) Chain(eta float64) process.Chain {
	return otherClock{d.Dynamics.Chain(eta), d.tempo}
}

type otherClock struct {
	process.Chain
	tempo float64
}

func (c otherClock) Time(n int) float64 { return c.tempo * c.Chain.Time(n) }

// Regions and clocks that studies do not know are refused before any work, not taken for a
// ball and n eta.
func TestUnsupportedDynamics(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *otherwise){
		"another metric": func(d *otherwise) { d.state.Metric = []float64{2} },
		"a range":        func(d *otherwise) { d.state.Ranges = []*process.Interval{{Low: 0, High: 1}} },
		"coordinates":    func(d *otherwise) { d.state.Names = []string{"x", "v"} },
		"ends at the":    func(d *otherwise) { d.tempo = 3 },
		"is a clock": func(d *otherwise) {
			d.state.Ranges = []*process.Interval{{Low: 0, High: 1, StartLow: 1, StartHigh: 1, Clock: new(process.Clock)}}
		},
	} {
		p := trial.Build(t, trial.Quad1d)
		d := otherwise{p.Dynamics, p.Dynamics.State(), 1}
		p.Dynamics = d
		if err := unit.Supported(p); err != nil {
			t.Fatal(err)
		}
		change(&d)
		p.Dynamics = d
		if name == "is a clock" {
			p.Ball, p.Studies = d.state.Starts(p.Ball), []compare.Study{compare.StudyDecay}
		}
		var input *compare.InputError
		if _, err := Run(context.Background(), p, nil); !errors.As(err, &input) || input.Key != "algorithm.kind" || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
