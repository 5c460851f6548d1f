package table

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
)

// Every word of a tag does what tableOf says.
func TestTagsOfColumns(t *testing.T) {
	t.Parallel()
	type Key struct {
		Name    string  `col:"name"`
		Of      string  `col:"of"`
		Eta     float64 `col:"eta"`
		EtaText string
	}
	type row struct {
		Key    `heads:"name= of=whose"`
		V      compare.Number    `col:"v; ~E *Sure"`
		E      compare.Number    `col:"+- error; error spare"`
		Zero   compare.Number    `col:"zero; 0~E 5g"`
		Low    compare.Number    `col:"between; ..High .1"`
		High   compare.Number    //
		X      []compare.Number  `col:"x; .3"`
		J      []int             `col:"J"`
		Window [2]compare.Number `col:"window; .1"`
		N      int               `col:"n; some @zero"`
		None   compare.Number    `col:"none; .2 any"`
		Until  *float64          `col:"until; .1 nil=inf"`
		Sure   bool              `col:"sure; (Tail)"`
		Tail   bool
		Words  string `col:"words; num"`
		Hidden string
	}
	nan := compare.Number(math.NaN())
	until := 1.25
	table := Of([]row{
		{Key: Key{Of: "a", Eta: 0.25, EtaText: "1/4"}, V: 1.23456, E: 2e-3, Zero: 1e-3, Low: 1, High: 2, X: []compare.Number{1, -2}, J: []int{1, 0}, Window: [2]compare.Number{1, 3}, None: nan, Tail: true, Words: "a +- b"},
		{Key: Key{Of: "b", Eta: 0.5}, V: nan, E: nan, Zero: 2.5, Low: nan, High: nan, N: 3, None: nan, Until: &until, Sure: true},
	})
	if got, want := strings.Join(table.Head, "|"), "whose|eta|v|+- error|n|zero|between|x|J|window|until|sure|words"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	for i, want := range []string{"a|1/4|1.235e+00*|2e-03|-|0|[1.0, 2.0]|(1.000, -2.000)|(1,0)|[1.0, 3.0]|inf|no (tail)|a +- b", "b|0.5|-|-|3|2.5|-|()|()|[0.0, 0.0]|1.2|yes|"} {
		var cells []string
		for _, c := range table.Rows[i] {
			cells = append(cells, c.Text)
		}
		if got := strings.Join(cells, "|"); got != want {
			t.Errorf("row %d is %s, want %s", i, got, want)
		}
	}
	if len(table.Spare) != 1 || !table.Rows[0][12].Numeric || table.Rows[0][7].Shorter[1] != "(1.0, -2.0)" {
		t.Errorf("spare %v, %+v", table.Spare, table.Rows[0])
	}
}
