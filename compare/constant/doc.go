// Package constant predicts the leading constants of gaps: the largest lim (U^n - u(., n eta))/eta^k over the ball and time, from the
// equation that this limit solves, without learning rates.
package constant
