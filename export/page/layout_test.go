package page

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kolmo/compare"
	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

// Questions to a page. Each returns the theirTexts of the elements that it is about.
const (
	theirTexts = ".map(e => e.textContent.trim().slice(0, 80))"
	// barred have a vertical scrollbar.
	barred = "[...document.querySelectorAll('dd, td')].filter(e => getComputedStyle(e).overflowY == 'auto')" + theirTexts
	// cutBelow lose something at their lower edge.
	cutBelow = "[...document.querySelectorAll('dd, td')].filter(e => e.scrollHeight > e.clientHeight + 2)" + theirTexts
	// cutAside must be scrolled to be seen.
	cutAside = "[...document.querySelectorAll('.scroll, dd, .display')].filter(e => e.scrollWidth > e.clientWidth + 1)" + theirTexts
	// outside reach beyond the paper.
	outside = "[...document.querySelectorAll('math *, td, th')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)" + theirTexts
	// flat are indices that are no lower than what they belong to.
	flat = "[...document.querySelectorAll('msub')].filter(e => e.children[1].getBoundingClientRect().bottom < e.children[0].getBoundingClientRect().bottom + 1)" + theirTexts
)

// paperWidth is the width of the text on A4 in pixels of CSS: 210 mm less two margins of 14.
const paperWidth = 688

// wideReport is a report with the widest tables and with formulas longer than a line.
func wideReport(t *testing.T) string {
	t.Helper()
	r := madeup.Result(2)
	for _, g := range r.Gap {
		if g.EtaText == "1/128" {
			r.Constant = append(r.Constant, compare.ConstantRow{Observable: g.Observable, Model: g.Model, Order: 2, Predicted: 0.12345, Error: 1.5e-4, T: madeup.Ptr(0.875), X: g.X,
				ConstantMeasured: compare.ConstantMeasured{Measured: 0.12399, MeasuredError: 1.5e-4, Eta: g.Eta, EtaText: g.EtaText, Certified: true}, Richardson: 0.12351, RichardsonError: 1.5e-4})
		}
	}
	meta := syntheticMeta()
	const a, b = "first_weight_of_the_model", "second_weight_of_the_model"
	meta.Parameters = []string{a, b}
	meta.Loss = "(" + a + " - xi_2)^2/2 + (" + b + " + xi_2)^2 - 0.1*cos(" + a + "+" + b + ")"
	meta.Observables = append(meta.Observables, NameExpr{"product", strings.Repeat(a+"*", 6) + b})
	return report(t, r, meta)
}

// ask opens a page and asks a question at a width of the window, on paper or on screen.
func ask(ctx context.Context, media string, width int64, question string) ([]string, error) {
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.Evaluate[[]string](question))
}

// In a browser nothing of the report is cut or has to be scrolled on a desk, short formulas
// have no scrollbar, indices are lowered, and the print ends no formula at its margin.
func TestReportLayout(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(wideReport(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String())); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		media    string
		width    int64
		question string
		wrong    string
	}{
		{"screen", 1200, barred, "have a vertical scrollbar"}, {"screen", 1200, cutBelow, "are cut below"}, {"screen", 1200, cutAside, "must be scrolled"},
		{"screen", 400, cutBelow, "are cut below"}, {"print", paperWidth, outside, "reach beyond the paper"}, {"screen", 1200, flat, "have an index that is not lowered"},
	} {
		if c.question == flat && !mathFont() {
			t.Log("no font for formulas: indices are not looked at")
			continue
		}
		found, err := ask(ctx, c.media, c.width, c.question)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			t.Errorf("%s, %d pixels wide: %s: %q", c.media, c.width, c.wrong, found)
		}
	}
}

// mathFont reports that Debian's font for formulas is installed.
func mathFont() bool {
	out, err := exec.Command("fc-match", "DejaVu Math TeX Gyre", "family").Output()
	return err == nil && strings.Contains(string(out), "DejaVu Math")
}
