package page

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kolmo/export/figure"
	"kolmo/internal/slow"
)

// More questions to a page.
const (
	unfold = "(document.querySelectorAll('details').forEach(e => { e.open = true; }), 0)"
	// colors read computed colours and the luminance of them.
	colors = `const rgb = s => (s.match(/[0-9.]+/g) || []).map(Number), lum = c => { const l = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
const ratio = (a, b) => { const x = lum(rgb(a)), y = lum(rgb(b)); return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
const page = getComputedStyle(document.body).backgroundColor;`
	// pale are texts that are too little different from what they stand on.
	pale = `(() => { ` + colors + `
const below = e => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.length === 3 || b[3] > 0) return getComputedStyle(e).backgroundColor; } return page; };
const out = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n; n = walk.nextNode();) {
  const e = n.parentElement;
  if (!n.textContent.trim() || !e.checkVisibility() || e.closest('script, svg')) continue;
  const r = ratio(getComputedStyle(e).color, below(e));
  if (!(r >= 4.5)) out.add(r.toFixed(2) + ': ' + n.textContent.trim().slice(0, 60));
}
return [...out]; })()`
	// faint are lines of figures that are too little different from the page, but for the grid,
	// light edges, and what lies on the colours of maps.
	faint = `(() => { ` + colors + `
const out = new Set();
for (const e of document.querySelectorAll('figure svg path, figure svg line, figure svg circle')) {
  const style = e.getAttribute('style') || '';
  if (/cE3E6EA|cFFFFFF|#1F1F1F/.test(style)) continue;
  for (const kind of ['fill', 'stroke']) {
    const c = getComputedStyle(e)[kind];
    if (c === 'none' || kind === 'fill' && !/fill:/.test(style)) continue;
    const r = ratio(c, page);
    if (!(r >= 3)) out.add(r.toFixed(2) + ': ' + kind + ' ' + c + ' ' + style);
  }
}
return [...out]; })()`
	// folded are parts that the paper does not show.
	folded = "[...document.querySelectorAll('details > :not(summary)')].filter(e => !e.closest('.live, .screen') && !e.checkVisibility())" + theirTexts
)

// opened shows a page in a tab.
func opened(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String())); err != nil {
		t.Fatal(err)
	}
}

// evaluated returns the value of an expression on a page.
func evaluated[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// media sets what a page takes itself to be shown on.
func media(t *testing.T, ctx context.Context, kind, scheme string) {
	t.Helper()
	p := emulation.SetEmulatedMediaParams{Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, p); err != nil {
		t.Fatal(err)
	}
}

// noneOf fails for each element that a question finds.
func noneOf(t *testing.T, ctx context.Context, what, question string) {
	t.Helper()
	if found := evaluated[[]string](t, ctx, question); len(found) > 0 {
		t.Errorf("%s: %q", what, found[:min(len(found), 8)])
	}
}

// The report of every kind on a desk and on a phone, by day and by night, on paper and without
// scripts: nothing is wider than the window, texts and lines are seen, paper shows what is folded.
func TestEveryKindInChromium(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	dir := t.TempDir()
	for name, r := range ofEveryKind() {
		path := filepath.Join(dir, name+".html")
		if err := os.WriteFile(path, []byte(report(t, r, syntheticMeta())), 0o644); err != nil {
			t.Fatal(err)
		}
		media(t, ctx, "screen", "light")
		opened(t, ctx, path)
		for _, open := range []bool{false, true} {
			if open {
				evaluated[int](t, ctx, unfold)
			}
			for _, width := range []int64{1200, 400} {
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
					t.Fatal(err)
				}
				if over := evaluated[int](t, ctx, "document.documentElement.scrollWidth - window.innerWidth"); over > 0 {
					t.Errorf("%s, %d pixels wide, unfolded %v: %d pixels too wide", name, width, open, over)
				}
				keepShot(t, ctx, fmt.Sprintf("%s-%d-%v", name, width, open))
			}
		}
		for _, scheme := range []string{"light", "dark"} {
			media(t, ctx, "screen", scheme)
			noneOf(t, ctx, name+", "+scheme+": texts that are not seen", pale)
			noneOf(t, ctx, name+", "+scheme+": lines that are not seen", faint)
		}
		keepShot(t, ctx, name+"-dark")
		opened(t, ctx, path) // folded again
		media(t, ctx, "print", "light")
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(paperWidth, 900)); err != nil {
			t.Fatal(err)
		}
		noneOf(t, ctx, name+": reach beyond the paper", outside)
		noneOf(t, ctx, name+": are folded on paper", folded)
		withoutScripts(t, ctx, name, path)
	}
}

