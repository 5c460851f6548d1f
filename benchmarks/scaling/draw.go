package main

import (
	"bytes"
	"fmt"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// draw writes the figure, time on the left and memory on the right.
func (s *sweep) draw(file string) error {
	const width, height = 18 * vg.Centimeter, 7 * vg.Centimeter
	time, err := s.panel(s.unit(), func(c *curve, i int) float64 { return s.value(c, i) })
	if err != nil {
		return err
	}
	memory, err := s.panel("resident MB", func(c *curve, i int) float64 { return c.done[i].MB })
	if err != nil {
		return err
	}
	canvas := vgsvg.New(width, height)
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadX: 5 * vg.Millimeter, PadTop: vg.Millimeter, PadBottom: vg.Millimeter, PadLeft: vg.Millimeter, PadRight: 4 * vg.Millimeter}
	plots := [][]*plot.Plot{{time, memory}}
	boxes := plot.Align(plots, tiles, draw.New(canvas))
	for i, p := range plots[0] {
		p.Draw(boxes[0][i])
	}
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o666)
}

// panel draws y against x for all curves on logarithmic axes.
func (s *sweep) panel(label string, y func(c *curve, i int) float64) (*plot.Plot, error) {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = s.axis, label
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.Y.Tick.Marker = plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	for k, c := range s.curves {
		points := make(plotter.XYs, len(c.x))
		for i, x := range c.x {
			points[i] = plotter.XY{X: x, Y: y(c, i)}
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, err
		}
		line.Color, dots.Color, dots.Shape = plotutil.Color(k), plotutil.Color(k), plotutil.Shape(k)
		p.Add(line, dots)
		p.Legend.Add(c.name, line, dots)
	}
	p.X.Tick.Marker = xTicks(p.X.Min, p.X.Max)
	p.Y.Min, p.Y.Max = p.Y.Min/1.5, p.Y.Max*20 // room for the legend
	return p, nil
}

// xTicks returns labels at all integers of a narrow range, at powers of two of a wider one,
// and at powers of ten of a wide one.
func xTicks(low, high float64) plot.ConstantTicks {
	next := func(x float64) float64 { return 2 * x }
	switch {
	case high < 4:
		next = func(x float64) float64 { return x + 1 }
	case high > 100*low:
		next = func(x float64) float64 { return 10 * x }
	}
	var ticks []plot.Tick
	for x := 1.0; x <= high*(1+1e-9); x = next(x) {
		if x >= low*(1-1e-9) {
			ticks = append(ticks, plot.Tick{Value: x, Label: fmt.Sprint(x)})
		}
	}
	return ticks
}
