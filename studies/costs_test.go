package studies_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"kolmo/compare/kinds"
	"kolmo/internal/slow"
	"kolmo/studies"
	"kolmo/study"
)

var update = flag.Bool("update", false, "write costs.txt anew")

// The costs of the shipped studies are what their forecasts say, up to a factor of 1.5.
func TestCosts(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	var text strings.Builder
	for _, name := range studies.Names() {
		s, err := study.Load(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Problem()
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Check(nil)
		if err != nil {
			t.Fatal(err)
		}
		if a != nil && !math.IsNaN(a.Mu.Value) {
			p.Curvature = &a.Mu.Value
		}
		units, err := kinds.Forecast(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		work := 0.0
		for _, u := range units {
			work += u.Work
		}
		fmt.Fprintf(&text, "%s %.1e\n", name, work)
		if got := studies.Cost(name); !*update && !(got < 1.5*work && work < 1.5*got) {
			t.Errorf("%s costs %.2g, the forecast says %.2g (go test ./studies -run TestCosts -update)", name, got, work)
		}
	}
	if *update {
		if err := os.WriteFile("costs.txt", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if studies.Cost("no-such-study") != 0 {
		t.Error("a study that is not shipped has a cost")
	}
}