// keepShot writes what a page looks like to the folder that KOLMO_SHOTS names.
func keepShot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("KOLMO_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// withoutScripts checks that a report has all but its sliders where no script runs.
func withoutScripts(t *testing.T, ctx context.Context, name, path string) {
	t.Helper()
	set := func(off bool) {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
			t.Fatal(err)
		}
	}
	set(true)
	defer set(false)
	media(t, ctx, "screen", "light")
	opened(t, ctx, path)
	if n := evaluated[int](t, ctx, "document.querySelectorAll('.slide, .tip, canvas').length"); n != 0 {
		t.Errorf("%s: %d parts of the script without scripts", name, n)
	}
	if n := evaluated[int](t, ctx, "document.querySelectorAll('.answer').length * document.querySelectorAll('figure svg').length * document.querySelectorAll('td').length"); n == 0 {
		t.Errorf("%s: no answer, picture or table without scripts", name)
	}
}

// place returns the middle of an element in the window, after scrolling to it.
func place(t *testing.T, ctx context.Context, element string) (x, y float64) {
	t.Helper()
	v := evaluated[[]float64](t, ctx, "(() => { const e = "+element+"; e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()")
	return v[0], v[1]
}

// The pointer shows values, sliders move in time: by the events of a browser.
func TestReportIsLive(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	r := withTimes(t, dir)
	p, err := DrawPictures(r, []string{"w", "v"}, nil, shownDPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(path, r, Meta{Parameters: []string{"w", "v"}}, p); err != nil {
		t.Fatal(err)
	}
	opened(t, ctx, path)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900)); err != nil {
		t.Fatal(err)
	}
	evaluated[int](t, ctx, unfold)
	hover(t, ctx)
	overTime(t, ctx)
	overFields(t, ctx)
}

// Of three parameters, too: the slider moves in time on every plane, in a report of at most 1.5 MB.
func TestPlanesAreLive(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	r, axes := withSpace(t, dir, 30), []string{"p", "q", "r"}
	p, err := DrawPictures(r, axes, nil, shownDPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(path, r, Meta{Parameters: axes}, p); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 1_500_000 {
		t.Errorf("the report has %d bytes, %v", info.Size(), err)
	}
	opened(t, ctx, path)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900)); err != nil {
		t.Fatal(err)
	}
	evaluated[int](t, ctx, unfold)
	const slide = "document.querySelector('#fields-live .slide input')"
	const painted = "document.querySelector('#fields-live canvas').toDataURL()"
	for i, plane := range figure.FieldRasters(r)[0].Slices {
		if i > 0 {
			press(t, ctx, "document.querySelector('#fields-live select')", kb.ArrowDown)
		}
		first := evaluated[string](t, ctx, painted)
		for _, at := range []struct {
			key string
			t   float64
		}{{kb.Home, 0}, {kb.End, 29}} {
			press(t, ctx, slide, at.key)
			x, y := place(t, ctx, "document.querySelector('#fields-live canvas')")
			lines := strings.Split(move(t, ctx, x, y), "\n")
			c := slopes(at.t)
			want, near := at.t+c[plane.Normal]*plane.Offset, 0.02*plane.R*math.Hypot(c[0], math.Hypot(c[1], c[2]))
			if len(lines) != 4 || !strings.HasPrefix(lines[0], axes[plane.Axes[0]]+" = ") || !strings.Contains(lines[0], ", "+axes[plane.Axes[1]]+" = ") {
				t.Fatalf("over the plane the report says %q", lines)
			}
			_, number, _ := strings.Cut(lines[1], ": ")
			if u, err := strconv.ParseFloat(strings.ReplaceAll(number, "−", "-"), 64); err != nil || math.Abs(u-want) > near {
				t.Errorf("plane %d, t = %g: U = %s, want %g", i, at.t, number, want)
			}
		}
		if evaluated[string](t, ctx, painted) == first {
			t.Errorf("plane %d: another time looks the same", i)
		}
	}
}

// move moves the pointer and returns what the report says there, "" where it says nothing.
func move(t *testing.T, ctx context.Context, x, y float64) string {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y)); err != nil {
		t.Fatal(err)
	}
	return evaluated[string](t, ctx, "document.querySelector('.tip').hidden ? '' : document.querySelector('.tip').textContent")
}

// hover points at a mark of the first figure and away from all.
func hover(t *testing.T, ctx context.Context) {
	t.Helper()
	place(t, ctx, "document.querySelector('figure svg')")
	at := evaluated[[]float64](t, ctx, `(() => { const m = JSON.parse(document.getElementById('report-data').textContent).marks[0][0].series[2].points[1];
const svg = document.querySelector('figure svg'), r = svg.getBoundingClientRect(), b = svg.viewBox.baseVal; return [r.left + m[0] / b.width * r.width, r.top + m[1] / b.height * r.height, r.left + 2, r.top + 2]; })()`)
	// Gaps of first-order are 0.06 eta (1 + 0.4 eta): the second from below is at 1/64.
	if got, want := move(t, ctx, at[0]+1, at[1]+1), "expected_loss\nfirst-order\nη = 1/64: (9.4336 ± 0.0017) × 10⁻⁴"; got != want {
		t.Errorf("over a mark the report says %q, want %q", got, want)
	}
	if got := evaluated[string](t, ctx, "document.querySelector('.ring').getAttribute('visibility')"); got != "visible" {
		t.Errorf("the mark is not ringed: %s", got)
	}
	if got := move(t, ctx, at[2], at[3]); got != "" {
		t.Errorf("in the corner the report says %q", got)
	}
}

