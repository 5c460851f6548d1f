// Package march advances U^n and u(., n eta) side by side on one grid of S and the models' own, and follows their gaps, one-step
// errors and what else is asked for.
package march
