// Package stationary finds the limits of U^n and of u as n grows, each by a null vector and by a long run, and how far the stationary
// mean is from the minimiser (section 4.1).
package stationary
