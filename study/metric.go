package study

import (
	"kolmo/derived"
	"kolmo/process"
	"kolmo/study/document"
)

// The metrics with a name.
const (
	euclidean = "euclidean"
	lyapunov  = "lyapunov"
)

// metric reads ball.metric: a name or a symmetric matrix.
func (r *reader) metric(s *Study, v *document.Value) (err error) {
	s.metric = s.kind().metric
	switch {
	case v == nil:
		return nil
	case v.Kind == document.Scalar:
		s.metric, err = r.Choice(v, []string{euclidean, lyapunov})
		return err
	}
	s.metric = ""
	s.Metric, err = document.Matrix(r.Document, v, s.round())
	return err
}

// stretched reports that the ball has another metric than the Euclidean one.
func (s *Region) stretched() bool { return s.Metric != nil || s.metric == lyapunov }

// measure finds the matrix of the metric of which the name is given, for an algorithm's steps.
func measure(s *Study, of derived.Algorithm) (err error) {
	if s.metric == lyapunov {
		s.Metric, err = derived.Lyapunov(of, s.Center, s.R)
	}
	return err
}

// inBall returns what makes the dynamics of steps: those with noise of their own end by ball.taper, and the noise of
// the others acts up to the faces of the box around the ball.
func inBall(steps func(s *Study) derived.Algorithm) func(s *Study) (process.Dynamics, error) {
	return func(s *Study) (process.Dynamics, error) {
		of := steps(s)
		if err := measure(s, of); err != nil {
			return nil, err
		}
		if of.Noisy() {
			return derived.New(s.falling(of), s.Center, s.Metric, s.R, s.Taper)
		}
		return derived.NewToFaces(s.falling(of), s.Center, s.Metric, s.R, s.R2)
	}
}
