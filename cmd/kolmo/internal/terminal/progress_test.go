package terminal

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kolmo/compare"
)

// clock is a time that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) advance(d time.Duration) { c.at = c.at.Add(d) }

// told returns what a study's progress writes where there is no terminal.
func told(t *testing.T, set func(r *Reporter)) string {
	t.Helper()
	var b bytes.Buffer
	c := &clock{time.Unix(1e9, 0)}
	r := &Reporter{W: &b, now: c.now}
	set(r)
	if err := r.Open(); err != nil {
		t.Fatal(err)
	}
	p := r.Start("run", "a.yaml", "a", "out/a")
	p.Progress(0, "eta = 1/4: S on 12 nodes")
	p.Progress(0.1, "eta = 1/4: S on 24 nodes")
	c.advance(10 * time.Second)
	p.Progress(0.25, "eta = 1/8: S on 12 nodes")
	p.Finished(compare.FinishedUnit{Key: "gap/1_4/modified", Kind: "gap", Model: "modified", Eta: "1/4", Gaps: []compare.GapRow{{Key: compare.Key{Observable: "f", Model: "modified", EtaText: "1/4"}, Gap: 0.5, Error: 0.25}}})
	p.Finished(compare.FinishedUnit{Key: "gap/1_4/first-order", Kind: "gap", Model: "first-order", Eta: "1/4", Stored: true})
	c.advance(tellEvery)
	p.tick()
	p.tick()
	p.End()
	p.Progress(0.5, "eta = 1/16: S on 12 nodes")
	p.Finished(compare.FinishedUnit{Key: "gap/1_8/modified"})
	p.tick()
	return b.String()
}

// TestProgressLines: nothing without being asked; else a line per learning rate and unit,
// and one from time to time.
func TestProgressLines(t *testing.T) {
	t.Parallel()
	if got := told(t, func(*Reporter) {}); got != "" {
		t.Errorf("in a pipe: %q", got)
	}
	if got := told(t, func(r *Reporter) { r.quiet = true }); got != "" {
		t.Errorf("quiet: %q", got)
	}
	want := `kolmo: eta = 1/4 (0 % done)
kolmo: eta = 1/8 (25 % done, about 45 s left)
kolmo: gap/1_4/modified is finished, after 10.0 s
kolmo: gap/1_4/first-order was there already
kolmo: eta = 1/8 (25 % done, about 4 min left)
`
	if got := told(t, func(r *Reporter) { r.lines = true }); got != want {
		t.Errorf("lines:\n%swant\n%s", got, want)
	}
}

// TestLogLines: the log has one JSON object per line, with the same keys every time.
func TestLogLines(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(told(t, func(r *Reporter) { r.format = logJSON }), "\n"), "\n")
	want := []map[string]any{
		{"msg": "start", "command": "run", "file": "a.yaml", "study": "a", "folder": "out/a"},
		{"msg": "unit", "name": "gap/1_4/modified", "kind": "gap", "model": "modified", "eta": "1/4", "seconds": 10.0, "stored": false},
		{"msg": "gap", "observable": "f", "model": "modified", "eta": "1/4", "gap": 0.5, "error": 0.25, "certified": false},
		{"msg": "unit", "name": "gap/1_4/first-order", "kind": "gap", "model": "first-order", "eta": "1/4", "seconds": 0.0, "stored": true},
		{"msg": "progress", "stage": "eta = 1/8: S on 12 nodes", "share": 0.25},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), strings.Join(lines, "\n"))
	}
	for i, line := range lines {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for k, v := range want[i] {
			if got[k] != v {
				t.Errorf("%s has %s = %v, want %v", line, k, got[k], v)
			}
		}
		if rss, ok := got["rss_bytes"].(float64); (want[i]["msg"] == "progress" || want[i]["msg"] == "unit") && !(ok && rss > 1e6) {
			t.Errorf("%s tells no memory", line)
		}
	}
	if got := told(t, func(r *Reporter) { r.format, r.quiet = logText, true }); strings.Count(got, "\n") != 1 || !strings.Contains(got, "msg=start") {
		t.Errorf("quiet: %q", got)
	}
}

