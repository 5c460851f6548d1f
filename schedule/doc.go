// Package schedule makes the step size of an algorithm fall: eta s(t) instead of eta, with
//
//	inverse: s(t) = 1/(1 + rate t),   exponential: s(t) = e^{-rate t},   t = n eta.
//
// A chain whose step depends on n is no power of one operator, and s is a state: one step
// from (z, s) takes z to the algorithm's image at the rate eta s, and s as follows.
//
//	inverse: s' = s/(1 + rate eta s).
//	exponential: s' = e^{-rate eta} s.
//
// Hence s' is in [0, s], and paths that begin at s = 1 have s(n eta) after n steps. With the
// moments mij of the algorithm's step, those of the joint step in z are s m12, s^2 m14,
// s m22 and s^2 m24. Those in s are -rate s^2 and rate^2 s^3, or -rate s and rate^2 s/2. In
// both cases the second-order correction of s vanishes: its drift is exact.
package schedule
