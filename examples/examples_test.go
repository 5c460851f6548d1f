// Package examples holds programs that read what kolmo writes, examples/python and
// examples/paraview, and programs on the library, examples/go. Its tests run studies
// with kolmo and the programs on the results, and the tests of the Python package.
package examples

import (
	"fmt"
	"image"
	_ "image/png" // the pictures
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kolmo/compare"
	"kolmo/export"
	"kolmo/export/field"
	"kolmo/export/nc"
)

// results is the folder with the output of the studies in testdata.
var results string

// TestMain makes the folder that runStudies fills.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kolmo-examples-")
	if err != nil {
		panic(err)
	}
	results = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// buildKolmo builds the program, results/kolmo, once.
var buildKolmo = sync.OnceValue(func() error {
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(results, "kolmo"), "../cmd/kolmo").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	return nil
})

// runStudies runs the studies with kolmo, once.
var runStudies = sync.OnceValue(func() error {
	if err := buildKolmo(); err != nil {
		return err
	}
	kolmo := filepath.Join(results, "kolmo")
	for _, study := range []string{"line", "plane", "space"} {
		cmd := exec.Command(kolmo, "run", "--quiet", "--out", filepath.Join(results, study), filepath.Join("testdata", study+".yaml"))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", study, err, out)
		}
	}
	return nil
})

// study returns a study's results.
func study(t *testing.T, name string) *compare.Result {
	t.Helper()
	if err := runStudies(); err != nil {
		t.Fatal(err)
	}
	r, err := export.ReadJSON(filepath.Join(results, name, export.ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fieldFiles returns the results files of a study.
func fieldFiles(t *testing.T, name string) []string {
	t.Helper()
	study(t, name)
	files, err := filepath.Glob(filepath.Join(results, name, field.Dir, "*.nc"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has the results files %v (%v)", name, files, err)
	}
	return files
}

// read reads a results file.
func read(t *testing.T, path string) *nc.File {
	t.Helper()
	f, err := nc.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// missing handles a program that is not there: that fails the test if the
// environment variable says so, and else the log tells it.
func missing(t *testing.T, variable, what string) {
	t.Helper()
	if os.Getenv(variable) == "1" {
		t.Fatalf("%s is missing", what)
	}
	t.Logf("%s is missing: nothing was tested", what)
}

// lineOf returns what follows a word at the beginning of a line of text.
func lineOf(t *testing.T, text, word string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), word); ok {
			return strings.TrimSpace(rest)
		}
	}
	t.Fatalf("no line begins with %q in\n%s", word, text)
	return ""
}

// checkPicture wants a picture with lines or colours on white: between a hundredth
// and a half of its pixels are not white or nearly so, in many colours.
func checkPicture(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	b := img.Bounds()
	inked, colors := 0, map[[3]uint32]bool{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			if min(r, g, bl) < 0xf000 {
				inked++
			}
			colors[[3]uint32{r >> 8, g >> 8, bl >> 8}] = true
		}
	}
	part := float64(inked) / float64(b.Dx()*b.Dy())
	if b.Dx() < 400 || b.Dy() < 300 || part < 0.005 || part > 0.6 || len(colors) < 20 {
		t.Errorf("%s looks blank: %v, %.2g of it inked, %d colours", filepath.Base(path), b.Size(), part, len(colors))
	}
}
