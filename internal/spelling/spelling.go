// Package spelling finds the name that a person probably meant.
package spelling

import "strings"

// Nearest returns the entry of among that a person probably meant by name, or
// "" when none is close: the same but for case, or at most two edits, and fewer than half
// of name. Of names that are as close to one of two letters that of two is.
func Nearest(name string, among []string) string {
	for _, s := range among {
		if strings.EqualFold(name, s) {
			return s
		}
	}
	best, bestDistance := "", 3
	for _, s := range among {
		if more := len(s) - len(name); more > 2 || more < -2 {
			continue
		}
		if d := distance(name, s); (d < bestDistance || d == bestDistance && len(name) == 2 && len(s) == 2 && len(best) != 2) && 2*d <= len(name) {
			best, bestDistance = s, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours between a and b (optimal string alignment). Names longer than 64
// bytes count as far apart.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before, last, row [65]int
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
