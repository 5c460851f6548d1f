package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"kolmo/assumptions"
	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/export/table"
	"kolmo/internal/outfolder"
	"kolmo/study"
)

// dryRun prints what a run would compute and what that is predicted to take, after the checks
// that the run would make before its work. It writes nothing.
func (r *runner) dryRun(ctx context.Context, t outfolder.Ticket) error {
	s := r.study
	if _, err := outputFiles(s); err != nil {
		return s.LossError(err)
	}
	if rec, err := outfolder.ReadRecord(r.out); err == nil && rec != nil && rec.Study != t.Study && !r.fresh {
		return terminal.Usage("the folder %s holds another study; choose another with --out, or --fresh to replace it", r.out)
	}
	problem, err := s.Problem()
	if err != nil {
		return err
	}
	watcher := r.report.Watch("predicting the work")
	units, err := terminal.Promptly(ctx, func() ([]compare.UnitForecast, error) {
		a, err := withCurvature(s, problem, watcher)
		if err != nil {
			return nil, err
		}
		if err := r.certifiable(a); err != nil {
			return nil, err
		}
		return kinds.Forecast(ctx, problem, &compare.Config{Memory: memory.MemoryLeft()})
	})
	watcher.End()
	if err != nil {
		return placed(s, err)
	}
	return terminal.WriteTo(r.stdout, fmt.Sprintf("%s: %s\n\n%s\n%s", s.Name, filepath.Clean(r.out), unitTables(units), terminal.Sentence("", forecastWords(units))))
}

// unitTables returns a table of the units of each kind of study.
func unitTables(units []compare.UnitForecast) string {
	var b strings.Builder
	for len(units) > 0 {
		kind := units[0].Kind
		lines := [][]string{{"model", "eta", "nodes", "for S", "steps", "memory", "time", "method"}}
		for len(units) > 0 && units[0].Kind == kind {
			u := units[0]
			lines, units = append(lines, []string{u.Model, u.Eta.Text, fmt.Sprint(u.Nodes), fmt.Sprint(u.NodesS), fmt.Sprintf("%.3g", u.Steps), terminal.BytesWords(uint64(u.Bytes)), unitTime(u), u.Method}), units[1:]
		}
		t := table.OfTexts(lines, 0, 7)
		t.Caption = string(kind) + ": nodes per axis of the model's grid, and of that for S"
		t.Write(&b)
	}
	return b.String()
}

// longRun is the predicted time, in seconds, from which a run begins with a word about it.
const longRun = 60

// tellForecast says at the start of a long run what it is predicted to take.
func tellForecast(units []compare.UnitForecast, watcher *terminal.Progress) {
	if compare.Seconds(units, 0) >= longRun {
		watcher.Aside(forecastWords(units))
	}
}

// unitTime is the predicted time of a unit.
func unitTime(u compare.UnitForecast) string {
	seconds := compare.Seconds([]compare.UnitForecast{u}, 0)
	t := terminal.Span(seconds)
	switch {
	case seconds < 1:
		t = "< 1 s"
	case seconds < 5:
		t = fmt.Sprintf("%.0f s", math.Ceil(seconds))
	}
	if !u.Known {
		return "up to " + t
	}
	return t
}

// forecastWords says what the units are predicted to take in all.
func forecastWords(units []compare.UnitForecast) string {
	most, known := int64(0), "about"
	for _, u := range units {
		most = max(most, u.Bytes)
		if !u.Known {
			known = "up to"
		}
	}
	t := known + " " + terminal.Span(compare.Seconds(units, 0))
	if compare.Seconds(units, 0) < 5 {
		t = "a few seconds"
	}
	return fmt.Sprintf("%d units on %d processors: %s, grids of about %s at a time", len(units), runtime.GOMAXPROCS(0), t, terminal.BytesWords(uint64(most)))
}

// certifiable looks, before the work, at what is known of a study of gaps whose f is strongly
// convex and whose ball SGD leaves: no row at such a learning rate can be certified. It
// warns and names a ball that holds. Where that is so for all rows, and the work is more than
// that of one dimension, it returns an *study.Error, unless --uncertified asks for the work all
// the same. Other kinds of study have answers that need no invariant ball. Without
// assumptions, a nil, it warns of the learning rates at which a step leaves the region.
func (r *runner) certifiable(a *assumptions.Assumptions) error {
	if a == nil {
		if list := study.Leaving(r.study); list != "" {
			r.report.Warn(fmt.Sprintf("eta = %s: a step of %s leaves the region, so these rows cannot be certified; %s", list, r.study.Chain().Title, words.Cure(r.study)))
		}
		return nil
	}
	s := r.study
	limit := a.EtaInvariant.Value
	if r.uncertified || a.Unbounded || !(a.Mu.Value > 0) || !(s.Eta[0].Value > limit) || !slices.Contains(s.Studies, string(compare.StudyGap)) {
		return nil
	}
	var leaving []string
	for _, e := range s.Eta {
		if e.Value > limit {
			leaving = append(leaving, e.Text)
		}
	}
	work := len(leaving) == len(s.Eta) && len(s.Parameters) > 1 && len(s.Studies) == 1
	R, upTo, ok := s.LargerBall()
	switch {
	case !ok && work && s.Curvature() > words.Stretched*a.Mu.Value:
		return s.KeyError("loss", fmt.Sprintf("f's curvature is up to %.3g at the center and as little as %.3g on the ball: SGD leaves the ball at every eta of the study, and larger ones too; scale the data, as standardize(..) does in columns (--uncertified computes all the same)", s.Curvature(), a.Mu.Value))
	case !ok:
		return nil // there is nothing to advise
	}
	cure := fmt.Sprintf("R = %s holds up to eta %.2g", words.Number(R), upTo)
	if work {
		return s.KeyError("ball.R", fmt.Sprintf("SGD leaves the ball |x - center| <= %s at every eta of the study, so no row can be certified; %s (--uncertified computes all the same)", words.Number(s.R), cure))
	}
	r.report.Warn(fmt.Sprintf("eta = %s: SGD leaves the ball |x - center| <= %s, so these rows cannot be certified; %s", strings.Join(leaving, ", "), words.Number(s.R), cure))
	return nil
}
