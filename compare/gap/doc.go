// Package gap measures the gap uniformly in time (Theorem 1): it chooses discretisations, refines them until every part of the
// error is small enough, and says what is certified. Its grids are those on which other kinds begin.
package gap
