// Package horizon measures the gap as a function of time up to a horizon, the times it takes to level off, and its orders
// (Proposition 2).
package horizon
