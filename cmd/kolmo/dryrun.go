package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"strings"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/export/table"
	"kolmo/internal/outfolder"
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
