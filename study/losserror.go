package study

import (
	"errors"
	"fmt"
	"slices"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// LossError gives what is not finite, met during the work, the place of the loss, observable, model or
// update in the study: it returns an *Error. That says what to do where the point is beyond the ball.
// Such errors are a *objective.NonFiniteError, a *process.ObservableError, a *derived.NonFiniteError, a
// *given.Error and a *custom.Error. Other errors are returned as they are.
func (s *places) LossError(err error) error {
	var loss *objective.NonFiniteError
	var observable *process.ObservableError
	var step *derived.NonFiniteError
	at, what := s.lossAt, "a loss"
	switch {
	case errors.As(err, &loss):
		if v := s.observablesAt[loss.What]; loss.What != objective.WhatLoss && v != nil {
			at, what = v, "an observable"
		}
		return s.doc.Errorf(at, "%s%s", loss.Error(), beyond(s.whole, loss.X, what))
	case errors.As(err, &observable):
		v := s.observablesAt[observable.Name]
		if v == nil {
			return err
		}
		return s.doc.Errorf(v, "%s%s", observable.Error(), beyond(s.whole, toUser(s.whole, observable.X), "an observable"))
	case errors.As(err, &step):
		if s.updateAt != nil {
			at, what = s.updateAt, "an update"
		}
		return s.doc.Errorf(at, "%s%s", step.Error(), beyond(s.whole, step.Z, what))
	}
	return s.customError(s.givenError(err))
}

// ballRounding is by how much a point of the ball may miss it, over R.
const ballRounding = 1e-9

// beyond says what to do where something is not finite at z and, if that is not in the ball, why it
// counts; empty where that is not known.
func beyond(s *Study, z []float64, what string) string {
	if len(z) != len(s.Center) {
		return ""
	}
	if process.Far(z, s.Center, s.Metric) <= s.R*(1+ballRounding) {
		return fmt.Sprintf("; want %s that is finite in the ball, or a ball without this point", what)
	}
	key, noise := "", s.NoiseThatEnds()
	switch {
	case s.Taper[1] > 0:
		key, noise = "ball.taper", "noise"
	case noise != "":
		key = "ball.R2"
	default:
		return fmt.Sprintf(", outside the ball but in the box around it that is needed too: take a smaller ball.R, or %s that is finite there", what)
	}
	return fmt.Sprintf(", outside the ball but in the box where %s ends: let it end nearer by %s, take a smaller ball.R, or %s that is finite there", noise, key, what)
}

// toUser returns a point of the dynamics' coordinates as a state.
func toUser(s *Study, q []float64) []float64 {
	z := slices.Clone(q)
	if c, ok := s.made.(process.Charted); ok && len(q) == len(s.State) {
		c.ToUser(z, q)
	}
	return z
}
