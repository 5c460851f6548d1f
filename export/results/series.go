package results

import (
	"cmp"
	"slices"
)

// Series returns by their keys the rows that count, the largest learning rate first.
func Series[K comparable, T any](rows []T, key func(row *T) (k K, eta float64, counts bool)) map[K][]*T {
	of := map[K][]*T{}
	for i := range rows {
		if k, _, counts := key(&rows[i]); counts {
			of[k] = append(of[k], &rows[i])
		}
	}
	for _, list := range of {
		slices.SortStableFunc(list, func(a, b *T) int {
			_, x, _ := key(a)
			_, y, _ := key(b)
			return cmp.Compare(y, x)
		})
	}
	return of
}

// Distinct returns what rows have, each once, in the order of its first appearance.
func Distinct[V comparable, T any](rows []T, of func(row *T) V) []V {
	var list []V
	for i := range rows {
		if v := of(&rows[i]); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}
