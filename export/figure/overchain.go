package figure

import "kolmo/compare"

// AtRate is a number of a process at a learning rate, and its ratio to the chain's, NaN if it
// has none.
type AtRate struct {
	Eta             float64
	Text            string // eta as it is shown
	Y, Err          float64
	Ratio, RatioErr float64
}

// OverChain returns the panel of the numbers of some processes against the learning rate, and
// that of their ratios if there are any; nil without numbers.
func OverChain(r *compare.Result, names []string, of func(name string) []AtRate, numbers, ratios Lines) []Lines {
	look, text := Styles(r, names), map[float64]string{}
	for _, name := range names {
		l, over := look[name].Line(name), look[name].Line(name)
		for _, v := range of(name) {
			l.X, l.Y, l.YErr = append(l.X, v.Eta), append(l.Y, v.Y), append(l.YErr, v.Err)
			if v.Ratio == v.Ratio {
				over.X, over.Y, over.YErr = append(over.X, v.Eta), append(over.Y, v.Ratio), append(over.YErr, v.RatioErr)
			}
			text[v.Eta] = v.Text
		}
		if len(l.X) > 0 {
			numbers.Lines = append(numbers.Lines, l)
		}
		if len(over.X) > 0 {
			ratios.Lines = append(ratios.Lines, over)
		}
	}
	if len(numbers.Lines) == 0 {
		return nil
	}
	numbers.SetEtas(text)
	if len(ratios.Lines) == 0 {
		return []Lines{numbers}
	}
	ratios.SetEtas(text)
	ratios.AddLevel("", 1)
	return []Lines{numbers, ratios}
}
