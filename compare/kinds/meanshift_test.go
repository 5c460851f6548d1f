package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// The mean of a model with noise whose stationary values agree with the chain's to first
// order only need not move as the chain's: its shift is measured, nothing is predicted.
func TestMeanShiftOfFirstOrder(t *testing.T) {
	t.Parallel()
	s := skewed
	s.Etas = []int{16, 32}
	p := trial.Build(t, s)
	m := *trial.ModelsOf(p, sgd.FirstOrder)[0]
	m.StationaryOrder = 1
	p.Models, p.Studies = append(trial.ModelsOf(p, sgd.FirstOrder, sgd.GradientFlow), &m), []compare.Study{compare.StudyStationary}
	m.Name = "first"
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := map[float64]compare.Number{}
	for _, row := range r.MeanShift {
		predicted := row.Predicted[0]
		switch row.Process {
		case sgd.FirstOrder:
			first[row.Eta] = row.Shift[0]
		case sgd.GradientFlow:
			if predicted != 0 {
				t.Errorf("%s: predicted %v without noise", row.EtaText, predicted)
			}
			continue
		case m.Name:
			if predicted == predicted || row.Remainder == row.Remainder || row.Relative == row.Relative {
				t.Errorf("%s: predicted %v, remainder %v", row.EtaText, predicted, row.Remainder)
			}
			if row.Reason != nil || math.Abs(float64(row.Shift[0]-first[row.Eta])) > 2*float64(row.Error) {
				t.Errorf("%s: shift %v, want %v; %s", row.EtaText, row.Shift[0], first[row.Eta], deref(row.Reason))
			}
			continue
		}
		if predicted == 0 || predicted != predicted {
			t.Errorf("%s, %s: predicted %v", row.Process, row.EtaText, predicted)
		}
	}
	if len(r.MeanShift) != 8 || len(r.MeanShiftOrder) != 2 {
		t.Errorf("%d rows, %d orders", len(r.MeanShift), len(r.MeanShiftOrder))
	}
}
