package page

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

// requireReaders is the environment variable that makes a missing browser a failure,
// as it does for the readers of results files in export/nc.
const requireReaders = "KOLMO_READERS"

// seen is what a browser reported while it showed a page.
type seen struct {
	sync.Mutex
	complaints []string // of the console
	requests   []string
}

// record keeps what the browser reports.
func (s *seen) record(ev any) {
	s.Lock()
	defer s.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		s.complaints = append(s.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		s.complaints = append(s.complaints, fmt.Sprintf("console %v", e.Type))
	case *log.EventEntryAdded:
		s.complaints = append(s.complaints, fmt.Sprintf("%v: %s", e.Entry.Level, e.Entry.Text))
	case *network.EventRequestWillBeSent:
		s.requests = append(s.requests, e.Request.URL)
	}
}

// foreign returns the requests for anything but the page itself and data inside it.
func (s *seen) foreign(address string) []string {
	s.Lock()
	defer s.Unlock()
	var out []string
	for _, r := range s.requests {
		if r != address && !strings.HasPrefix(r, "data:") {
			out = append(out, r)
		}
	}
	return out
}

// browser returns a context of a headless Chromium with an empty profile; nil if there
// is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv(requireReaders) == "1" {
			t.Fatalf("%s is 1 and there is no chromium", requireReaders)
		}
		t.Log("no chromium: the report is not shown in a browser")
		return nil
	}
	// Processes of the browser may still write when it has ended, and what they leave in a
	// folder of the system's is no fault of the report.
	profile, err := os.MkdirTemp("", "kolmo-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(2*time.Minute), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute) // a browser that hangs is an error, not a hang
	t.Cleanup(cancel)
	return ctx
}

// shown is what a browser made of a page.
type shown struct {
	seen
	pages  map[int]picturePage // by the width of the window in pixels
	pdf    []byte
	absent []string // selectors that match nothing
}

// picturePage is a page at one width.
type picturePage struct {
	png      []byte
	overflow int // pixels by which the page is wider than its window
}

// show shows a page as a browser does on desks and phones, and prints it.
func show(ctx context.Context, path string, selectors []string) (*shown, error) {
	s := &shown{pages: map[int]picturePage{}}
	address := (&url.URL{Scheme: "file", Path: path}).String()
	if err := chromedp.Do(ctx); err != nil { // opens a tab
		return nil, err
	}
	if err := chromedp.Listen(ctx, s.record); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return nil, err
	}
	for _, q := range selectors {
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", q)))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			s.absent = append(s.absent, q)
		}
	}
	for _, width := range []int64{1200, 400} {
		var p picturePage
		err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900))
		if err == nil {
			p.overflow, err = chromedp.Run(ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth - window.innerWidth"))
		}
		if err == nil {
			p.png, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
		}
		if err != nil {
			return nil, err
		}
		s.pages[int(width)] = p
	}
	var err error
	s.pdf, err = chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	return s, err
}

// blank reports whether fewer than one pixel in a hundred differs from the first one.
func blank(t *testing.T, text []byte) bool {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	differ := 0
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != first {
				differ++
			}
		}
	}
	return differ*100 < b.Dx()*b.Dy()
}

// The report in a real browser: no complaint, no request, every section, pages that fit
// their window, and a print that is not blank.
func TestReportInChromium(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(report(t, madeup.Result(2), syntheticMeta())), 0o644); err != nil {
		t.Fatal(err)
	}
	sections := []string{"#gap-answer .answer", "#gap-answer svg", "#gap-answer td", "#problem math", "#compared math", "#assumptions tbody tr", "#pictures figure svg", "#fields-live canvas", "#results table",
		"#models table", "#errors table", "#again pre", "#cite pre", "nav a", "html[lang]"}
	s, err := show(ctx, path, sections)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.absent) > 0 {
		t.Errorf("the page has no %q", s.absent)
	}
	if len(s.complaints) > 0 {
		t.Errorf("the console says %q", s.complaints)
	}
	address := (&url.URL{Scheme: "file", Path: path}).String()
	if f := s.foreign(address); len(f) > 0 {
		t.Errorf("the page asks for %q", f)
	}
	if len(s.requests) == 0 {
		t.Error("not even the page itself was asked for")
	}
	for width, p := range s.pages {
		if blank(t, p.png) {
			t.Errorf("%d pixels wide: the page is blank", width)
		}
		if p.overflow > 0 {
			t.Errorf("%d pixels wide: the page is %d pixels wider", width, p.overflow)
		}
	}
	checkPDF(t, s.pdf)
	if dir := os.Getenv("KOLMO_SHOTS"); dir != "" {
		keepShots(t, dir, s)
	}
}

// checkPDF checks that the print has several pages with text on them.
func checkPDF(t *testing.T, pdf []byte) {
	t.Helper()
	pages := bytes.Count(pdf, []byte("/Type /Page\n"))
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || pages < 3 || bytes.Count(pdf, []byte("/Type /Font")) == 0 {
		t.Errorf("the print is no PDF of several pages with text: %d bytes, %d pages", len(pdf), pages)
	}
}

// keepShots writes what the browser showed to a folder, to be looked at.
func keepShots(t *testing.T, dir string, s *shown) {
	t.Helper()
	files := map[string][]byte{"report.pdf": s.pdf}
	for width, p := range s.pages {
		files[fmt.Sprintf("report-%d.png", width)] = p.png
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// What the check is there for, it finds: a page that loads, complains and is blank.
func TestChromiumFindsFaults(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx := browser(t)
	if ctx == nil {
		return
	}
	path := filepath.Join(t.TempDir(), "bad.html")
	text := `<!DOCTYPE html><html lang="en"><body style="width: 2000px"><img src="absent.png" width="1" height="1"><script>console.error("no"); undefined.x</script></body></html>`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if found, err := askedOf(ctx, path, `<!DOCTYPE html><html lang="en"><body style="background: #fff"><p style="color: #aaa">pale</p><p>seen</p><details><p>folded</p></details>`+
		`<figure><svg viewBox="0 0 9 9"><path style="stroke:#CCCCCC;fill:none" d="M0,0L9,9" /><path style="fill:#E3E6EA;stroke:#000" d="M0,0L9,9" /></svg></figure></body></html>`, pale, faint, folded); err != nil || found != "1 2 1" {
		t.Errorf("texts, lines and folded parts found: %s, %v", found, err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := show(ctx, path, []string{"#found"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.absent) != 1 || len(s.complaints) < 2 || len(s.foreign("file://"+path)) != 1 || s.pages[400].overflow <= 0 || !blank(t, s.pages[400].png) {
		t.Errorf("absent %q, complaints %q, requests %q, overflow %d", s.absent, s.complaints, s.requests, s.pages[400].overflow)
	}
}
