package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/compare/kinds"
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
	lines := []string{"kind\tmodel\teta\tnodes\tnodes of S\tsteps\tmemory\ttime\tmethod"}
	for _, u := range units {
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%d\t%d\t%.3g\t%s\t%s\t%s", u.Kind, u.Model, u.Eta.Text, u.Nodes, u.NodesS, u.Steps, terminal.BytesWords(uint64(u.Bytes)), unitTime(u), u.Method))
	}
	return terminal.WriteTo(r.stdout, fmt.Sprintf("%s: %s\n\n%s\n%s\n", s.Name, filepath.Clean(r.out), terminal.Columns(lines), forecastWords(units)))
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
	t := terminal.Span(compare.Seconds([]compare.UnitForecast{u}, 0))
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
	return fmt.Sprintf("%d units on %d processors: %s %s, grids of about %s at a time", len(units), runtime.GOMAXPROCS(0), known, terminal.Span(compare.Seconds(units, 0)), terminal.BytesWords(uint64(most)))
}
