package export

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

// What the study found is on the terminal, in the report and in files, and nothing
// there speaks of all times.
func TestHorizonIsShown(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
	dir := t.TempDir()
	if err := writeAll(dir, r, someMeta(), 40); err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := WriteTable(&table, r); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"table": table.String(), "report": string(page)} {
		text = strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"horizon t", "over this horizon", "1.501", "[1.470, 1.530]", "1.499", "1.495", "no plateau", "1.01", "the ball is not invariant"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		if i := strings.Index(text, "uniformly"); i >= 0 {
			t.Errorf("%s says %q", name, text[max(0, i-60):i+30])
		}
	}
	for _, name := range []string{"horizon.csv", "horizon.png", "horizon.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// All digits in the CSV file, and nothing for what is not known.
	text, err := os.ReadFile(filepath.Join(dir, "horizon.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_, records := strict(t, "horizon.csv", text)
	found := 0
	for _, l := range records {
		if l["observable"] != "square" || l["model"] != "modified" {
			continue
		}
		eta, err := strconv.ParseFloat(l["eta"], 64)
		if err != nil {
			t.Fatal(err)
		}
		found++
		got, err := strconv.ParseFloat(l["t_half"], 64)
		if eta == 1./128 {
			if l["t_half"] != "" {
				t.Errorf("eta = 1/128: T %q", l["t_half"])
			}
		} else if err != nil || got != math.Log(1/eta)/2 {
			t.Errorf("eta = %g: T %q", eta, l["t_half"])
		}
	}
	if found != 6 {
		t.Errorf("%d rows of square, modified", found)
	}
	// A result without the study has no such files.
	if err := writeAll(dir, madeup.Nonconvex(), someMeta(), 40); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"horizon.csv", "horizon.png", "horizon.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s of an earlier run is left", name)
		}
	}
}
