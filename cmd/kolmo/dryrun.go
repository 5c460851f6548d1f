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
	problem, err := s.Problem()
	if err != nil {
		return err
	}
	if rec, err := outfolder.ReadRecord(r.out); err == nil && rec != nil && rec.Study != t.Study && !r.fresh {
		r.report.Say("the folder %s holds another study: the run itself needs another by --out, or --fresh to replace it", r.out)
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

// unitTables returns a table of the grids of every model and learning rate, once, with the time of all kinds of study and the most memory of one, and
// where these are several another with the time of each.
func unitTables(units []compare.UnitForecast) string {
	var b strings.Builder
	grids := [][]string{{"model", "eta", "nodes", "for S", "steps", "memory", "time", "method"}}
	for _, of := range grouped(units, func(u compare.UnitForecast) string { return u.Model + " at " + u.Eta.Text }) {
		u, most := of[0], int64(0)
		for _, v := range of {
			most = max(most, v.Bytes)
		}
		grids = append(grids, []string{u.Model, u.Eta.Text, fmt.Sprint(u.Nodes), fmt.Sprint(u.NodesS), fmt.Sprintf("%.0f", u.Steps), terminal.BytesWords(uint64(most)), timeOf(of), u.Method})
	}
	kinds := [][]string{{"kind", "units", "time"}}
	for _, of := range grouped(units, func(u compare.UnitForecast) string { return string(u.Kind) }) {
		kinds = append(kinds, []string{string(of[0].Kind), fmt.Sprint(len(of)), timeOf(of)})
	}
	t := table.OfTexts(grids, 0, 7)
	if t.Caption = "nodes per axis of the model's grid, and of that for S"; len(kinds) == 2 {
		t.Caption = kinds[1][0] + ": " + t.Caption
	}
	t.Write(&b)
	if len(kinds) > 2 {
		t := table.OfTexts(kinds, 0)
		t.Caption = "what each kind of study takes of that time"
		b.WriteByte('\n')
		t.Write(&b)
	}
	return b.String()
}

// grouped returns units by their key, in the order in which keys are met.
func grouped(units []compare.UnitForecast, key func(u compare.UnitForecast) string) (out [][]compare.UnitForecast) {
	at := map[string]int{}
	for _, u := range units {
		k, ok := at[key(u)]
		if !ok {
			k = len(out)
			at[key(u)], out = k, append(out, nil)
		}
		out[k] = append(out[k], u)
	}
	return out
}

// longRun is the predicted time, in seconds, from which a run begins with a word about it.
const longRun = 60

// tellForecast says at the start of a long run what it is predicted to take.
func tellForecast(units []compare.UnitForecast, watcher *terminal.Progress) {
	if compare.Seconds(units, 0) >= longRun {
		watcher.Aside(forecastWords(units))
	}
}

// timeOf is the predicted time of units.
func timeOf(units []compare.UnitForecast) string {
	seconds := compare.Seconds(units, 0)
	t := terminal.Span(seconds)
	switch {
	case seconds < 1:
		t = "< 1 s"
	case seconds < 5:
		t = fmt.Sprintf("%.0f s", math.Ceil(seconds))
	}
	if slices.ContainsFunc(units, func(u compare.UnitForecast) bool { return !u.Known }) {
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
	grids := strings.Replace("about "+terminal.BytesWords(uint64(most)), "about <", "less than", 1)
	return fmt.Sprintf("%d units on %d processors: %s, grids of %s at a time", len(units), runtime.GOMAXPROCS(0), t, grids)
}

// certifiable looks, before the work, at the learning rates of a study of gaps at which a step leaves
// the ball, or the region of another algorithm: no such row can be certified. It warns, and says what
// holds: a larger ball, or a smaller eta. A study of gaps alone in which that is so for all rows of SGD is an *study.Error beyond the
// line, where the work is large, unless --uncertified asks for it all the same. Other kinds of study have answers that need
// no invariant ball. A nil a is an algorithm without assumptions.
func (r *runner) certifiable(a *assumptions.Assumptions) error {
	s := r.study
	if a != nil && (a.Unbounded || !slices.Contains(s.Studies, string(compare.StudyGap))) {
		return nil
	}
	left := leaving(s, a)
	if len(left) == 0 {
		return nil
	}
	what := "a step of " + s.Chain().Title + " leaves the region"
	if a != nil {
		what = fmt.Sprintf("SGD leaves the ball |x - center| <= %s", words.Number(s.R))
	}
	key, cure := keeping(s, a)
	if none := len(left) == len(s.Eta) && slices.Equal(s.Studies, []string{string(compare.StudyGap)}); none && a != nil && len(s.Parameters) > 1 && !r.uncertified {
		return s.KeyError(key, fmt.Sprintf("%s at every eta of the study, so no row can be certified; %s (--uncertified computes all the same)", what, cure))
	}
	r.report.Warn(fmt.Sprintf("eta = %s: %s, so these rows cannot be certified; %s", strings.Join(left, ", "), what, cure))
	return nil
}

// leaving lists the learning rates at which a step leaves the ball, or the region of an algorithm without assumptions.
func leaving(s *study.Study, a *assumptions.Assumptions) (left []string) {
	if a == nil {
		return study.Leaving(s)
	}
	for _, e := range s.Eta {
		if e.Value > a.EtaInvariant.Value {
			left = append(left, e.Text)
		}
	}
	return left
}

// keeping says what would not be left, and by which key.
func keeping(s *study.Study, a *assumptions.Assumptions) (key, cure string) {
	if a == nil {
		return "ball.R", words.Cure(s)
	}
	R, upTo, ok := s.LargerBall()
	switch limit := a.EtaInvariant.Value; {
	case ok:
		return "ball.R", fmt.Sprintf("R = %s holds up to eta %.2g", words.Number(R), upTo)
	case s.Curvature() > words.Stretched*a.Mu.Value && a.Mu.Value > 0:
		return "loss", fmt.Sprintf("f's curvature is up to %.3g at the center and as little as %.3g on the ball, and larger eta leave it too; scale the data, as standardize(..) does in columns", s.Curvature(), a.Mu.Value)
	case limit > 0:
		return "eta", fmt.Sprintf("eta is too large: the ball holds up to eta = %.3g", limit)
	}
	return "ball.R", "no eta and no larger ball that was tried holds, as steps lead out of it: want another center, or the other sign of the loss"
}