// TestForecast: over work whose pace varies by four the estimate is within a third of the
// truth after a tenth of the time, and never moves by more than a tenth of itself, or two
// seconds, beside what the clock takes in a second.
func TestForecast(t *testing.T) {
	t.Parallel()
	const total = 2000 // seconds
	random := rand.New(rand.NewPCG(1, 1))
	done := make([]float64, total+1)
	for i := 1; i <= total; i++ {
		pace := math.Exp2(4*random.Float64() - 2)
		done[i] = done[i-1] + pace
	}
	c := &clock{time.Unix(1e9, 0)}
	var f forecast
	const saved = 0.3 // done before, at once
	before := math.NaN()
	for i := range total {
		share := saved + (1-saved)*done[i]/done[total]
		if i%7 == 0 { // told in bursts
			f.update(c.at, share)
		} else {
			f.update(c.at, f.share)
		}
		if f.known {
			if moved := math.Abs(f.seconds - (before - 1)); moved > max(2, before/10) {
				t.Errorf("after %d s: %.1f s left, before %.1f s", i, f.seconds, before)
			}
			if left := float64(total - i); i > total/10 && left > 30 && math.Abs(f.seconds-left) > left/3 {
				t.Errorf("after %d s: %.1f s left, want %.1f s", i, f.seconds, left)
			}
			before = f.seconds
		}
		c.advance(time.Second)
	}
	if !f.known {
		t.Error("no estimate")
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "5 s", 4: "5 s", 11: "15 s", 55: "55 s", 56: "1 min", 89: "2 min", 3500: "58 min", 3599: "1 h 0 min",
		7900: "2 h 10 min", 86100: "1 d 0 h", 273600: "3 d 4 h", math.Inf(1): "1000000 d 0 h",
	} {
		if got := Span(seconds); got != want {
			t.Errorf("%v s: %q, want %q", seconds, got, want)
		}
	}
}

// TestTail: what stands beside the bar fits into any terminal.
func TestTail(t *testing.T) {
	t.Parallel()
	p := &Progress{stage: "eta = 1/128: S on 24 Chebyshev nodes per axis, needs about 12 MB"}
	p.left.seconds, p.left.known = 130, true
	for columns := range 200 {
		tail := p.tail(columns)
		if room := max(0, columns-barWidth-barBeside-barAfter); len(tail) > room {
			t.Errorf("%d columns: %q is longer than %d", columns, tail, room)
		}
		if columns == 199 && (!strings.HasPrefix(tail, "2 min left, ") || !strings.HasSuffix(tail, p.stage)) {
			t.Errorf("%q", tail)
		}
	}
}

// TestNoSilentMinute: where nobody has asked for lines there is one a minute, also while
// it is not known how much work is left, and across what is done one after the other.
func TestNoSilentMinute(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	c := &clock{time.Unix(1e9, 0)}
	r := &Reporter{W: &b, now: c.now}
	p := r.Watch("reading a.yaml")
	c.advance(40 * time.Second)
	p.tick()
	p.End()
	p = r.Start("check", "a.yaml", "a", "")
	p.Progress(0.1, "checking the assumptions")
	c.advance(20 * time.Second)
	p.Progress(0.5, "checking the assumptions")
	c.advance(59 * time.Second)
	p.tick()
	c.advance(time.Second)
	p.tick()
	p.Phase("writing")
	c.advance(2 * time.Minute)
	p.tick()
	p.End()
	want := `kolmo: checking the assumptions (50 % done, about 25 s left)
kolmo: checking the assumptions (50 % done, about 5 min left)
kolmo: writing (3 min so far)
`
	if got := b.String(); got != want {
		t.Errorf("%swant\n%s", got, want)
	}
}