// press presses a key in an element.
func press(t *testing.T, ctx context.Context, element, key string) {
	t.Helper()
	evaluated[int](t, ctx, "("+element+".focus(), 0)")
	if err := chromedp.Do(ctx, chromedp.KeyEvent(key)); err != nil {
		t.Fatal(err)
	}
}

// overTime moves the slider of the curves by the pointer and by keys.
func overTime(t *testing.T, ctx context.Context) {
	t.Helper()
	const slide, line = "document.querySelector('#pictures figure .slide input')", "Number(document.querySelector('#pictures .now').getAttribute('x1'))"
	x, y := place(t, ctx, slide)
	before := evaluated[float64](t, ctx, line)
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y)); err != nil {
		t.Fatal(err)
	}
	middle := evaluated[float64](t, ctx, line)
	press(t, ctx, slide, kb.End)
	end := evaluated[float64](t, ctx, line)
	if !(before < middle && middle < end) {
		t.Errorf("the line of time stands at %g, %g, %g", before, middle, end)
	}
	press(t, ctx, slide, kb.Home)
	cells := evaluated[[]string](t, ctx, "[...document.querySelectorAll('#pictures figure .live tbody tr:first-child td')].map(e => e.textContent)")
	if text := evaluated[string](t, ctx, "document.querySelector('#pictures figure .slide output').textContent"); text != "= 0" || len(cells) != 6 {
		t.Errorf("at the beginning t %s, and %d values %q", text, len(cells), cells)
	}
}

// overFields moves the slider of the fields, looks at what is painted and points at it.
func overFields(t *testing.T, ctx context.Context) {
	t.Helper()
	const slide, painted = "document.querySelector('#fields-live .slide input')", "document.querySelector('#fields-live canvas').toDataURL()"
	said := func() string {
		return evaluated[string](t, ctx, "document.querySelector('#fields-live .slide output').textContent")
	}
	if got := said(); got != "= 1, n = 128" {
		t.Errorf("the fields begin at t %s, want that of the largest gap", got)
	}
	x, y := place(t, ctx, "document.querySelector('#fields-live canvas')")
	value := func() string { return move(t, ctx, x, y) }
	first := evaluated[string](t, ctx, painted)
	// Axes have names and ends, and colours a bar with its own.
	const labels = "[...document.querySelectorAll('#fields-live figure:first-child .ends span')].map(e => e.textContent)"
	if got := evaluated[[]string](t, ctx, labels); len(got) != 8 || got[1] != "v" || got[4] != "w" || got[0] == "" || got[2] == "" || got[3] == "" || got[5] == "" || got[6] == "" || got[7] == "" {
		t.Errorf("the field's labels are %q", got)
	}
	if got := evaluated[string](t, ctx, "getComputedStyle(document.querySelector('#fields-live .bar')).backgroundImage"); !strings.HasPrefix(got, "linear-gradient") {
		t.Errorf("the bar of colours is %q", got)
	}
	// In the middle U is t.
	for _, c := range []struct {
		key  string
		t, u float64
	}{{"", 1, 1}, {kb.ArrowRight, 2, 2}, {kb.Home, 0, 0}} {
		if c.key != "" {
			press(t, ctx, slide, c.key)
			x, y = place(t, ctx, "document.querySelector('#fields-live canvas')")
		}
		lines := strings.Split(value(), "\n")
		if len(lines) != 4 || !strings.HasPrefix(lines[0], "w = ") || !strings.Contains(lines[0], ", v = ") {
			t.Fatalf("over the field the report says %q", lines)
		}
		_, number, _ := strings.Cut(lines[1], ": ")
		if u, err := strconv.ParseFloat(number, 64); err != nil || u < c.u-1e-3 || u > c.u+1e-2 {
			t.Errorf("t = %g: U = %s, want %g", c.t, number, c.u)
		}
		if got := said(); !strings.HasPrefix(got, fmt.Sprintf("= %g,", c.t)) {
			t.Errorf("the slider is at t %s, want %g", got, c.t)
		}
	}
	if evaluated[string](t, ctx, painted) == first {
		t.Error("another time looks the same")
	}
	press(t, ctx, "document.querySelector('#fields-live select')", kb.ArrowDown)
	if got := evaluated[string](t, ctx, "document.querySelector('#fields-live div .sub').textContent"); !strings.HasPrefix(got, "t = 0.75, n = 96") {
		t.Errorf("the second model has %q", got)
	}
}

// askedOf returns how many elements each question finds on a page.
func askedOf(ctx context.Context, path, text string, questions ...string) (string, error) {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return "", err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String())); err != nil {
		return "", err
	}
	var out []string
	for _, q := range questions {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](q))
		if err != nil {
			return "", err
		}
		out = append(out, strconv.Itoa(len(found)))
	}
	return strings.Join(out, " "), nil
}
