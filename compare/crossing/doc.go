// Package crossing finds when means from a point cross a level (section 4.2): U^n between two
// steps, on the line between its values, and u(.,t) on a cubic with its values and its
// derivatives in t.
//
//	theta := crossing.Linear(0.2, 0.3, 0.25) // 0.5
//	t, slope := crossing.Cubic(crossing.Node{T: 0, U: 0, Rate: 1}, crossing.Node{T: 1, U: 1, Rate: 1}, 0.25)
package crossing
